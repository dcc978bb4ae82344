"""GPX, KML and GeoJSON as phones, watches and map sites write them, read as one track.

Runs in the reading child only: a file of 30 MB may still cost more memory and time than anybody has.
"""

import io
import json
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from lxml import etree

from webapp.photo.track import MOST_POINTS, Point, Track, TrackFound, joined, point
from webapp.walk.track_trouble import TrackTrouble

Run = list[Point]


class NoTrack(Exception):
    """Nothing can be read from the file."""

    def __init__(self, trouble: TrackTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def _add(found: TrackFound, run: Run, time: object, lat: object, lon: object, error: object = None) -> None:
    """One place as the file writes it; raises NoTrack where there are too many."""
    if time is None or time == "":
        found.timeless += 1
        return
    moment = _moment(time)
    aware = moment and moment.replace(tzinfo=moment.tzinfo or UTC)
    made = point(aware, _number(lat), _number(lon), _number(error))
    if made is None or moment is None:
        found.dropped += 1
        return
    found.zoneless += moment.tzinfo is None
    found.points += 1
    if found.points > MOST_POINTS:
        raise NoTrack(TrackTrouble.TOO_MANY_POINTS)
    run.append(made)


def read_track(data: bytes) -> tuple[Track, TrackFound]:
    """The track in a file's bytes. Raises NoTrack, and nothing else because of what is in them."""
    found = TrackFound()
    runs = list(_reader(data)(data, found))
    track = joined(runs)
    if track is None:
        trouble = TrackTrouble.UNSOUND if found.dropped else TrackTrouble.NO_POINTS
        raise NoTrack(TrackTrouble.NO_TIMES if found.timeless else trouble)
    return track, found


def _reader(data: bytes) -> Callable[[bytes, TrackFound], Iterator[Run]]:
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if not head:
        raise NoTrack(TrackTrouble.EMPTY)
    if head.startswith(b"PK"):
        raise NoTrack(TrackTrouble.PACKED)
    if head.startswith((b"{", b"[")):
        return _geojson
    if head.startswith(b"<"):
        return _xml
    raise NoTrack(TrackTrouble.OTHER_KIND if head.startswith((b"$GP", b"$GN", b"AXXX")) else TrackTrouble.NOT_A_TRACK)


# --- XML: read element by element, so that a large file is never a large tree -------------------------------------


def _xml(data: bytes, found: TrackFound) -> Iterator[Run]:
    try:
        yield from _xml_runs(data, found)
    except etree.XMLSyntaxError as error:
        raise NoTrack(TrackTrouble.DAMAGED) from error


def _xml_runs(data: bytes, found: TrackFound) -> Iterator[Run]:
    steps: Iterator[Any] = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    _, root = next(steps)
    read = _ROOTS.get(_name(root))
    if read is None:
        other = _name(root) == "TrainingCenterDatabase"
        raise NoTrack(TrackTrouble.OTHER_KIND if other else TrackTrouble.NOT_A_TRACK)
    if root.getroottree().docinfo.doctype:
        raise NoTrack(TrackTrouble.OWN_WORDS)
    yield from read(_ends(steps), found)


def _ends(steps: Any) -> Iterator[tuple[str, Any]]:
    """Each element at its end, by its bare name. When the next one is asked for, what was needed of it has been
    taken, and whatever is a whole by itself is let go."""
    for event, element in steps:
        if event == "end":
            name = _name(element)
            yield name, element
            if name in _WHOLES:
                element.clear()
                # The empty elements before would add up.
                while element.getprevious() is not None:
                    del element.getparent()[0]


_WHOLES = {"trkpt", "trkseg", "rtept", "wpt", "Placemark"}


def _name(element: Any) -> str:
    """Without its namespace: GPX 1.0, 1.1 and the files without any call things the same."""
    return str(etree.QName(element).localname)


def _gpx(elements: Iterator[tuple[str, Any]], found: TrackFound) -> Iterator[Run]:
    """Tracks with their segments. A route is a plan and a waypoint a place: neither tells where somebody was."""
    run: Run = []
    for name, element in elements:
        if name == "trkpt":
            time = element.findtext("{*}time", "").strip()
            error = next((each.text for each in element.iter("{*}accuracy")), None)
            _add(found, run, time, element.get("lat"), element.get("lon"), error)
        elif name == "rtept":
            found.timeless += 1
        elif name == "trkseg":
            yield run
            run = []


def _kml(elements: Iterator[tuple[str, Any]], found: TrackFound) -> Iterator[Run]:
    """Google's tracks, and placemarks with a point and a time of their own."""
    marks: Run = []
    for name, element in elements:
        if name == "Track":
            yield _kml_track(element, found)
        elif name == "Placemark":
            _placemark(element, found, marks)
    yield marks


def _kml_track(element: Any, found: TrackFound) -> Run:
    run: Run = []
    whens = [(each.text or "").strip() for each in element.iter("{*}when")]
    coords = [(each.text or "").split() for each in element.iter("{*}coord")]
    if whens and len(whens) != len(coords):
        raise NoTrack(TrackTrouble.UNEQUAL)
    for when, coord in zip_longest(whens, coords):
        lon, lat = coord[:2] if len(coord) >= 2 else (None, None)
        _add(found, run, when, lat, lon)
    return run


def _placemark(element: Any, found: TrackFound, marks: Run) -> None:
    found.timeless += sum(1 for _ in element.iter("{*}LineString"))
    stamp, place = element.find("{*}TimeStamp/{*}when"), element.find("{*}Point/{*}coordinates")
    if place is not None:
        lon, lat, *_ = [*str(place.text or "").strip().split(","), None, None]
        _add(found, marks, (stamp.text or "").strip() if stamp is not None else None, lat, lon)


_ROOTS = {"gpx": _gpx, "kml": _kml}


# --- GeoJSON -----------------------------------------------------------------------------------------------------


def _geojson(data: bytes, found: TrackFound) -> Iterator[Run]:
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NoTrack(TrackTrouble.DAMAGED) from error
    if not isinstance(whole, dict) or whole.get("type") not in ("FeatureCollection", "Feature", *_SHAPES, "Point"):
        raise NoTrack(TrackTrouble.NOT_A_TRACK)
    features = whole.get("features") if whole["type"] == "FeatureCollection" else [whole]
    points: Run = []
    for feature in features if isinstance(features, list) else ():
        yield from _feature(_dict(feature), found, points)
    yield points


def _feature(feature: dict[str, Any], found: TrackFound, points: Run) -> Iterator[Run]:
    said = _dict(feature.get("properties"))
    shape = _dict(feature.get("geometry")) if feature.get("type") == "Feature" else feature
    coordinates = shape.get("coordinates")
    if shape.get("type") == "Point":
        time = next((said[key] for key in _POINT_TIMES if said.get(key) not in (None, "")), None)
        lon, lat = _pair(coordinates)
        error = next((said[key] for key in _ERRORS if key in said), None)
        _add(found, points, time, lat, lon, error)
    elif shape.get("type") in _SHAPES:
        times = _times(said)
        deep = shape["type"] == "MultiLineString"
        lines = _list(coordinates) if deep else [coordinates]
        # Some write the times of several lines as one list for each, some as one list for all.
        many = times if deep and times and all(isinstance(each, list) for each in times) else None
        if deep and times and many is None:
            flat = [each for line in lines for each in _list(line)]
            lines, many = [flat], [times]
        for index, line in enumerate(lines):
            own = (many[index] if index < len(many) else []) if many is not None else times
            yield _line(_list(line), own, found)


_SHAPES = ("LineString", "MultiLineString", "MultiPoint")
# As togeojson writes them (both of its forms), and other programs.
_LINE_TIMES = ("coordTimes", "times", "timestamps", "time", "timestamp")
_POINT_TIMES = ("time", "timestamp", "datetime", "date_time", "dateTime", "when", "recorded_at", "date")
_ERRORS = ("accuracy", "horizontal_accuracy", "horizontalAccuracy")


def _times(said: dict[str, Any]) -> list[Any] | None:
    """The times of a line's points, in one of the places where they are usual."""
    for holder in (said, _dict(said.get("coordinateProperties"))):
        for key in _LINE_TIMES:
            if isinstance(holder.get(key), list):
                return list(holder[key])
    return None


def _line(coordinates: list[Any], times: list[Any] | None, found: TrackFound) -> Run:
    run: Run = []
    if times is not None and len(times) != len(coordinates):
        raise NoTrack(TrackTrouble.UNEQUAL)
    for index, each in enumerate(coordinates):
        lon, lat = _pair(each)
        _add(found, run, times[index] if times is not None else None, lat, lon)
    return run


def _pair(value: Any) -> tuple[Any, Any]:
    return (value[0], value[1]) if isinstance(value, list) and len(value) >= 2 else (None, None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


# --- values ------------------------------------------------------------------------------------------------------


def _number(value: object) -> float:
    """NaN for whatever is no number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan


_SECONDS = 10**11  # more seconds than that are milliseconds: they would lie beyond the year 5000


def _moment(value: object) -> datetime | None:
    """ISO 8601, or a number of seconds or milliseconds since 1970; None where it names no time of day."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value / 1000 if value >= _SECONDS else value, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    if not isinstance(value, str) or not 16 <= len(value.strip()) <= 40:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return _in_range(moment)


def _in_range(moment: datetime) -> datetime | None:
    """An offset may lead out of the years that there are."""
    try:
        return moment if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
