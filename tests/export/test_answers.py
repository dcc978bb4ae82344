"""The CSV of answers: one row each, nothing that a spreadsheet would run."""

from tests.export.files import SILENT, WORDS, Filled, filled
from webapp.export.formats import rows
from webapp.export.formats.table import inert

__all__ = ["filled"]


def test_one_row_an_answer_as_in_the_workbook(filled: Filled) -> None:
    found = filled.csv("answers.csv")
    assert list(found[0]) == list(rows.ANSWERS)
    assert [row["remark"] for row in found if row["remark"]] == [inert(words) for words in WORDS]
    assert [row["remark"] for row in found if row["remark"]][:3] == list(WORDS[:3]), (
        "words that are none are untouched"
    )
    workbook = filled.xlsx()["answers"]
    assert [(row["question"], row["participant"]) for row in found] == [
        (row["question"], str(int(row["participant"]))) for row in workbook
    ]
    assert SILENT not in filled.bytes_of("answers.csv").decode()
