"""What a measurement says, for people and for programs."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """Ours against a peer's. `ratio` is ours / peer; with a target it says whether that was reached."""

    what: str
    unit: str
    ours: float
    peer: float
    peer_is: str
    target: float | None = None
    at_least: bool = True  # else at most
    about: str = ""

    @property
    def ratio(self) -> float:
        return self.ours / self.peer

    @property
    def reached(self) -> bool | None:
        """None where there is no target."""
        if self.target is None:
            return None
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target

    def as_json(self) -> str:
        """One line."""
        line: dict[str, Any] = {
            "what": self.what,
            "unit": self.unit,
            "pohled": round(self.ours, 3),
            "peer": round(self.peer, 3),
            "peer_is": self.peer_is,
            "ratio": round(self.ratio, 3),
        }
        if self.target is not None:
            line |= {
                "target": round(self.target, 3),
                "must_be": ">=" if self.at_least else "<=",
                "reached": self.reached,
            }
        return json.dumps(line | {"about": self.about}, ensure_ascii=False)

    def in_words(self) -> str:
        """A sentence or two."""
        said = f"{self.what}: {self.ours:.1f} {self.unit}, {self.peer_is} {self.peer:.1f}; ratio {self.ratio:.2f}"
        if self.target is not None:
            how = "at least" if self.at_least else "at most"
            said += f" ({how} {self.target:.3g}: {'reached' if self.reached else 'MISSED'})"
        return f"{said}\n  {self.about}"


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
