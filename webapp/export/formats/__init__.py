"""The files that can be taken away, one line each."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.export.formats import (
    answers,
    captions,
    captions_docx,
    cards,
    coarse,
    contact,
    geojson,
    originals,
    panels,
    photos,
    print,
    sheets,
    xlsx,
)
from webapp.export.formats.file import File
from webapp.export.formats.format import Format

# Sent at once, while they are made.
FORMATS: Mapping[str, Callable[[Any], File]] = {
    "originals": originals.make,
    "answers": answers.make,
    "photos": photos.make,
    "geojson": geojson.make,
    "coarse": coarse.make,
    "xlsx": xlsx.make,
}

# Made by the worker, and ready for a week: in the order of the page.
FILES: Mapping[str, Format] = {
    "print": print.FORMAT,
    "panels": panels.FORMAT,
    "sheets": sheets.FORMAT,
    "contact": contact.FORMAT,
    "cards": cards.FORMAT,
    "captions": captions.FORMAT,
    "captions_docx": captions_docx.FORMAT,
    "originals": originals.FORMAT,
}
