"""All photos with their captions as CSV, one row each; no pictures."""

from webapp.export.formats import rows
from webapp.export.formats.file import File
from webapp.export.formats.table import table


def make(source: rows.Source) -> File:
    """The tidy table of a walk's photos."""
    data = table(list(rows.PHOTOS), rows.photos(source))
    return File(f"{source.name}-photos.csv", "text/csv; charset=utf-8", [data], len(data), len(source.photos))
