"""The sketch of a route: where its stops lie on a small drawing. No Flask, no database."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH, EDGE = 328, 184, 26  # the drawing's size and its margin, in its own units
APART = 30  # two stamps nearer than this would cover each other


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
    return [
        Point(number, round(EDGE + aside + (x - left) * scale, 1), round(EDGE + above + (y - top) * scale, 1))
        for number, x, y in flat
    ]
