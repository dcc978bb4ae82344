"""Lists of points: arcs, blobs, curves, and outlines written as text."""

import math
import random
from collections.abc import Sequence

Point = tuple[float, float]


def points(x: float, y: float, text: str, u: float = 1, v: float | None = None) -> list[Point]:
    """Points written as "x y, x y", counted from (x, y) in steps of u, or u and v."""
    pairs = [pair.split() for pair in text.split(",")]
    return [(x + float(a) * u, y + float(b) * (u if v is None else v)) for a, b in pairs]


def around(x: float, y: float, rx: float, ry: float, degrees: float) -> Point:
    """A point on an ellipse, degrees clockwise from the right."""
    return x + rx * math.cos(math.radians(degrees)), y + ry * math.sin(math.radians(degrees))


def arc(x: float, y: float, rx: float, ry: float, start: float, stop: float, steps: int = 24) -> list[Point]:
    return [around(x, y, rx, ry, start + (stop - start) * i / steps) for i in range(steps + 1)]


def arch(x: float, y: float, rx: float, ry: float, base: float, steps: int = 40) -> list[Point]:
    """Half an ellipse on two straight legs that stand on the base."""
    return [(x - rx, base), *arc(x, y, rx, ry, 180, 360, steps), (x + rx, base)]


def blob(r: random.Random, x: float, y: float, rx: float, ry: float, rough: float = 0.12) -> list[Point]:
    """An uneven oval."""
    phase, bumps = r.random() * 6.28, r.choice((3, 4, 5))
    shape = []
    for i in range(72):
        a = i * math.tau / 72
        size = 1 + rough * math.sin(bumps * a + phase) + rough * 0.5 * math.sin((bumps + 3) * a)
        shape.append((x + rx * size * math.cos(a), y + ry * size * math.sin(a)))
    return shape


def smooth(through: Sequence[Point]) -> list[Point]:
    """A curve through the points."""
    out: list[Point] = []
    padded = [through[0], *through, through[-1]]
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for i in range(8):
            t = i / 8
            out.append((spline(p0[0], p1[0], p2[0], p3[0], t), spline(p0[1], p1[1], p2[1], p3[1], t)))
    return [*out, through[-1]]


def spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
