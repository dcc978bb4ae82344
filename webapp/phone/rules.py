"""What a phone shows, decided without Flask and database: the sketch of a route (where its stops lie on a small
drawing), and what somebody in a photo is asked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.consent.rules import Purpose

WIDE, HIGH, EDGE = 328, 184, 26  # the drawing's size and its margin, in its own units
APART = 33  # two stamps nearer than this would cover each other
ROUNDS = 60  # in which stamps make room for each other; more stops than fit stay close

# Purposes that lead a photo out of the house. Whoever can be recognised in it is asked about these alone.
OUTSIDE = frozenset(
    {Purpose.REPORT, Purpose.EXHIBITION, Purpose.WEB, Purpose.PRINT, Purpose.SOCIAL, Purpose.PARTNERS}
)


@dataclass(frozen=True)
class Point:
    """A stop on the drawing: its number on the walk, and where its stamp stands."""

    number: int
    x: float
    y: float


def sketch(stops: Sequence[tuple[int, float | None, float | None]]) -> Sequence[Point]:
    """The stops (number, latitude, longitude) fitted into the drawing, north up; nothing where fewer than two have a
    place.

    Equirectangular with the longitude shrunk by the cosine of the latitude, as a small district allows.
    """
    placed = [(number, lat, lon) for number, lat, lon in stops if lat is not None and lon is not None]
    if len(placed) < 2:
        return []
    shrink = math.cos(math.radians(sum(lat for _, lat, _ in placed) / len(placed)))
    flat = [(number, lon * shrink, -lat) for number, lat, lon in placed]
    left, top = min(x for _, x, _ in flat), min(y for _, _, y in flat)
    wide, high = max(x for _, x, _ in flat) - left, max(y for _, _, y in flat) - top
    room_x, room_y = WIDE - 2 * EDGE, HIGH - 2 * EDGE
    scale = min(room_x / wide if wide else math.inf, room_y / high if high else math.inf)
    if math.isinf(scale):
        scale = 0.0
    aside, above = (room_x - wide * scale) / 2, (room_y - high * scale) / 2
    spots = [[EDGE + aside + (x - left) * scale, EDGE + above + (y - top) * scale] for _, x, y in flat]
    _make_room(spots)
    return [Point(number, round(x, 1), round(y, 1)) for (number, _, _), (x, y) in zip(flat, spots, strict=True)]


def _make_room(spots: list[list[float]]) -> None:
    """Moves spots that are too near apart, each by half of what is missing, and none off the drawing."""
    for _ in range(ROUNDS):
        moved = False
        for at, one in enumerate(spots):
            for other in spots[:at]:
                across, down = one[0] - other[0], one[1] - other[1]
                distance = math.hypot(across, down)
                if distance >= APART - 0.5:
                    continue
                # Two at the same spot part along a direction that depends on their number alone.
                turn = math.atan2(down, across) if distance else at * 2.4
                push = (APART - distance) / 2
                for spot, sign in ((one, 1), (other, -1)):
                    spot[0] = min(max(spot[0] + sign * push * math.cos(turn), EDGE), WIDE - EDGE)
                    spot[1] = min(max(spot[1] + sign * push * math.sin(turn), EDGE), HIGH - EDGE)
                moved = True
        if not moved:
            return
