"""A recorded track: who carried the receiver was there and then. Between two points near in time the place is worked
out; nowhere else is one made up."""

import math
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from webapp.photo.rules import Place, PlaceSource, valid_position

LARGEST_TRACK = 30_000_000
"""Bytes of a file; a day at a point a second is some 13 MB of GPX."""

MOST_POINTS = 100_000
"""A day at a point a second has 86,400."""

MOST_RECORDED = 20_000
"""Points of one person's way on one walk as phones record it: at most one in 5 seconds, that is more than a day."""

APART = 300
"""Seconds: so far apart two neighbouring points may be for a place between them."""

BEYOND = 60
"""Seconds: for so long before its first and after its last point a track still places a photo, at that point."""

SURE = 10
"""Seconds: only so near to a point its stated error still holds."""


Position = tuple[float, float]
"""Degrees WGS 84, the latitude first."""


class Point(NamedTuple):
    """`at` in milliseconds of Unix; degrees WGS 84; `error` in metres, NaN where nobody states it."""

    at: int
    lat: float
    lon: float
    error: float = math.nan


@dataclass
class TrackFound:
    """What a file holds: points that count, places without a time, points that no one can be at, and times that name
    no zone, which are taken as UTC."""

    points: int = 0
    timeless: int = 0
    dropped: int = 0
    zoneless: int = 0


_DEGREE = 10**7  # a step is a centimetre
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Receivers of satellites began with 1980; what says another time has none."""


def point(at: datetime | None, lat: float, lon: float, error: float = math.nan) -> Point | None:
    """None where the position may not be stored, or the instant (aware) cannot be one."""
    if at is None or not FIRST <= at <= LAST or not valid_position(lat, lon):
        return None
    return Point(milliseconds(at), lat, lon, error if math.isfinite(error) and error > 0 else math.nan)


def milliseconds(at: datetime) -> int:
    return round((at - _EPOCH) / timedelta(milliseconds=1))


def instant(at: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=at)


@dataclass(frozen=True)
class Line:
    """Points in the order of their times, no two at the same, a column each."""

    times: "array[int]"
    lats: "array[int]"
    lons: "array[int]"
    errors: "array[float]"

    @classmethod
    def of(cls, points: Iterable[Point]) -> "Line":
        """Sorted; of two points at one time the first counts, as no one is at two places."""
        once: dict[int, Point] = {}
        for each in points:
            once.setdefault(each.at, each)
        ordered = [once[at] for at in sorted(once)]
        return cls(
            array("q", (each.at for each in ordered)),
            array("i", (round(each.lat * _DEGREE) for each in ordered)),
            array("i", (round(each.lon * _DEGREE) for each in ordered)),
            array("f", (each.error for each in ordered)),
        )

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[Point]:
        for at, lat, lon, error in zip(*self.columns, strict=True):
            yield Point(at, lat / _DEGREE, lon / _DEGREE, error)

    @property
    def columns(self) -> tuple["array[Any]", ...]:
        return self.times, self.lats, self.lons, self.errors

    def place_at(self, at: int) -> Place | None:
        after = bisect_left(self.times, at)
        if after == len(self):
            return self._end(after - 1, at)
        if self.times[after] == at:
            return self._end(after, at)
        if after == 0:
            return self._end(0, at)
        apart = self.times[after] - self.times[after - 1]
        return self._between(after - 1, (at - self.times[after - 1]) / apart) if apart <= APART * 1000 else None

    def _end(self, index: int, at: int) -> Place | None:
        """That point itself, if it is near enough in time."""
        gap = abs(at - self.times[index]) / 1000
        return self._place(self.lats[index], self.lons[index], index, index, gap) if gap <= BEYOND else None

    def _between(self, before: int, part: float) -> Place:
        """The way from one point to the next, walked evenly: at most 5 minutes, so degrees count as a plane, and the
        shorter way around leads over the 180th meridian."""
        after, half = before + 1, 180 * _DEGREE
        over = (self.lons[after] - self.lons[before] + half) % (2 * half) - half
        lat = self.lats[before] + (self.lats[after] - self.lats[before]) * part
        lon = (self.lons[before] + over * part + half) % (2 * half) - half
        apart = self.times[after] - self.times[before]
        return self._place(lat, lon, before, after, min(part, 1 - part) * apart / 1000)

    def _place(self, lat: float, lon: float, before: int, after: int, gap: float) -> Place:
        stated = max(self.errors[before], self.errors[after]) if gap <= SURE else math.nan
        error = round(stated, 1) if math.isfinite(stated) else None
        return Place(round(lat) / _DEGREE, round(lon) / _DEGREE, error, PlaceSource.TRACK, round(gap, 1))


@dataclass(frozen=True)
class Track:
    """What a file tells. Two receivers that ran at one time are two lines; parts that follow each other are one."""

    lines: tuple[Line, ...]

    def __len__(self) -> int:
        return sum(map(len, self.lines))

    @property
    def starts(self) -> datetime:
        return instant(min(line.times[0] for line in self.lines))

    @property
    def ends(self) -> datetime:
        return instant(max(line.times[-1] for line in self.lines))

    def place_at(self, when: datetime) -> Place | None:
        """Where the receiver was at an aware instant, with the seconds to its nearest point in time; None in a hole
        of more than 5 minutes, and more than 60 s before its first or after its last point."""
        if not FIRST - timedelta(days=1) <= when <= LAST + timedelta(days=1):
            return None
        found = [place for line in self.lines if (place := line.place_at(milliseconds(when)))]
        return min(found, key=lambda place: place.gap or 0, default=None)

    @property
    def holes(self) -> list[tuple[datetime, datetime]]:
        """Times inside the track at which it says nothing."""
        return [
            (instant(one), instant(other))
            for line in self.lines
            for one, other in zip(line.times, line.times[1:], strict=False)
            if other - one > APART * 1000 and self.place_at(instant((one + other) // 2)) is None
        ]

    def ways(self, most: int) -> list[list[Position]]:
        """The stretches without a hole, thinned out to about so many places in all, for drawing and measuring."""
        step = max(1, len(self) // most)
        found: list[list[Position]] = []
        for line in self.lines:
            before: Point | None = None
            for index, each in enumerate(line):
                begins = before is None or each.at - before.at > APART * 1000
                if begins:
                    found.append([])
                if begins or index % step == 0:
                    found[-1].append((each.lat, each.lon))
                before = each
        return found

    def pack(self) -> bytes:
        """A few bytes a point. `unpack` is the way back."""
        whole = array("q", [len(self.lines), *map(len, self.lines)]).tobytes()
        return zlib.compress(whole + b"".join(_little(column) for line in self.lines for column in line.columns))

    @classmethod
    def unpack(cls, packed: bytes) -> "Track":
        """Raises ValueError where `packed` is not what `pack` gives."""
        try:
            whole = zlib.decompressobj().decompress(packed, _LONGEST)
        except zlib.error as error:
            raise ValueError("not a packed track") from error
        return cls(tuple(_lines(memoryview(whole))))


_LONGEST = 64 * MOST_POINTS
_KINDS = "qiif"


def _little(column: "array[Any]") -> bytes:
    if sys.byteorder == "big":
        column = array(column.typecode, column)
        column.byteswap()
    return column.tobytes()


def _lines(whole: memoryview) -> Iterator[Line]:
    (number,), at = _column("q", whole, 0, 1)
    lengths, at = _column("q", whole, at, number)
    for length in lengths:
        columns = []
        for kind in _KINDS:
            column, at = _column(kind, whole, at, length)
            columns.append(column)
        yield Line(*columns)


def _column(kind: str, whole: memoryview, at: int, length: int) -> tuple["array[Any]", int]:
    column: array[Any] = array(kind)
    end = at + column.itemsize * length
    if length < 1 or end > len(whole):
        raise ValueError("a packed track that breaks off")
    column.frombytes(whole[at:end])
    if sys.byteorder == "big":
        column.byteswap()
    return column, end


def joined(runs: Iterable[Iterable[Point]]) -> Track | None:
    """A track of what a file calls its parts, in whatever order they and their points come; None without a point."""
    lines: list[list[Point]] = []
    parts = sorted((sorted(run, key=_at) for run in map(list, runs) if run), key=lambda run: run[0].at)
    for part in parts:
        before = next((line for line in lines if line[-1].at <= part[0].at), None)
        if before is None:
            lines.append(part)
        else:
            before.extend(part)
    return Track(tuple(map(Line.of, lines))) if lines else None


def recorded(points: Iterable[Point]) -> Track:
    """The one line of a person's phones, of at least one point. The same points give the same track in whatever order
    and however often they come: of two at one time, the surer counts."""
    given = list(points)
    # As they will be packed: what was packed before must compare with what comes now.
    errors = array("f", (each.error if math.isfinite(each.error) else math.inf for each in given))
    exact = sorted(
        (each.at, error, round(each.lat * _DEGREE), round(each.lon * _DEGREE))
        for each, error in zip(given, errors, strict=True)
    )
    line = Line.of(
        Point(at, lat / _DEGREE, lon / _DEGREE, error if math.isfinite(error) else math.nan)
        for at, error, lat, lon in exact
    )
    return Track((line,))


def _at(point: Point) -> int:
    return point.at
