"""Where and when a picture was taken, decided from what several sources say. Never an average or a guess."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from webapp.photo.rules import Facts, Place, PlaceSource, Taken, TimeSource, UtcSource, valid_position
from webapp.photo.track import Position, Track

__all__ = ["along", "choose", "offset_delta", "offset_text", "valid_offset", "valid_position", "when"]

SHARP = 50
"""Metres: a phone's fix up to this error goes before the camera's own."""

RUNGS = {
    PlaceSource.PIN: 0,
    PlaceSource.CAMERA: 2,
    PlaceSource.TRACK: 3,
    PlaceSource.PHONE: 4,
    PlaceSource.STOP: 5,
}
SHARP_PHONE = 1


def choose(candidates: Sequence[Place]) -> Place | None:
    """The best candidate, or None where none has a valid position.

    A pin; the phone's fix if its error is at most 50 m; the camera; the track; the phone's fix with a larger
    or unknown error; the stop. On one rung the smaller error wins, then the smaller gap in time, then the
    first.
    """
    return next(iter(by_rank(candidates)), None)


def by_rank(candidates: Iterable[Place]) -> list[Place]:
    """The valid ones, the best first."""
    return sorted((place for place in candidates if valid_position(place.lat, place.lon)), key=_rank)


def along(track: Track, facts: Facts) -> Facts:
    """The same facts with the better of two places: what the camera says, and where the track was at that instant."""
    place = track.place_at(facts.taken.utc) if facts.taken and facts.taken.utc else None
    return replace(facts, place=choose([each for each in (facts.place, place) if each]))


def by_track(tracks: Iterable[Track], when: datetime | None) -> Place | None:
    """Where the track was that has a point nearest to this instant."""
    if when is None:
        return None
    found = [place for track in tracks if (place := track.place_at(when))]
    return min(found, key=lambda place: place.gap or 0, default=None)


FAR = 2000
"""Metres from the walk's route from which on a photo's place is marked as an outlier."""

_METRES = 111_320  # of a degree of latitude


def from_route(place: Place, route: Iterable[Sequence[Position]]) -> float | None:
    """Metres from a place to the nearest of a route's ways, on a plane around the place, which is good to a part in a
    thousand where it matters; None where the route has no points."""
    found = [_from_way(place, way) for way in route if way]
    return min(found, default=None)


def _from_way(place: Place, way: Sequence[Position]) -> float:
    shrink = math.cos(math.radians(place.lat))
    points = [
        (((lon - place.lon + 180) % 360 - 180) * _METRES * shrink, (lat - place.lat) * _METRES) for lat, lon in way
    ]
    ways = pairwise(points) if len(points) > 1 else [(points[0], points[0])]
    return min(_from_step(*one, *other) for one, other in ways)


def _from_step(x: float, y: float, to_x: float, to_y: float) -> float:
    """From the origin to a straight step."""
    over, up = to_x - x, to_y - y
    long = over * over + up * up
    part = max(0.0, min(1.0, -(x * over + y * up) / long)) if long else 0.0
    return math.hypot(x + part * over, y + part * up)


def _rank(place: Place) -> tuple[int, float, float]:
    error = place.accuracy if place.accuracy is not None and place.accuracy >= 0 else math.inf
    gap = abs(place.gap) if place.gap is not None and math.isfinite(place.gap) else math.inf
    sharp = place.source is PlaceSource.PHONE and error <= SHARP
    return (SHARP_PHONE if sharp else RUNGS[place.source]), error, gap


def offset_text(delta: timedelta) -> str:
    """+02:00 for two hours; whole minutes only."""
    minutes = round(delta.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def offset_delta(text: str) -> timedelta:
    """The opposite of `offset_text`. Raises ValueError."""
    delta = datetime.strptime(text, "%z").utcoffset()
    if delta is None:
        raise ValueError(f"not an offset: {text!r}")
    return delta


# The furthest that any clock is set from UTC; cameras are off by minutes, zones by whole quarters of an hour.
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)
_QUARTER, _CLOCK_ERROR = timedelta(minutes=15), timedelta(minutes=3)


def valid_offset(delta: timedelta) -> bool:
    return _WEST <= delta <= _EAST


def plausible_instant(local: datetime, gps: datetime) -> bool:
    """Whether the GPS instant fits the wall clock: the offset between them could be a time zone's.

    Receivers have given yesterday's or tomorrow's date, and a fix that was hours old.
    """
    implied = local - gps.astimezone(UTC).replace(tzinfo=None)
    if not _WEST - _CLOCK_ERROR <= implied <= _EAST + _CLOCK_ERROR:
        return False
    beyond = implied % _QUARTER
    return min(beyond, _QUARTER - beyond) <= _CLOCK_ERROR


def when(local: datetime | None, offset: str | None, gps: datetime | None, source: TimeSource) -> Taken | None:
    """What is known of the time taken: the stated offset comes first, then a plausible GPS instant."""
    if local is None:
        return None if gps is None else Taken(None, None, gps, TimeSource.GPS, UtcSource.GPS)
    if offset is not None:
        zone = timezone(offset_delta(offset))
        try:
            return Taken(local, offset, local.replace(tzinfo=zone).astimezone(UTC), source, UtcSource.OFFSET)
        except OverflowError:
            return Taken(local, offset, None, source)
    if gps is not None and plausible_instant(local, gps):
        return Taken(local, None, gps, source, UtcSource.GPS)
    return Taken(local, None, None, source)
