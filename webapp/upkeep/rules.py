"""What an erasure leaves behind: a number, a time, counts, and fingerprints that tell nothing."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.people.rules import fingerprint, in_fours

NUMBER_LETTERS = 12


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
