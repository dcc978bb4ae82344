"""Panels: one photo a page, its label in the exhibition’s languages, as large as there is room for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from webapp.consent.rules import Exit
from webapp.doors import Right
from webapp.export.formats.format import Format, Item, Order, Workshop, hung_as, labels, shortened
from webapp.export.formats.paper import Box, draw, measure, pictures, sheet_of
from webapp.export.rules import CUT, LeftOut, Subject
from webapp.mark import N_

# In rem of the sheet, which is 35.08 wide whatever its size (templates/export/panels.css).
WIDE, ROOM = 35.08, 46.0
PICTURE = 31.57
TYPES = 8  # sizes of the label, largest first: the smallest is 13 pt on A3 and 9 pt on A4
HIGHS = (29.4, 24.0, 19.6, 16.0, 13.0, 10.0)  # what the photo is allowed; with less than the last words are cut
# A type and a height each, by their places above, the best first. On a wall one reads from 24 pt, type 2 on A3: until
# then the label gives room, next the photo, then the type again, and last the photo.
STEPS = (
    *((type_, 0) for type_ in range(3)),
    *((2, high) for high in range(1, 4)),
    *((type_, 3) for type_ in range(3, TYPES)),
    *((TYPES - 1, high) for high in range(4, len(HIGHS))),
)
MOST = {"a4": 420_000, "a3": 800_000, "a2": 1_600_000}  # bytes of a picture: 30 panels of A3 stay below 25 MB
Labels = Sequence[tuple[str, str]]
Said = tuple[Item, Labels]


@dataclass(frozen=True)
class Fit:
    """How a panel is set: which of the types and of the heights, and its words, whole or cut."""

    type: int
    high: int
    labels: Labels


def make(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    """The PDF. Everything on the page is measured by the paper, so that A4 is A3 made small."""
    rem = sheet_of(order.paper)[0] / WIDE
    fits = {item.id: found for item, found in zip(items, fitted(order, items, workshop), strict=True)}

    def box(item: Item) -> Box:
        return (PICTURE * rem, HIGHS[fits[item.id].high] * rem)

    panels = [each | {"fit": fits[each["item"].id]} for each in pictures(items, workshop, box, MOST[order.paper])]
    return draw("panels", order, workshop, panels=panels, titles=titles(order))


def titles(order: Order) -> dict[str, str]:
    """The exhibition's title by language; one that is the same in several stands there once."""
    said: dict[str, str] = {}
    for code in order.languages:
        if (words := order.title.get(code)) and words not in said.values():
            said[code] = words
    return said


def fitted(order: Order, items: Sequence[Item], workshop: Workshop) -> list[Fit]:
    """How each panel fits on one sheet: by the first of `STEPS` that does; where none does, words are cut."""
    said = [(item, labels(item, order.languages)) for item in items]
    # Most labels are short, and measuring takes as long as drawing.
    short = _tried(order, workshop, said, [0])
    long = [each for each, found in zip(said, short, strict=True) if found is None]
    smaller = iter(_tried(order, workshop, long, range(1, TYPES)) if long else [])
    return [found or next(smaller) or _cut(order, workshop, *each) for each, found in zip(said, short, strict=True)]


def fit(heights: Mapping[int, float], photo: float, words: Labels) -> Fit | None:
    """The first of `STEPS` with which label and photo fit, among the types that were measured; or None.

    `heights` of the label in each type, and `photo`, where it is as wide as the sheet between its margins, in rem.
    """
    for type_, high in STEPS:
        if type_ in heights and heights[type_] + min(HIGHS[high], photo) <= ROOM:
            return Fit(type_, high, words)
    return None


def _tried(order: Order, workshop: Workshop, said: Sequence[Said], types: Sequence[int]) -> list[Fit | None]:
    measured = _measured(order, workshop, said, types)
    return [
        fit(heights, PICTURE * item.height / item.width, words)
        for heights, (item, words) in zip(measured, said, strict=True)
    ]


def _cut(order: Order, workshop: Workshop, item: Item, words: Labels) -> Fit:
    """As many words as there is room for in the smallest type; that some are missing is noted."""
    workshop.notes.append(LeftOut(item.number, CUT))
    longest = max((len(text) for _, text in words), default=0)
    tries = [[(code, shortened(text, longest * part // 100)) for code, text in words] for part in range(95, 0, -5)]
    measured = _measured(order, workshop, [(item, kept) for kept in tries], [TYPES - 1])
    fits = (kept for kept, found in zip(tries, measured, strict=True) if found[TYPES - 1] + HIGHS[-1] <= ROOM)
    return Fit(TYPES - 1, len(HIGHS) - 1, next(fits, tries[-1]))


def _measured(order: Order, workshop: Workshop, said: Sequence[Said], types: Sequence[int]) -> list[dict[int, float]]:
    """How high each label is in each of the types, in rem."""
    panels = [{"item": item, "hung_as": hung_as(item), "fit": Fit(0, 0, words)} for item, words in said]
    rem = sheet_of(order.paper)[0] / WIDE
    high = measure("panels", order, workshop, panels=panels, titles=titles(order), types=types)
    return [{type_: high[f"{at}-{type_}"] / rem for type_ in types} for at in range(len(said))]


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
