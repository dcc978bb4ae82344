"""Panels: one photo a page, its label in the exhibition’s languages, as large as there is room for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
TRIES = 5
MOST = {"a4": 420_000, "a3": 800_000, "a2": 1_600_000}  # bytes of a picture: 30 panels of A3 stay below 25 MB
Labels = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Fit:
    """How a panel is set: which of the types and of the heights, and its words, whole or cut."""

    type: int
    high: int
    labels: Labels


def make(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    """The PDF. Everything on the page is measured by the paper, so that A4 is A3 made small."""
    rem = sheet_of(order.paper)[0] / WIDE
    fits = {item.id: fit for item, fit in zip(items, fitted(order, items, workshop), strict=True)}

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
    """How each panel fits on one sheet: first the type gets smaller, then the photo, and only then words are cut."""
    whole = {at: labels(item, order.languages) for at, item in enumerate(items)}
    heights = _measured(order, items, workshop, whole, range(TYPES))
    return [
        fit(heights[at], high_of(item), whole[at]) or _cut(order, item, workshop, whole[at], heights[at][-1])
        for at, item in enumerate(items)
    ]


def high_of(item: Item) -> float:
    """The photo's height where it is as wide as the sheet between its margins."""
    return PICTURE * item.height / item.width


def fit(heights: Sequence[float], photo: float, words: Labels) -> Fit | None:
    """The largest label beside the largest photo, or None where the smallest of both do not fit."""
    smallest = len(heights) - 1
    tried = [*((type_, 0) for type_ in range(smallest)), *((smallest, high) for high in range(len(HIGHS)))]
    for type_, high in tried:
        if heights[type_] + min(HIGHS[high], photo) <= ROOM:
            return Fit(TYPES - 1 - smallest + type_, high, words)
    return None


def _cut(order: Order, item: Item, workshop: Workshop, words: Labels, height: float) -> Fit:
    """As many words as there is room for in the smallest type; that some are missing is noted."""
    workshop.notes.append(LeftOut(item.number, CUT))
    longest, kept = max((len(said) for _, said in words), default=0), words
    for _ in range(TRIES):
        longest = int(longest * 0.95 * min(1, (ROOM - HIGHS[-1]) / height))
        kept = [(code, shortened(said, longest)) for code, said in words]
        ((height,),) = _measured(order, [item], workshop, {0: kept}, [TYPES - 1]).values()
        if found := fit([height], high_of(item), kept):
            return found
    return Fit(TYPES - 1, len(HIGHS) - 1, kept)


def _measured(
    order: Order, items: Sequence[Item], workshop: Workshop, words: Mapping[int, Labels], types: Sequence[int]
) -> dict[int, list[float]]:
    """How high each panel's label is in each of the types, in rem."""
    panels: list[dict[str, Any]] = [
        {"item": item, "hung_as": hung_as(item), "fit": Fit(0, 0, words[at])} for at, item in enumerate(items)
    ]
    rem = sheet_of(order.paper)[0] / WIDE
    high = measure("panels", order, workshop, panels=panels, titles=titles(order), types=types)
    return {at: [high[f"{at}-{type_}"] / rem for type_ in types] for at in range(len(items))}


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
