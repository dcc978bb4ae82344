"""What a meeting is, how photos are put together, and who wrote over whom: plain decisions."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_NAME = 120  # characters
LONGEST_NOTE = 4000
EARTH_METRES = 6_371_008.8  # the mean radius, as geodesists agree on it (IUGG)
NEAR_METRES = 150.0
AT_METRES = 60.0
LETTERS = "ABCDEFGHIJKLMNOPQRSTVWXYZ"
"""Without U, which is the key for undo on the board."""


class MeetingKind(StrEnum):
    """What people come together for."""

    INFO = "info"
    FOCUS_GROUP = "focus_group"
    STAKEHOLDERS = "stakeholders"
    WORKSHOP = "workshop"
    LAB = "lab"
    PUBLIC_DISCUSSION = "public_discussion"
    FORUM = "forum"


class By(StrEnum):
    """What photos are put together by: the group's own decision, or a suggestion."""

    OWN = "own"
    THEME = "theme"
    PLACE = "place"
    STOP = "stop"
    LIGHT = "light"
    AUTHOR = "author"
    LIKENESS = "likeness"


def letter(index: int) -> str:
    """What the stamp of a board's group says: A to Z without U, then AA, AB, …"""
    name = ""
    index += 1
    while index:
        index, last = divmod(index - 1, len(LETTERS))
        name = LETTERS[last] + name
    return name


@dataclass(frozen=True)
class Position:
    """Degrees WGS 84."""

    lat: float
    lon: float


def metres(one: Position, other: Position) -> float:
    """The distance on a ball, by the haversine (R. W. Sinnott, "Virtues of the Haversine", 1984)."""
    north, east = math.radians(other.lat - one.lat), math.radians(other.lon - one.lon)
    chord = math.sin(north / 2) ** 2
    chord += math.cos(math.radians(one.lat)) * math.cos(math.radians(other.lat)) * math.sin(east / 2) ** 2
    return 2 * EARTH_METRES * math.asin(min(1.0, math.sqrt(chord)))


def middle(positions: Sequence[Position]) -> Position:
    """The middle of positions that are near one another, also where the degrees of longitude begin anew."""
    x, y, z = (sum(each) for each in zip(*(_in_space(position) for position in positions), strict=True))
    return Position(math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)))


def clusters(positions: Sequence[Position], near: float = NEAR_METRES) -> list[list[int]]:
    """Which of the positions (by their indexes) belong together: each has another of them within `near` metres.

    That is single linkage (P. H. A. Sneath, "The application of computers to taxonomy", 1957), the same as DBSCAN
    with one point to a core. The positions are points in space, sorted into cubes so small that all in one cube are
    near; then only cubes that touch or almost touch can hold neighbours (J. L. Bentley and others, "The complexity of
    finding fixed-radius near neighbors", 1977). The largest cluster comes first, then the one with the first index.
    """
    chord = 2 * EARTH_METRES * math.sin(near / (2 * EARTH_METRES))
    points = [_in_space(position) for position in positions]
    cubes = defaultdict[Cube, list[int]](list)
    for index, point in enumerate(points):
        x, y, z = (math.floor(each * math.sqrt(3) / chord) for each in point)
        cubes[x, y, z].append(index)
    joined = _Joined(cubes)
    for cube, inside in cubes.items():
        for other in _around(cube):
            if other not in cubes or joined.already(cube, other):
                continue
            if any(math.dist(points[a], points[b]) <= chord for a in inside for b in cubes[other]):
                joined.join(cube, other)
    found = defaultdict[Cube, list[int]](list)
    for cube, inside in cubes.items():
        found[joined.first(cube)] += inside
    return sorted((sorted(each) for each in found.values()), key=lambda each: (-len(each), each[0]))


Cube = tuple[int, int, int]
REACH = range(-2, 3)
STEPS = [(x, y, z) for x in REACH for y in REACH for z in REACH if (x, y, z) > (0, 0, 0)]


def _in_space(position: Position) -> tuple[float, float, float]:
    lat, lon = math.radians(position.lat), math.radians(position.lon)
    out = EARTH_METRES * math.cos(lat)
    return out * math.cos(lon), out * math.sin(lon), EARTH_METRES * math.sin(lat)


def _around(cube: Cube) -> Iterator[Cube]:
    """Half of the cubes within reach: the other half reaches this one."""
    x, y, z = cube
    return ((x + dx, y + dy, z + dz) for dx, dy, dz in STEPS)


class _Joined:
    """Which cubes are one cluster (a disjoint-set forest)."""

    def __init__(self, cubes: Sequence[Cube] | dict[Cube, list[int]]) -> None:
        self.above = {cube: cube for cube in cubes}

    def first(self, cube: Cube) -> Cube:
        while self.above[cube] != cube:
            self.above[cube] = self.above[self.above[cube]]
            cube = self.above[cube]
        return cube

    def already(self, one: Cube, other: Cube) -> bool:
        return self.first(one) == self.first(other)

    def join(self, one: Cube, other: Cube) -> None:
        self.above[self.first(other)] = self.first(one)


@dataclass(frozen=True)
class Edit:
    """Somebody's change of a text: what it said when they began, and what it shall say."""

    was: str
    text: str


class Overwritten(Exception):
    """Two people changed the same text: nobody's words are thrown away without a choice."""


def merged(now: str, edit: Edit, seen_latest: bool) -> str:
    """What a text says after an edit. Raises `Overwritten` where somebody else has changed it meanwhile."""
    if seen_latest or edit.text == now or edit.was == now:
        return edit.text
    if edit.text == edit.was:
        return now
    raise Overwritten


@dataclass(frozen=True)
class Move:
    """Photo `number` shall go from one group to another; None: not grouped. `before`: the photo behind it."""

    number: int
    origin: str | None
    target: str | None
    before: int | None = None

    @classmethod
    def read(cls, text: str, target: str | None = None) -> "Move":
        """From "number:from" or "number:from:to" or "number:from:to:before". Raises ValueError for anything else."""
        number, origin, *rest = text.split(":")
        if len(rest) > 2:
            raise ValueError(f"{text!r} says too much")
        before = int(rest[1]) if len(rest) > 1 and rest[1] else None
        return cls(int(number), origin or None, (rest[0] or None) if rest else target, before)

    def __str__(self) -> str:
        return f"{self.number}:{self.origin or ''}:{self.target or ''}:{self.before or ''}"
