"""What people agreed to, and the gate: plain decisions."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What somebody's answers and photos may be used for; each asked by itself."""

    KEEP = "keep"
    MEETING = "meeting"
    REPORT = "report"
    EXHIBITION = "exhibition"
    WEB = "web"
    PRINT = "print"
    SOCIAL = "social"
    PARTNERS = "partners"
    CONTACT = "contact"


class Method(StrEnum):
    """How somebody said yes or no."""

    TAPPED = "tapped"
    SIGNED = "signed"
    SPOKEN = "spoken"
    PAPER = "paper"


@dataclass(frozen=True)
class Decision:
    """Yes or no for one purpose, for all that somebody sends or for one photo. `text_id`: the words that were asked.

    `at` is the phone's clock. `reach` came with a yes to being contacted and is none of the register's: "" takes back
    what was written before, None says nothing of it.
    """

    purpose: Purpose
    yes: bool
    text_id: uuid.UUID
    language: str
    at: datetime
    method: Method = Method.TAPPED
    photo_id: uuid.UUID | None = None
    reach: str | None = field(default=None, compare=False, repr=False)

    def id_for(self, participant_id: uuid.UUID) -> uuid.UUID:
        """The id of a decision that came without one. The same decision has the same id, so that a join which is
        sent again, perhaps much later, never speaks over what was decided since."""
        at = self.at.astimezone(UTC).isoformat()
        said = (self.purpose, self.yes, self.text_id, self.language, at, self.method, self.photo_id)
        return uuid.uuid5(participant_id, " ".join(map(str, said)))


OUTSIDE = frozenset(
    {Purpose.REPORT, Purpose.EXHIBITION, Purpose.WEB, Purpose.PRINT, Purpose.SOCIAL, Purpose.PARTNERS}
)
"""Purposes that lead a photo out of the house. Whoever can be recognised in it is asked about these alone."""


@dataclass(frozen=True)
class Signed:
    """What somebody who can be recognised in a photo said on the spot, and how.

    `answers`: purpose, yes, and the id of the text that was asked. `signature` is SVG path data in a box of
    1000 x 400, none where it was said by word of mouth. `code` is the SHA-256 of the letters with which they can take
    it back.
    """

    photo_id: uuid.UUID
    language: str
    answers: tuple[tuple[Purpose, bool, uuid.UUID], ...]
    guardian: bool
    name: str | None
    method: Method
    signature: str | None
    code: str
    at: datetime


class Exit(StrEnum):
    """A way in which a photo leaves the store."""

    AUTHOR = "author"  # back to whoever made it
    DESK = "desk"  # organisers' own pages, behind a login
    REPORT = "report"  # what viewers see, and the report
    MEETING = "meeting"  # the group's own meeting: on the wall, on cards, in its minutes
    EXHIBITION = "exhibition"  # panels, labels, and what goes to the print shop
    ORIGINALS = "originals"  # the untouched files, for owner and curator
    PERSON = "person"  # everything of one person, given out to that person
    PICTURED = "pictured"  # to somebody who can be recognised in it and has signed, by their code
    SEALED = "sealed"  # a picture as it was before it was painted over, for the owner


class Refusal(StrEnum):
    """Why a photo may not leave."""

    WITHDRAWN = "taken back"
    NOT_AGREED = "not agreed"
    NO_RELEASE = "somebody can be recognised and has not agreed"
    NOT_LOOKED = "nobody has looked yet whether somebody can be recognised"


NEEDS: Mapping[Exit, frozenset[Purpose]] = {
    Exit.AUTHOR: frozenset(),
    Exit.DESK: frozenset({Purpose.KEEP}),
    Exit.REPORT: frozenset({Purpose.KEEP, Purpose.REPORT}),
    Exit.MEETING: frozenset({Purpose.KEEP, Purpose.MEETING}),
    Exit.EXHIBITION: frozenset({Purpose.KEEP, Purpose.EXHIBITION}),
    Exit.ORIGINALS: frozenset({Purpose.KEEP}),
    Exit.PERSON: frozenset(),
    Exit.PICTURED: frozenset({Purpose.KEEP}),
    Exit.SEALED: frozenset({Purpose.KEEP}),
}
# Who can be recognised without release stays inside the house: its own pages, and the group's own meeting.
INSIDE = frozenset({Exit.AUTHOR, Exit.DESK, Exit.MEETING, Exit.PERSON, Exit.PICTURED, Exit.SEALED})
# In a walk or call without faces, what nobody has looked at yet does not even go to the meeting.
UNSEEN = INSIDE - {Exit.MEETING}


def in_force(decisions: Iterable[tuple[str, bool]]) -> frozenset[Purpose]:
    """What is agreed to now, from the whole record in the order in which it was received: the last word counts."""
    latest = {Purpose(purpose): yes for purpose, yes in decisions}
    return frozenset(purpose for purpose, yes in latest.items() if yes)


def keeps_inside(way: Exit, released: frozenset[Purpose] | None) -> bool:
    """Whether those who signed for a photo keep it from this way.

    `released`: what all of them agree to, nothing where one has taken it back; None where nobody has signed, so that
    the author's word counts. Who says no to everything is as one who was not asked.
    """
    return released is not None and (not released or not NEEDS[way] & OUTSIDE <= released)


def refusal(
    way: Exit, agreed: frozenset[Purpose], unreleased: bool, withdrawn: bool = False, unseen: bool = False
) -> Refusal | None:
    """Why this photo may not leave by this way, or None where it may.

    `unreleased`: somebody can be recognised who has not agreed. `unseen`: whether that is so, nobody has looked yet.
    """
    if withdrawn:
        return Refusal.WITHDRAWN
    if not NEEDS[way] <= agreed:
        return Refusal.NOT_AGREED
    if unreleased and way not in INSIDE:
        return Refusal.NO_RELEASE
    if unseen and way not in UNSEEN:
        return Refusal.NOT_LOOKED
    return None
