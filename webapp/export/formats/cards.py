"""Photo cards for a table: number, picture, words and credit, with empty lines for what is said."""

from collections.abc import Sequence
from pathlib import Path

from webapp.consent.rules import Exit
from webapp.doors import Right
from webapp.export.formats.format import Format, Item, Order, Workshop, labels, shortened
from webapp.export.formats.paper import Box, draw, pictures
from webapp.export.rules import Subject
from webapp.mark import N_

EACH_PAGE = {"a6": 1, "a4": 4}
WIDE, FLAT, UPRIGHT = 95, 66, 78  # millimetres of a picture; words stand below it
MOST = 300_000
TONGUES = 2  # of a caption
ROOM = {False: 280, True: 220}  # letters of them all, on a flat and on an upright card
SMALL = 130  # from so many letters on they are set smaller


def make(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    """The PDF: one card on A6, or four on A4 to cut apart."""
    wanted = list(dict.fromkeys([order.language, *order.languages]))
    cards = []
    for each in pictures(items, workshop, box, MOST):
        upright, said = is_upright(each["item"]), labels(each["item"], wanted)[:TONGUES]
        short = [(code, shortened(words, ROOM[upright] // len(said))) for code, words in said]
        long = sum(len(words) for _, words in short) > SMALL
        cards.append(each | {"labels": short, "long": long, "upright": upright})
    return draw("cards", order, workshop, cards=cards, each_page=EACH_PAGE[order.paper])


def box(item: Item) -> Box:
    return WIDE, UPRIGHT if is_upright(item) else FLAT


def is_upright(item: Item) -> bool:
    return item.height > item.width


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
