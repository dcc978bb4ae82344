"""Panels: one photo a page, its label in the exhibition's languages, 24 pt and up on A3."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

from webapp.consent.rules import Exit
from webapp.doors import Right
from webapp.export.formats.format import Format, Item, Order, Workshop, hung_as, labels
from webapp.export.formats.paper import Box, draw, pictures, sheet_of
from webapp.export.rules import Subject
from webapp.mark import N_

# Parts of the sheet's width: the photo is as wide as the sheet between its margins, and gives room to long captions.
WIDTH = 0.9
HIGH = {"short": 0.838, "long": 0.559, "very-long": 0.399}
LONG, VERY_LONG = 260, 520  # letters of a whole label; what does not fit then goes on overleaf
ASIDE = 14  # letters a line of what stands beside the label: the credit and the exhibition's titles
SHORT_LINES, LONG_LINES = 7, 15  # lines there that fit beside a short label, and beside a long one
MOST = {"a4": 420_000, "a3": 800_000, "a2": 1_600_000}  # bytes of a picture: 30 panels of A3 stay below 25 MB


def make(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    """The PDF. Everything on the page is measured by the paper, so that A4 is A3 made small."""
    wide = sheet_of(order.paper)[0]

    def box(item: Item) -> Box:
        return (wide * WIDTH, wide * HIGH[length(item, order)])

    panels = [
        each | {"labels": labels(each["item"], order.languages), "length": length(each["item"], order)}
        for each in pictures(items, workshop, box, MOST[order.paper])
    ]
    return draw("panels", order, workshop, panels=panels, titles=titles(order))


def titles(order: Order) -> dict[str, str]:
    """The exhibition's title by language; one that is the same in several stands there once."""
    said: dict[str, str] = {}
    for code in order.languages:
        if (words := order.title.get(code)) and words not in said.values():
            said[code] = words
    return said


def length(item: Item, order: Order) -> str:
    """How much its label says, or what stands beside it: the name of a style."""
    letters = sum(len(words) for _, words in labels(item, order.languages))
    beside = [item.credit, *titles(order).values(), hung_as(0, item)]
    lines = sum(len(textwrap.wrap(words, ASIDE)) for words in beside)
    if letters <= LONG and lines <= SHORT_LINES:
        return "short"
    return "long" if letters <= VERY_LONG and lines <= LONG_LINES else "very-long"


FORMAT = Format(
    title=N_("Panels"),
    about=N_("PDF, one photo a page with its label in the exhibition’s languages; for a wall."),
    subjects=(Subject.EXHIBITION,),
    way=Exit.EXHIBITION,
    right=Right.SHORTLIST,
    ending="pdf",
    type="application/pdf",
    make=make,
    papers={"a3": N_("A3"), "a4": N_("A4"), "a2": N_("A2")},
    needs_pango=True,
)
