"""What an erasure leaves behind: a number, a time, counts, and fingerprints that tell nothing."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from webapp.people.rules import fingerprint, in_fours

NUMBER_LETTERS = 12


class Fault(StrEnum):
    """What `pohled check` looks for."""

    DATABASE = "database"
    LOST = "lost"
    DAMAGED = "damaged"
    UPLOAD = "upload"
    SIZES = "sizes"
    ORPHAN = "orphan"
    LEFTOVER = "leftover"


FAULTS = {
    Fault.DATABASE: "The database is damaged",
    Fault.LOST: "The file of a row is not there",
    Fault.DAMAGED: "A file is not what its name says",
    Fault.UPLOAD: "Bytes of an upload that were counted are not there",
    Fault.SIZES: "Small pictures are missing",
    Fault.ORPHAN: "A file has no row",
    Fault.LEFTOVER: "Somebody was killed and left this half-way",
}


@dataclass
class Finding:
    """One thing that is wrong. `subject`: a SHA-256, an upload's id or a file's name; `repaired`: how, or ""."""

    fault: Fault
    subject: str
    repaired: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "wrong": self.fault.value,
            "subject": self.subject,
            "what": f"{FAULTS[self.fault]}.",
            "repaired": self.repaired or None,
        }

    def in_words(self) -> str:
        return f"{FAULTS[self.fault]}: {self.subject}." + (f" {self.repaired}" if self.repaired else "")


@dataclass(frozen=True)
class Certificate:
    """That everything of one person was erased.

    `removed`: what -> how many; `gone`: fingerprints of ids and tokens.
    """

    number: str
    at: datetime
    removed: dict[str, int]
    gone: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "at": self.at.isoformat(timespec="seconds"),
            "removed": self.removed,
            "remains": {"fingerprints": len(self.gone), "acts": "without a name"},
        }

    def as_entry(self) -> dict[str, Any]:
        """The line in the ledger, by which a restored backup is erased again."""
        return {
            "number": self.number,
            "at": self.at.isoformat(timespec="seconds"),
            "removed": self.removed,
            "gone": list(self.gone),
        }


def number_of(participant_id: uuid.UUID) -> str:
    """The certificate's number. Always the same for a person, so that an erasure which is begun again after a crash
    keeps it; whoever has only the number learns nothing."""
    return in_fours(fingerprint(f"erasure:{participant_id}")[:NUMBER_LETTERS].upper())
