"""A contact sheet: all photos small, with number and state, for a table round which people decide."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from webapp.consent.rules import Exit
from webapp.doors import Right
from webapp.exhibition.rules import State
from webapp.export.formats.format import Format, Item, Order, Workshop
from webapp.export.formats.paper import Box, draw, pictures
from webapp.export.rules import Subject
from webapp.mark import N_

BOX: Box = (44, 34)
MOST = 40_000
STATES: Mapping[str, str] = {State.PICK: N_("on the shortlist"), State.OUT: N_("out"), State.WANTED: N_("wanted")}


def make(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    shown = [
        each | {"state": STATES.get(order.states.get(each["item"].id, ""), "")}
        for each in pictures(items, workshop, lambda _item: BOX, MOST)
    ]
    return draw("contact", order, workshop, shown=shown)


FORMAT = Format(
    title=N_("Contact sheet"),
    about=N_("PDF on A4, 24 photos a page with number and state; of an exhibition all photos that may hang."),
    subjects=(Subject.EXHIBITION, Subject.PROJECT, Subject.WALK, Subject.CALL),
    way=Exit.EXHIBITION,
    right=Right.SHORTLIST,
    ending="pdf",
    type="application/pdf",
    make=make,
    edge=1280,
    papers={"a4": N_("A4")},
    needs_pango=True,
    worded=False,
    every_photo=True,
)
