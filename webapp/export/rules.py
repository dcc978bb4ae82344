"""Files that are made after they were asked for: plain values and decisions."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from webapp.mark import N_
from webapp.photo import rules as photo_rules

KEPT = timedelta(days=7)
"""Files are taken away within a week, or made again: what people agreed to may have changed since."""
ATTEMPTS = 3


class State(StrEnum):
    """How far a file is."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"  # it was ready, and then a photo in it might not leave any more


class Subject(StrEnum):
    """What a file can be made of."""

    EXHIBITION = "exhibition"
    PROJECT = "project"
    WALK = "walk"
    CALL = "call"
    MEETING = "meeting"


class CannotMake(Exception):
    """There is no use in trying again; the message is a sentence and a msgid."""


TOO_OFTEN = N_("It was begun three times and never finished. Look into the server’s log, or ask for fewer photos.")
NO_ROOM = N_("There is no room on the server’s disk. Delete files that nobody needs, then make it again.")
NO_PANGO = N_("The server lacks Pango, with which PDFs are made. On Debian: apt install %(packages)s")
NOTHING = N_("There is no photo that may leave: see what was left out.")
LOST_FILE = N_("The file is missing on the server. Make it again.")
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
NOT_COME = N_("its picture has not come yet")
NO_PICTURE = N_("nobody can open its picture")
LOST = N_("its file is missing on the server")
CREDIT = N_("its author has changed the name that stands beside it")
PAINTED = N_("it has been painted over since")
WORDS = N_("words beside it are no longer those that its author agreed to")
CUT = N_("its words are too long for the sheet; their end is missing there")
EXACT = "not to be passed on: exact places and times"
"""Stands in every file of them. In English, as the names of its columns are."""
# What `consent.rules.Refusal` says, marked for translation.
REASONS = (
    N_("taken back"),
    N_("not agreed"),
    N_("somebody can be recognised and has not agreed"),
    N_("nobody has looked yet whether somebody can be recognised"),
)


@dataclass(frozen=True)
class LeftOut:
    """A photo that is not in the file, or not whole, by its number, and why: a msgid."""

    number: int
    reason: str


@dataclass(frozen=True)
class Inside:
    """A photo that is in a finished file, the name that stands there beside it, and whether the file was made of the
    small picture because no original had come. `words`: fingerprints of an organiser's words in it, by language.
    `painted`: how often the picture had been painted over by then."""

    id: uuid.UUID
    number: int
    credit: str
    small: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    painted: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "number": self.number,
            "credit": self.credit,
            "small": self.small,
            "words": dict(self.words),
            "painted": self.painted,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Inside":
        return cls(
            uuid.UUID(value["id"]),
            value["number"],
            value["credit"],
            value.get("small", False),
            value.get("words", {}),
            value.get("painted", 0),
        )


LONGEST_TITLE = 40  # letters of a title in the name of a file


def plain(title: str) -> str:
    """A title in the name of a file: letters from a to z, digits and hyphens; of other scripts nothing is left."""
    bare = photo_rules.plain([title]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare)[:LONGEST_TITLE].strip("-")


# Width and height in millimetres of an upright sheet.
PAPERS: Mapping[str, tuple[int, int]] = {"a2": (420, 594), "a3": (297, 420), "a4": (210, 297)}


def pixels(width: int, height: int, box: tuple[float, float], per_inch: int) -> int:
    """The long edge in pixels of a picture that fills a box (mm) with so many pixels per inch; never enlarged."""
    scale = min(box[0] / width, box[1] / height)
    return min(max(width, height), round(max(width, height) * scale / 25.4 * per_inch))
