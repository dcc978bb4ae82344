"""Print sheets: four or six photos with their captions on one sheet, to cut apart or to hang on a line."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from webapp.consent.rules import Exit
from webapp.doors import Right
from webapp.export.formats.format import Format, Item, Order, Workshop, labels, shortened
from webapp.export.formats.paper import Box, draw, pictures, sheet_of
from webapp.export.rules import Subject
from webapp.mark import N_

WIDTH, HIGH = 0.43, {"4": 0.42, "6": 0.3}  # of a photo, as parts of the sheet's width
MOST = 400_000
SHORT, LONGEST = {"4": 280, "6": 150}, {"4": 900, "6": 560}  # letters of all a label's languages


def make(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    paper, each_page = order.paper.split("-")
    wide = sheet_of(paper)[0]

    def box(_item: Item) -> Box:
        return (wide * WIDTH, wide * HIGH[each_page])

    shown = [
        each | fitted(labels(each["item"], order.languages), each_page)
        for each in pictures(items, workshop, box, MOST)
    ]
    return draw("sheets", replace(order, paper=paper), workshop, shown=shown, each_page=int(each_page))


def fitted(said: Sequence[tuple[str, str]], each_page: str) -> dict[str, Any]:
    """The label, and whether it is long: then the picture gives it room."""
    room = LONGEST[each_page] // max(1, len(said))
    kept = [(code, shortened(words, room)) for code, words in said]
    return {"labels": kept, "long": sum(len(words) for _, words in said) > SHORT[each_page]}


FORMAT = Format(
    title=N_("Print sheets"),
    about=N_("PDF, several photos with captions on a sheet, to cut apart or to hang on a line."),
    subjects=(Subject.EXHIBITION,),
    way=Exit.EXHIBITION,
    right=Right.SHORTLIST,
    ending="pdf",
    type="application/pdf",
    make=make,
    papers={
        "a4-4": N_("A4, 4 photos a page"),
        "a4-6": N_("A4, 6 photos a page"),
        "a3-4": N_("A3, 4 photos a page"),
        "a3-6": N_("A3, 6 photos a page"),
    },
    needs_pango=True,
)
