"""A picture's metadata, read twice: by Pillow and by exifread, each blind where the other sees.

Runs in the reading child only. Neither reader is trusted to end, nor to raise only what it documents.
"""

import logging
import math
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import FrameType
from typing import Any

import exifread
from PIL import Image, ImageFile

from webapp.photo.geotag import offset_text, valid_offset, valid_position, when
from webapp.photo.rules import Place, PlaceSource, Taken, TimeSource

# Its warnings about odd files would be the only thing on the program's error output.
logging.getLogger("exifread").setLevel(logging.CRITICAL)

Tags = Mapping[str, Any]

_MAIN = {271: "Make", 272: "Model", 274: "Orientation"}
_EXIF = {36867: "Original", 36868: "Digitized", 36881: "OffsetOriginal", 36882: "OffsetDigitized"}
_GPS = {1: "LatRef", 2: "Lat", 3: "LonRef", 4: "Lon", 7: "Time", 29: "Date", 31: "Error"}
_EXIF_BLOCK, _GPS_BLOCK = 0x8769, 0x8825

_EXIFREAD = {
    "Image Make": "Make",
    "Image Model": "Model",
    "Image Orientation": "Orientation",
    "Image DateTimeOriginal": "Original",
    "EXIF DateTimeOriginal": "Original",
    "Image DateTimeDigitized": "Digitized",
    "EXIF DateTimeDigitized": "Digitized",
    "EXIF OffsetTimeOriginal": "OffsetOriginal",
    "EXIF OffsetTimeDigitized": "OffsetDigitized",
    "GPS GPSLatitudeRef": "LatRef",
    "GPS GPSLatitude": "Lat",
    "GPS GPSLongitudeRef": "LonRef",
    "GPS GPSLongitude": "Lon",
    "GPS GPSTimeStamp": "Time",
    "GPS GPSDate": "Date",
    "GPS Tag 0x001F": "Error",
}


@dataclass(frozen=True)
class Metadata:
    """What one reader, or both together, made of a file; None where nothing valid stands."""

    orientation: int | None = None
    camera: str | None = None
    original: datetime | None = None
    digitized: datetime | None = None
    offset_original: str | None = None
    offset_digitized: str | None = None
    gps: datetime | None = None
    place: Place | None = None

    @property
    def taken(self) -> Taken | None:
        """The time taken. `OffsetTime` is never asked: it belongs to the last change, wherever that was made.

        The offset of the digitizing also holds for the original where both clocks show the same.
        """
        if self.original is None:
            return when(self.digitized, self.offset_digitized, self.gps, TimeSource.DIGITIZED)
        offset = self.offset_original
        if offset is None and self.original == self.digitized:
            offset = self.offset_digitized
        return when(self.original, offset, self.gps, TimeSource.ORIGINAL)


def read(
    data: bytes, opened: ImageFile.ImageFile | None, seconds: float, orientation: int | None = None
) -> tuple[Metadata, tuple[str, ...]]:
    """Both readers' findings and notes for the log; each reader gets `seconds` at most. Never raises.

    `orientation` goes before whatever EXIF says: a HEIC's is known only to the library that turned it.
    """
    pillow, trouble = _attempt("Pillow", lambda: _pillow_tags(data, opened), seconds)
    other, more_trouble = _attempt("exifread", lambda: _exifread_tags(data), seconds)
    first = understand({**pillow, "Orientation": orientation} if orientation else pillow)
    found, notes = merge(first, understand(other))
    return found, trouble + more_trouble + notes


def merge(pillow: Metadata, other: Metadata) -> tuple[Metadata, tuple[str, ...]]:
    """A valid value over none; where both are valid and differ, Pillow's, with a note."""
    merged, notes = {}, []
    for field in fields(Metadata):
        ours, theirs = getattr(pillow, field.name), getattr(other, field.name)
        if ours is not None and theirs is not None and ours != theirs:
            notes.append(f"{field.name}: Pillow {ours!s:.80}, exifread {theirs!s:.80}")
        merged[field.name] = theirs if ours is None else ours
    return Metadata(**merged), tuple(notes)


def understand(tags: Tags) -> Metadata:
    """Values as either reader gives them, checked one by one."""
    orientation = number(tags.get("Orientation"))
    return Metadata(
        orientation=int(orientation) if orientation in range(1, 9) else None,
        camera=camera(text(tags.get("Make")), text(tags.get("Model"))),
        original=clock(text(tags.get("Original"))),
        digitized=clock(text(tags.get("Digitized"))),
        offset_original=offset(text(tags.get("OffsetOriginal"))),
        offset_digitized=offset(text(tags.get("OffsetDigitized"))),
        gps=gps_instant(text(tags.get("Date")), numbers(tags.get("Time"))),
        place=place(tags),
    )


def camera(make: str, model: str) -> str | None:
    """ "Make Model", the make only once: Kodak writes "EASTMAN KODAK COMPANY" and "KODAK CX7530"."""
    if model and model.split()[0].casefold() in make.casefold().split():
        make = ""
    return f"{make} {model}".strip()[:100] or None


_CLOCK = re.compile(r"(\d{4})[:/.-] ?(\d{1,2})[:/.-] ?(\d{1,2})[ T]+(\d{1,2}): ?(\d{1,2})(?:: ?(\d{1,2}))?")


def clock(value: str) -> datetime | None:
    """EXIF's 2018:05:30 21:25:39; None for 0000:00:00, a thirteenth month, or blanks."""
    match = _CLOCK.match(value)
    if match is None:
        return None
    parts = [int(part or 0) for part in match.groups()]
    try:
        return datetime.fromisoformat("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*parts))
    except ValueError:
        return None


_OFFSET = re.compile(r"([+-])(\d\d):?([0-5]\d)$")


def offset(value: str) -> str | None:
    """+02:00, also from +0200 and Z; None where no place on Earth has such an offset."""
    if value == "Z":
        return "+00:00"
    match = _OFFSET.match(value)
    if match is None:
        return None
    delta = timedelta(hours=int(match[2]), minutes=int(match[3]))
    delta = -delta if match[1] == "-" else delta
    return offset_text(delta) if valid_offset(delta) else None


_DATE = re.compile(r"(\d{4})[:/.-](\d\d)[:/.-](\d\d)$")


def gps_instant(date: str, time: list[float]) -> datetime | None:
    """UTC, from GPSDateStamp and GPSTimeStamp."""
    match = _DATE.match(date)
    if match is None or len(time) != 3 or not all(math.isfinite(part) and part >= 0 for part in time):
        return None
    hours, minutes, seconds = time
    if hours >= 24 or minutes >= 60 or seconds >= 61:
        return None
    try:
        day = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
        instant = day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except (ValueError, OverflowError):
        return None
    return instant if instant.year >= _GPS_BEGAN else None


_GPS_BEGAN = 1980


def place(tags: Tags) -> Place | None:
    """Where the camera says it was; None unless both coordinates and both references are sound."""
    lat = degrees(numbers(tags.get("Lat")), text(tags.get("LatRef")), "NS")
    lon = degrees(numbers(tags.get("Lon")), text(tags.get("LonRef")), "EW")
    if lat is None or lon is None or not valid_position(lat, lon):
        return None
    error = number(tags.get("Error"))
    return Place(lat, lon, error if math.isfinite(error) and error > 0 else None, PlaceSource.CAMERA)


def degrees(parts: list[float], reference: str, hemispheres: str) -> float | None:
    """Degrees, minutes and seconds to signed degrees; `hemispheres` names the positive one first.

    Rounded to a tenth of a millimetre, so that the two readers' arithmetic gives the same.
    """
    if not 1 <= len(parts) <= 3 or not all(math.isfinite(part) and part >= 0 for part in parts):
        return None
    letter = reference.upper()
    if len(letter) != 1 or letter not in hemispheres:
        return None
    total = math.fsum(part / 60**power for power, part in enumerate(parts))
    return round(-total if letter == hemispheres[1] else total, 9)


def text(value: object) -> str:
    """Up to the first NUL, one line, without outer blanks; "" for whatever is no text."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    kept = "".join(c if c.isprintable() else " " for c in value.split("\0", 1)[0])
    return " ".join(kept.split())


def number(value: object) -> float:
    """NaN for whatever is no single number, such as 0/0."""
    if isinstance(value, list | tuple):
        value = value[0] if len(value) == 1 else None
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ArithmeticError):
        return math.nan


def numbers(value: object) -> list[float]:
    if isinstance(value, list | tuple):
        return [number(part) for part in value[:4]]
    return [] if value is None else [number(value)]


def _pillow_tags(data: bytes, opened: ImageFile.ImageFile | None) -> Tags:
    exif = _pillow_exif(data, opened)
    gps = exif.get_ifd(_GPS_BLOCK)
    inner = exif.get_ifd(_EXIF_BLOCK)
    return {
        **{name: exif.get(tag) for tag, name in _MAIN.items()},
        # Some programs write these among the main tags.
        **{name: inner.get(tag, exif.get(tag)) for tag, name in _EXIF.items()},
        **{name: gps.get(tag) for tag, name in _GPS.items()},
    }


def _pillow_exif(data: bytes, opened: ImageFile.ImageFile | None) -> Image.Exif:
    if opened is None:
        return _loose_exif(data)
    # To look for EXIF behind a PNG's pixels, Pillow would decode them all; exifread looks there for nothing.
    if opened.format == "PNG" and not {"exif", "Raw profile type exif"} & opened.info.keys():
        return Image.Exif()
    return opened.getexif()


def _loose_exif(data: bytes) -> Image.Exif:
    """From a file that does not open: a cut-off JPEG still has its EXIF at the front."""
    exif = Image.Exif()
    at = data.find(b"Exif\0\0", 0, 1 << 18)
    if at >= 0:
        exif.load(data[at : at + (1 << 16)])
    return exif


def _exifread_tags(data: bytes) -> Tags:
    # Without details it leaves maker notes alone: a forged count there keeps it busy for minutes.
    found = exifread.process_file(BytesIO(data), details=False, extract_thumbnail=False)
    return {name: getattr(found[key], "values", None) for key, name in _EXIFREAD.items() if key in found}


class _TimeIsUp(BaseException):
    """Not an Exception, so that no reader's own handlers swallow it."""


def _attempt(name: str, reader: Callable[[], Tags], seconds: float) -> tuple[Tags, tuple[str, ...]]:
    """Whatever a reader does wrong means "no metadata"."""
    try:
        with _at_most(seconds):
            return reader(), ()
    except (Exception, _TimeIsUp) as error:
        return {}, (f"{name} gave up: {type(error).__name__}",)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TimeIsUp

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
