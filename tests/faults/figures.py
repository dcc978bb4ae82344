"""The faults that must be survived, each with the figure to reach: `./pohled test --soak` prints the table."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

FAULTS = {
    "kill": (
        "server killed (-9) at random 50 times while 20 clients send 1,000 photos through a bad proxy",
        "0 lost, 0 double, 0 corrupt, all there within 5 minutes",
    ),
    "cut": (
        "connection cut at every byte of a 4 KiB upload, request and response; 200 random cuts of 5 MB",
        "all resume, at most one chunk sent twice",
    ),
    "unheard": ("the acknowledgement dropped 1,000 times; five equal requests at once", "one record each"),
    "browser": ("the browser killed while saving, 100 times", '0 lost after "saved"'),
    "room": (
        "the disk full at each write step",
        "507, nothing acknowledged, no half file visible, recovers by itself",
    ),
    "locked": ("database locked for 30 s", "503 with Retry-After, 0 lost"),
    "away": ("store or Redis gone for 10 minutes", "503 with Retry-After, or queued; 0 lost"),
    "clock": ("phone clock 10 years off, or going back an hour", "order kept, 0 lost"),
    "portal": ("captive portal (200 with HTML), redirect, truncated JSON", '0 false "received"'),
    "worker": (
        "a worker killed in the middle of thumbnails, 100 times",
        "done again, no orphan after the sweep",
    ),
    "upgrade": ("app upgraded across three database versions with two tabs open", "0 unsent items lost"),
    "mutants": ("the rule of acknowledgement broken on purpose", "each break noticed by a named test"),
    "memory": ("150 photos of 12 megapixels in one outbox", "at most 150 MB more, all received"),
    "power": ("what was never flushed is gone after a crash", "everything acknowledged is there"),
}
"""By key: the fault, and what must be reached."""

PROPERTY = "fault"


@dataclass(frozen=True)
class Reached:
    """Notes the figure that a test has seen, for the table. To be called last: after all that may fail."""

    node: pytest.Item

    def __call__(self, fault: str, figure: str) -> None:
        assert fault in FAULTS
        self.node.user_properties.append((PROPERTY, f"{fault}: {figure}"))


def print_table(reports: list[pytest.TestReport], line: Callable[[str], None]) -> None:
    """Every fault, its wished figure and what the tests saw; one without a figure says so."""
    seen: dict[str, list[str]] = {}
    for report in reports:
        for name, value in report.user_properties:
            if name == PROPERTY:
                fault, _, figure = str(value).partition(": ")
                seen.setdefault(fault, []).append(figure if report.passed else f"FAILED after: {figure}")
    line("| fault | to reach | seen |")
    line("| --- | --- | --- |")
    for fault, (what, wish) in FAULTS.items():
        line(f"| {what} | {wish} | {'; '.join(seen.get(fault, ['**not reached**']))} |")
