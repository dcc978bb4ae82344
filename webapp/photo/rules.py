"""What is known about a picture, as plain values, and the decisions that need nothing else."""

import hashlib
import json
import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from webapp.mark import N_

EDGES = (2000, 1280, 320)
"""Long edges of the three sizes, in pixels, each made from the one before."""


class PlaceSource(StrEnum):
    PIN = "pin"
    PHONE = "phone"
    CAMERA = "camera"
    TRACK = "track"
    STOP = "stop"


class TimeSource(StrEnum):
    ORIGINAL = "original"
    DIGITIZED = "digitized"
    GPS = "gps"


class UtcSource(StrEnum):
    """How the instant was found: a clock that is set right later moves it, unless it came from GPS."""

    OFFSET = "offset"
    GPS = "gps"
    ZONE = "zone"


class People(StrEnum):
    NONE = "none"
    RELEASED = "released"
    UNRELEASED = "unreleased"


class Credit(StrEnum):
    """What stands beside the photo where it hangs."""

    NAME = "name"
    PSEUDONYM = "pseudonym"
    ANONYMOUS = "anonymous"


def credited(credit: str, credit_as: str | None) -> str:
    """The name that an author chose to stand beside a photo; empty, which is a choice too, for none."""
    return credit_as or "" if credit != Credit.ANONYMOUS else ""


LONGEST_WORDS = 1000
"""Letters of a caption, and of an organiser's words for a label."""


class Approval(StrEnum):
    """What an author says of the words that an organiser wrote for the label of their photo."""

    WAITING = "waiting"
    APPROVED = "approved"
    IN_PERSON = "in-person"  # said to an organiser, who noted it
    REFUSED = "refused"


class Worded(Protocol):
    """Words for a label in one language. `made_of`: `caption_print` of what the author had written by then."""

    @property
    def language(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def made_of(self) -> str: ...


def fingerprint(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def caption_print(caption: Mapping[str, str]) -> str:
    """Tells whether an author has changed their caption since."""
    return fingerprint(json.dumps({code: said for code, said in caption.items() if said}, sort_keys=True))


def approved(caption: Mapping[str, str], worded: Iterable[Worded]) -> dict[str, str]:
    """An organiser's words that the author agreed to, by language. An agreement ends with the caption that it was
    about: who changes their own words is asked again."""
    said = caption_print(caption)
    return {
        each.language: each.words
        for each in worded
        if each.state in (Approval.APPROVED, Approval.IN_PERSON) and each.made_of == said
    }


def may_hang(caption: Mapping[str, str], worded: Iterable[Worded]) -> dict[str, str]:
    """The words of a photo that may leave or hang, by language: its author's own, and what they agreed to."""
    return {**caption, **approved(caption, worded)}


class PartName(StrEnum):
    """The bytes that belong to a photo."""

    PREVIEW = "preview"
    ORIGINAL = "original"
    SOUND = "sound"
    REDACTED = "redacted"  # made here, of the original or the preview, which are then sealed


class Look(StrEnum):
    """Whether an organiser has looked for people in a photo."""

    FREE = ""  # nobody has, and nobody must
    AWAITED = "awaited"  # nobody has, and before it stays at the desk: its walk or call wants no faces
    CLEAR = "clear"  # somebody has, and says that nobody can be recognised (any more)


class PictureState(StrEnum):
    """How far a picture is, whose bytes are here."""

    WAITING = "waiting"
    READY = "ready"
    UNREADABLE = "unreadable"


class Door(StrEnum):
    """Whether a call takes one more photo of somebody."""

    EARLY = "early"
    OPEN = "open"
    LATE = "late"  # closed, but what a phone made before may still arrive
    CLOSED = "closed"
    FULL = "full"


class Lack(StrEnum):
    """What a photo still wants; pages' filters go by these names."""

    RELEASE = "no-release"  # somebody can be recognised and has not agreed
    CAPTION = "no-caption"  # neither written nor spoken
    ORIGINAL = "no-original"  # there is a preview; the untouched file is still on a phone
    PICTURE = "no-picture"  # only the record has come


class Asking(Protocol):
    """What a call says about its door."""

    @property
    def opens(self) -> datetime: ...
    @property
    def closes(self) -> datetime: ...
    @property
    def photos_each(self) -> int: ...


GRACE = timedelta(days=14)
"""For so long after a call has closed, what a phone made before is taken, and marked late."""


def door(call: Asking, sent: int, moment: datetime) -> Door:
    """Whether the call takes one more photo of somebody who has sent so many."""
    if moment < call.opens:
        return Door.EARLY
    if moment > call.closes + GRACE:
        return Door.CLOSED
    if sent >= call.photos_each:
        return Door.FULL
    return Door.LATE if moment > call.closes else Door.OPEN


class PhotoState(StrEnum):
    """How far a photo is, as its author sees it: waiting for its bytes, being processed, ready, or unreadable."""

    WAITING = "waiting"
    PROCESSING = "processing"
    READY = "ready"
    UNREADABLE = "unreadable"


class Reason(StrEnum):
    """Why no picture can be made of a file: a stable code, and a sentence for people."""

    EMPTY = "empty"
    NOT_A_PICTURE = "not-a-picture"
    TOO_MANY_BYTES = "too-many-bytes"
    TOO_MANY_PIXELS = "too-many-pixels"
    CUT_OFF = "cut-off"
    DAMAGED = "damaged"
    TOO_SLOW = "too-slow"
    TOO_MUCH_MEMORY = "too-much-memory"

    @property
    def sentence(self) -> str:
        """In English; it is also the msgid to pass to gettext."""
        return SENTENCES[self]


SENTENCES = {
    Reason.EMPTY: N_("The file is empty: nothing of the picture arrived."),
    Reason.NOT_A_PICTURE: N_("This is not a picture we can open. JPEG, PNG, WebP, HEIC and AVIF work."),
    Reason.TOO_MANY_BYTES: N_("The file is larger than we can take."),
    Reason.TOO_MANY_PIXELS: N_("The picture has more pixels than we can handle."),
    Reason.CUT_OFF: N_("The file is cut off: too little of the picture arrived to show it."),
    Reason.DAMAGED: N_("The file is damaged, and no picture can be made of it."),
    Reason.TOO_SLOW: N_("The picture takes too long to open."),
    Reason.TOO_MUCH_MEMORY: N_("The picture needs more memory than we can give it."),
}


def valid_position(lat: float, lon: float) -> bool:
    """Whether degrees WGS 84 may be stored: finite, in range, and not the 0,0 of a phone without a fix."""
    if not (math.isfinite(lat) and math.isfinite(lon)):
        return False
    return abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0)


@dataclass(frozen=True)
class Place:
    """Degrees WGS 84; `accuracy` in metres; `gap` in seconds to the track's nearest point."""

    lat: float
    lon: float
    accuracy: float | None
    source: PlaceSource
    gap: float | None = None

    def as_json(self) -> dict[str, Any] | None:
        """None where the position may not be stored."""
        if not valid_position(self.lat, self.lon):
            return None
        return {
            "lat": self.lat,
            "lon": self.lon,
            "accuracy": _finite(self.accuracy),
            "source": self.source.value,
            **({} if self.gap is None else {"gap": _finite(self.gap)}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Place":
        """Raises KeyError, TypeError or ValueError where `value` is not what `as_json` gives."""
        accuracy, gap = value.get("accuracy"), value.get("gap")
        return cls(
            float(value["lat"]),
            float(value["lon"]),
            None if accuracy is None else float(accuracy),
            PlaceSource(value["source"]),
            None if gap is None else float(gap),
        )


WRONGEST_CLOCK = timedelta(days=366 * 60)
"""A camera that was never set counts from some year long ago."""


@dataclass(frozen=True)
class Taken:
    """`local` is naive, by the wall clock; `offset` as the file states it (+02:00); `utc` is aware.

    `clock`: by so many seconds `utc` is put right, as the camera's clock was wrong. `local` stays what it showed.
    """

    local: datetime | None
    offset: str | None
    utc: datetime | None
    source: TimeSource
    utc_from: UtcSource | None = None
    clock: float = 0

    def put_right(self, seconds: float) -> "Taken":
        """The same, by a camera's clock to which so many seconds are to be added. An instant from GPS is not from
        that clock, and stays."""
        if self.utc_from is UtcSource.GPS or self.source is TimeSource.GPS:
            return self
        more = timedelta(seconds=seconds - self.clock)
        try:
            return replace(self, utc=self.utc and self.utc + more, clock=seconds)
        except OverflowError:
            return self

    def in_zone(self, zone: str) -> "Taken":
        """The same, with an instant from the zone where the file gives none.

        `zone` is an IANA name; an hour that the clocks show twice is taken as the first. Raises ValueError
        for an unknown zone.
        """
        if self.utc is not None or self.local is None:
            return self
        try:
            instant = self.local.replace(tzinfo=known_zone(zone)).astimezone(UTC) + timedelta(seconds=self.clock)
        except OverflowError:
            return self
        return replace(self, utc=instant, utc_from=UtcSource.ZONE)

    def as_json(self) -> dict[str, Any]:
        return {
            "local": None if self.local is None else self.local.isoformat(timespec="seconds"),
            "offset": self.offset,
            "utc": None if self.utc is None else _utc_text(self.utc),
            "source": self.source.value,
        }

    def as_record(self) -> dict[str, Any]:
        """`as_json`, and how the instant was found."""
        return {**self.as_json(), "utc_from": None if self.utc_from is None else self.utc_from.value}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Taken":
        """From `as_json` or `as_record`. Raises KeyError, TypeError or ValueError where it is neither."""
        local, utc, utc_from = value["local"], value["utc"], value.get("utc_from")
        return cls(
            None if local is None else datetime.fromisoformat(local).replace(tzinfo=None),
            value["offset"],
            None if utc is None else datetime.fromisoformat(utc).astimezone(UTC),
            TimeSource(value["source"]),
            None if utc_from is None else UtcSource(utc_from),
        )


@dataclass(frozen=True)
class Size:
    """One of the three sizes: `edge` is its name, the rest is what the file really has."""

    edge: int
    width: int
    height: int
    bytes: int
    sha256: str


Sizes = tuple[Size, ...]


@dataclass(frozen=True)
class Facts:
    """What intake makes of a file. `width` and `height` are as seen upright, in pixels.

    `orientation` is what the file's EXIF states, 1 to 8. `reason` is an English sentence and a msgid.
    `notes` are for logs: where the two readers of metadata disagree, and what went wrong. `likeness` is the print of
    `photo/likeness.py` in hex; empty where there is nothing to compare, None where nobody has looked.
    """

    ok: bool
    type: str | None
    width: int | None
    height: int | None
    orientation: int | None
    camera: str | None
    sha256: str
    bytes: int
    taken: Taken | None
    place: Place | None
    reason: str | None
    notes: tuple[str, ...] = ()
    likeness: str | None = None

    def in_zone(self, zone: str | None) -> "Facts":
        """The same, its instant completed by the project's zone. Raises ValueError for an unknown zone."""
        if zone is None or self.taken is None:
            return self
        return replace(self, taken=self.taken.in_zone(zone))

    def put_right(self, seconds: float) -> "Facts":
        """The same, by a camera's clock to which so many seconds are to be added."""
        return self if self.taken is None else replace(self, taken=self.taken.put_right(seconds))

    def as_json(self) -> dict[str, Any]:
        """The keys of `photo inspect --json` without `file`; neither NaN nor infinity is ever among them."""
        return {
            "ok": self.ok,
            "type": self.type,
            "width": self.width,
            "height": self.height,
            "orientation": self.orientation,
            "camera": self.camera,
            "sha256": self.sha256,
            "taken": None if self.taken is None else self.taken.as_json(),
            "place": None if self.place is None else self.place.as_json(),
            "reason": self.reason,
        }

    def as_record(self) -> dict[str, Any]:
        """`as_json` and the rest, so that `from_json` gives back all of it: for keeping."""
        taken = None if self.taken is None else self.taken.as_record()
        more = {"bytes": self.bytes, "notes": list(self.notes), "likeness": self.likeness}
        return {**self.as_json(), "taken": taken, **more}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Facts":
        """From `as_json` or `as_record`. Raises KeyError, TypeError or ValueError where it is neither."""
        taken, place = value["taken"], value["place"]
        return cls(
            ok=value["ok"],
            type=value["type"],
            width=value["width"],
            height=value["height"],
            orientation=value["orientation"],
            camera=value["camera"],
            sha256=value["sha256"],
            bytes=value.get("bytes", 0),
            taken=None if taken is None else Taken.from_json(taken),
            place=None if place is None else Place.from_json(place),
            reason=value["reason"],
            notes=tuple(value.get("notes", ())),
            likeness=value.get("likeness"),
        )


def known_zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error


SLOW = frozenset({"image/heic", "image/heif"})
"""Types whose decoding takes ten times as long as a JPEG's."""

_HEVC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_AV1 = {b"avif", b"avis"}
_ANY_CODEC = {b"mif1", b"mif2", b"msf1", b"miaf"}


def sniff(head: bytes) -> str | None:
    """The MIME type by the first bytes (64 mostly do, 4096 always), or None where it is no such picture."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _sniff_brands(head)
    return None


def sniff_sound(head: bytes) -> str | None:
    """The MIME type of a recording as browsers make them, by its first bytes; None for anything else."""
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    return "audio/mp4" if head[4:8] == b"ftyp" else None


def _sniff_brands(head: bytes) -> str | None:
    end = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    if major in _HEVC:
        return "image/heic"
    if major in _AV1:
        return "image/avif"
    if major not in _ANY_CODEC:
        return None
    compatible = {head[at : at + 4] for at in range(16, end - 3, 4)}
    if compatible & _HEVC:
        return "image/heic"
    return "image/avif" if compatible & _AV1 else "image/heif"


_UNDIVIDED = str.maketrans("đłøħı", "dlohi")  # Unicode names no accent in these


def plain(words: Iterable[str]) -> str:
    """What a search reads: small letters without accents, one line for each of the words. Both what is looked for
    and what is looked through go this way."""
    return "\n".join(filter(None, map(_plain, words)))


def _plain(words: str) -> str:
    apart = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.translate(_UNDIVIDED).split())


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _utc_text(instant: datetime) -> str:
    precision = "milliseconds" if instant.microsecond else "seconds"
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"
