"""Photo cards for a table: number, picture, words and credit, with empty lines for what is said."""

from collections.abc import Sequence
from pathlib import Path

from webapp.consent.rules import Exit
from webapp.doors import Right
from webapp.export.formats.format import Format, Item, Order, Workshop, labels
from webapp.export.formats.paper import Box, draw, pictures
from webapp.export.rules import Subject
from webapp.mark import N_

EACH_PAGE = {"a6": 1, "a4": 4}
WIDE, FLAT, UPRIGHT = 95, 66, 78  # millimetres of a picture; words stand below it
MOST = 300_000
TONGUES, LETTERS, SMALL = 2, 170, 150  # of a caption; from so many letters on it is set smaller


def make(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    """The PDF: one card on A6, or four on A4 to cut apart."""
    wanted = list(dict.fromkeys([order.language, *order.languages]))
    cards = []
    for each in pictures(items, workshop, box, MOST):
        said = [(code, shortened(words)) for code, words in labels(each["item"], wanted)[:TONGUES]]
        long = sum(len(words) for _, words in said) > SMALL
        cards.append(each | {"labels": said, "long": long, "upright": is_upright(each["item"])})
    return draw("cards", order, workshop, cards=cards, each_page=EACH_PAGE[order.paper])


def box(item: Item) -> Box:
    return WIDE, UPRIGHT if is_upright(item) else FLAT


def is_upright(item: Item) -> bool:
    return item.height > item.width


def shortened(words: str) -> str:
    """What has no room on a card ends with dots, so that nobody takes a part for the whole."""
    return words if len(words) <= LETTERS else f"{words[: LETTERS - 2].rstrip()} …"


FORMAT = Format(
    title=N_("Photo cards"),
    about=N_("PDF for the table: number, photo, caption and credit, with empty lines for what is said there."),
    subjects=(Subject.MEETING,),
    way=Exit.MEETING,
    right=Right.ANSWERS,
    ending="pdf",
    type="application/pdf",
    make=make,
    edge=1280,
    papers={"a6": N_("One card on A6"), "a4": N_("Four cards on A4")},
    needs_pango=True,
)
