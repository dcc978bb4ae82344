"""Stop by item: how high each question stands at each stop, on its own scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webapp.results.rules import tone
from webapp.walk.rules import Checklist, Question


@dataclass(frozen=True)
class Cell:
    """A mean with its n, and in which quarter of the scale it lies."""

    mean: float
    n: int
    tone: int


@dataclass(frozen=True)
class Row:
    """One question at every stop, None where nobody answered or nothing may be told; `whole`: at all stops."""

    question: Question
    scale: tuple[int, int]
    cells: Sequence[Cell | None]
    whole: Cell | None = None


def heat(stops: Sequence[Any], whole: Sequence[Any] = ()) -> list[tuple[Checklist, list[Row]]]:
    """The scales among the questions of the stops (results or aggregates, all with the same checklists)."""
    at_stops = [place.checklists for place in stops if place.stop]
    totals = [tallies for _, tallies in whole]
    found = []
    for number, (checklist, first) in enumerate(at_stops[0] if at_stops else []):
        rows = [
            Row(
                each.question,
                each.scale,
                [_cell(lists[number][1][place]) for lists in at_stops],
                _cell(totals[number][place]) if totals else None,
            )
            for place, each in enumerate(first)
            if each.scale
        ]
        if rows:
            found.append((checklist, rows))
    return found


def _cell(told: Any) -> Cell | None:
    if told.mean is None or told.scale is None or not told.n:
        return None
    return Cell(told.mean, told.n, tone(told.mean, told.scale))
