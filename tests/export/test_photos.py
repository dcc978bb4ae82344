"""The CSV of photos: captions as they were written, one row each."""

from tests.export.files import SILENT, WORDS, Filled, filled
from webapp.export.formats import rows
from webapp.export.formats.table import inert

__all__ = ["filled"]


def test_one_row_a_photo(filled: Filled) -> None:
    found = filled.csv("photos.csv")
    assert list(found[0]) == list(rows.PHOTOS)
    assert [row["caption"] for row in found][: len(WORDS)] == [inert(words) for words in WORDS]
    assert [row["photo"] for row in found] == [str(number + 1) for number in range(len(WORDS) + 1)]
    assert (found[-1]["people"], found[-1]["place_source"]) == ("unreleased", "camera")
    assert SILENT not in filled.bytes_of("photos.csv").decode()
