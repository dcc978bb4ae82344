"""What people agreed to, and the gate: plain decisions."""

from collections.abc import Iterable, Mapping
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


class Exit(StrEnum):
    """A way in which a photo leaves the store."""

    DESK = "desk"  # organisers' own pages, behind a login
    ORIGINALS = "originals"  # the untouched files, for owner and curator


class Refusal(StrEnum):
    """Why a photo may not leave."""

    NOT_AGREED = "not agreed"
    NO_RELEASE = "somebody can be recognised and has not agreed"


NEEDS: Mapping[Exit, frozenset[Purpose]] = {
    Exit.DESK: frozenset({Purpose.KEEP}),
    Exit.ORIGINALS: frozenset({Purpose.KEEP}),
}
# Who can be recognised without release stays inside the house: its own pages, and the group's own meeting.
INSIDE = frozenset({Exit.DESK})


def in_force(decisions: Iterable[tuple[str, bool]]) -> frozenset[Purpose]:
    """What is agreed to now, from the whole record in the order in which it was received: the last word counts."""
    latest = {Purpose(purpose): yes for purpose, yes in decisions}
    return frozenset(purpose for purpose, yes in latest.items() if yes)


def refusal(way: Exit, agreed: frozenset[Purpose], unreleased: bool) -> Refusal | None:
    """Why this photo may not leave by this way, or None where it may."""
    if not NEEDS[way] <= agreed:
        return Refusal.NOT_AGREED
    if unreleased and way not in INSIDE:
        return Refusal.NO_RELEASE
    return None
