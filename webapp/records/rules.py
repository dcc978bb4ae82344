"""Records as phones send them: revisions, what becomes of one that arrives, and its receipt. Plain values."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

PLAIN = "plain"  # the device of the pages without scripts


@dataclass(frozen=True)
class Revision:
    """One whole record as it came. `body` is the request's own text, and `sha256` the lower-case hex of its bytes.

    `sequence` is the device's own counter; `base` is the revision that this one was made from.
    """

    device: str
    sequence: int
    revision: int
    base: int | None
    body: str
    sha256: str


@dataclass(frozen=True)
class Current:
    """The revision that counts now."""

    device: str
    revision: int
    sha256: str


class Verdict(StrEnum):
    """What becomes of a revision that arrives."""

    COUNTS = "counts"  # it is the newest now
    SAME = "same"  # it counts already
    OLDER = "older"  # its device has sent a newer one
    VERSION = "version"  # made elsewhere at the same time: kept beside the one that counts, for people to see


def judge(current: Current | None, arrived: Revision, forks: frozenset[tuple[str, int]] = frozenset()) -> Verdict:
    """Whether a revision counts.

    A device goes on from its own revisions, or from the one that counts if it says so by `base`. `forks` are
    (device, revision) of the versions kept so far: what was made from one of these is a version, too, because its
    `base` is no revision that counts, whatever the number.
    """
    if current is None:
        return Verdict.COUNTS
    if arrived.sha256 == current.sha256:
        return Verdict.SAME
    if arrived.device == current.device:
        if arrived.revision == current.revision:
            return Verdict.VERSION  # two pages of one phone; neither may be lost
        return Verdict.COUNTS if arrived.revision > current.revision else Verdict.OLDER
    continues = arrived.base == current.revision and arrived.revision > current.revision
    forked = arrived.base is not None and (arrived.device, arrived.base) in forks
    return Verdict.COUNTS if continues and not forked else Verdict.VERSION


@dataclass(frozen=True)
class Receipt:
    """What the server has, on disk: a record's revision, the SHA-256 of its body, and when it came."""

    id: str
    revision: int
    sha256: str
    received: datetime
    kept: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The same receipt always gives the same text."""
        made = {
            "id": self.id,
            "revision": self.revision,
            "sha256": self.sha256,
            "received": self.received.astimezone(UTC).isoformat(timespec="milliseconds"),
        }
        return made | ({"kept": self.kept} if self.kept else {})


def by_hand(body: Mapping[str, Any], current: Current | None) -> Revision:
    """The revision of a record that our own pages wrote: made from the one that counts, so it counts next.

    The same words again are the same revision.
    """
    if current is not None and current.device == PLAIN:
        text, sha256 = canonical({**body, "device": PLAIN, "revision": current.revision})
        if sha256 == current.sha256:
            return Revision(PLAIN, 0, current.revision, None, text, sha256)
    base = current.revision if current else None
    number = (base or 0) + 1
    text, sha256 = canonical({**body, "device": PLAIN, "revision": number})
    return Revision(PLAIN, 0, number, base, text, sha256)


def canonical(body: Mapping[str, Any]) -> tuple[str, str]:
    """A body that no phone sent, as text, always the same for equal bodies, and its SHA-256."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, hashlib.sha256(text.encode()).hexdigest()
