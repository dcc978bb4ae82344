"""A workbook: answers, photos, stops, the pages' figures, and what every column and value means.

Text is written as text, whatever it begins with: no cell can be a formula or a link.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from xlsxwriter import Workbook

from webapp.export.formats import rows
from webapp.export.formats.file import File

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767
"""Characters that a cell may hold; what is longer is left out by the library, so it is cut here."""
AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDE = {"question_text": 48, "caption": 48, "remark": 48, "label": 28, "stop_name": 24, "walk": 24, "story": 40}


def make(source: rows.Source) -> File:
    """The workbook of a walk, or of a whole project."""
    sheets: Mapping[str, Iterable[rows.Row]] = {
        "answers": rows.answers(source),
        "photos": rows.photos(source),
        "stops": rows.stops(source),
        "figures": rows.figures(source),
        "questions": rows.questions(source),
    }
    memory = io.BytesIO()
    with Workbook(memory, AS_TEXT) as book:
        for name, found in sheets.items():
            _fill(book, name, list(rows.SHEETS[name]), found)
        _fill(book, "dictionary", ["sheet", "column", "meaning"], _dictionary())
    data = memory.getvalue()
    return File(f"{source.name}-results.xlsx", TYPE, [data], len(data), len(source.photos))


def _dictionary() -> list[list[str]]:
    return [
        [sheet, column, gettext(meaning)]
        for sheet, columns in rows.SHEETS.items()
        for column, meaning in columns.items()
    ]


def _fill(book: Any, name: str, columns: Sequence[str], found: Iterable[rows.Row]) -> None:
    sheet = book.add_worksheet(name)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, book.add_format({"bold": True}))
        sheet.set_column(place, place, WIDE.get(column, 60 if column == "meaning" else 13))
    last = 0
    for last, row in enumerate(found, 1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(last, place, value[:LONGEST])
            elif value is not None:
                sheet.write_number(last, place, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)
