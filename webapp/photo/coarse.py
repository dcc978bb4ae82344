"""What others may know of where and when photos were taken: a square of a fixed grid, a month, and never of few.

The grid has nothing to do with the photos. Its rows are 0.0045 degrees high: 500 m, if a quarter of a meridian has
ten million metres, as the metre was first defined (on WGS 84 between 497 and 503 m). Four, sixteen, … of its squares
make one of the larger ones. Each band of 8 km has as many columns as keep its squares at least as wide as high at the
edge that lies nearer to the pole. See docs/decisions/0035."""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

FEW = 3
"""Of fewer people than these nothing is told."""
SIZES = (500, 1000, 2000, 4000, 8000)
"""Metres of a square's side, the smallest first; each is made of four of the one before."""
BANDS = 2500
"""Of 8 km, from pole to pole."""
FINEST = SIZES[-1] // SIZES[0]
"""Rows and columns of the smallest squares in one of the largest."""
AROUND = 5000
"""The largest squares on the equator."""

Key = TypeVar("Key", bound=Hashable)
Part = TypeVar("Part", bound=Hashable)


@dataclass(frozen=True, order=True)
class Square:
    """One square of the grid. `metres` is one of `SIZES`; rows count from the south pole, columns from 180° west."""

    metres: int
    row: int
    column: int

    @property
    def south_west(self) -> tuple[float, float]:
        """Degrees WGS 84: latitude, longitude."""
        return self._corner(0.0)

    @property
    def north_east(self) -> tuple[float, float]:
        """The same."""
        return self._corner(1.0)

    @property
    def middle(self) -> tuple[float, float]:
        """The same."""
        return self._corner(0.5)

    def holds(self, other: "Square") -> bool:
        """Whether the other lies in it, or is it."""
        if other.metres > self.metres:
            return False
        return other.within(self.metres) == self

    def within(self, metres: int) -> "Square":
        """The square of that size, not smaller, in which this one lies."""
        times = metres // self.metres
        return Square(metres, self.row // times, self.column // times)

    def _corner(self, part: float) -> tuple[float, float]:
        rows = SIZES[-1] // self.metres  # of this size in a band
        lat = (self.row + part) * 180 / (BANDS * rows) - 90
        lon = (self.column + part) * 360 / (_columns(self.row // rows) * rows) - 180
        return lat, lon


def square(lat: float, lon: float, metres: int = SIZES[0]) -> Square:
    """The square in which a position lies, in degrees WGS 84. What lies on an edge belongs to the north and east."""
    finest = BANDS * FINEST
    row = min(max(math.floor((lat + 90) / 180 * finest), 0), finest - 1)
    across = _columns(row // FINEST) * FINEST
    column = math.floor((lon + 180) % 360 / 360 * across) % across
    return Square(SIZES[0], row, column).within(metres)


def _columns(band: int) -> int:
    """How many squares of 8 km go around the earth there: they are still as wide as high at its narrower edge."""
    away = max(abs(band), abs(band + 1), key=lambda edge: abs(edge - BANDS / 2))
    return max(1, math.floor(AROUND * math.cos(math.radians(away * 180 / BANDS - 90))))


@dataclass(frozen=True)
class Spot:
    """Where somebody (`person`) was: degrees WGS 84, and metres within which that is true, where it is known."""

    person: Hashable
    lat: float
    lon: float
    accuracy: float | None = None


def places(spots: Mapping[Key, Spot]) -> dict[Key, Square | None]:
    """For each photo the square that others may know, or None.

    From the smallest size to the largest: photos of at least `FEW` people in one square are told by it, and the
    others go on to the next size. So a larger square stands for what lies in it outside of the smaller ones that are
    told, and has `FEW` people of its own there: nothing is told twice, and nothing can be subtracted. A place that is
    known only within some metres begins at a square that is as wide as its circle."""
    told = dict[Key, Square | None]()
    waiting = {key: square(spot.lat, spot.lon) for key, spot in spots.items()}
    for metres in SIZES:
        inside = defaultdict[Square, list[Key]](list)
        for key, finest in waiting.items():
            if 2 * _accuracy(spots[key]) <= metres:
                inside[finest.within(metres)].append(key)
        for where, keys in inside.items():
            if len({spots[key].person for key in keys}) >= FEW:
                told.update(dict.fromkeys(keys, where))
        waiting = {key: finest for key, finest in waiting.items() if key not in told}
    return told | dict.fromkeys(waiting)


def _accuracy(spot: Spot) -> float:
    return max(0.0, spot.accuracy or 0.0)  # of NaN, too, this makes 0


def months(days: Sequence[tuple[Hashable, date]]) -> Callable[[date], str] | None:
    """How a day is written for others, for the (person, day) of photos that are told together: by its month, else by
    the half of its year, else by its year; the finest in which every one of them has at least `FEW` people. None: not
    at all. All are written alike, so that nobody's is told by being written otherwise."""
    return next((written for written in (_month, _half, _year) if _many(days, written)), None)


def _many(days: Iterable[tuple[Hashable, date]], written: Callable[[date], Part]) -> bool:
    people = defaultdict[Part, set[Hashable]](set)
    for person, day in days:
        people[written(day)].add(person)
    return bool(people) and all(len(each) >= FEW for each in people.values())


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _half(day: date) -> str:
    return f"{day.year}-01/{day.year}-06" if day.month <= 6 else f"{day.year}-07/{day.year}-12"


def _year(day: date) -> str:
    return f"{day.year}"
