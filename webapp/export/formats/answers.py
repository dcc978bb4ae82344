"""All answers as CSV, one row each."""

from webapp.export.formats import rows
from webapp.export.formats.file import File
from webapp.export.formats.table import table


def make(source: rows.Source) -> File:
    """The tidy table of a walk's answers."""
    data = table(list(rows.ANSWERS), rows.answers(source))
    return File(f"{source.name}-answers.csv", "text/csv; charset=utf-8", [data], len(data), 0)
