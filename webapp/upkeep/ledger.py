"""The ledger of erasures, outside of the database: a restored backup must not bring anybody back.

`erasures.jsonl` has one line each, flushed before the erasure is committed. A file `wipe-NUMBER` says that the
database's files may still hold deleted bytes. It also says which photos were painted over, and how often: one that a
backup brings back as it was before shows itself to nobody. And which releases were taken back and which recorded ways
were deleted: they go again.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger()
NAME = "erasures.jsonl"


def write(home: Path, entry: dict[str, Any]) -> None:
    """Appends one erasure, and notes that the database must be wiped."""
    _append(home, entry)
    (home / f"wipe-{entry['number']}").touch()
    _flush(home)


def note_painted(home: Path, photo: str, number: int) -> None:
    """Appends that a photo, named by a fingerprint of its id, was painted over for the so-many-th time."""
    _append(home, {"painted": photo, "times": number})


def note_taken_back(home: Path, release: str) -> None:
    """Appends that a release, named by a fingerprint of its id, was taken back."""
    _append(home, {"release": release})


def note_ways(home: Path, ways: list[str]) -> None:
    """Appends that recordings of somebody's way, named by fingerprints of their ids, were deleted."""
    if ways:
        _append(home, {"ways": ways})


def ways(home: Path) -> set[str]:
    """The deleted recordings, by their fingerprints."""
    found = [entry["ways"] for entry in _entries(home) if isinstance(entry, dict) and "ways" in entry]
    return {each for listed in found if isinstance(listed, list) for each in listed if isinstance(each, str)}


def _append(home: Path, entry: dict[str, Any]) -> None:
    with (home / NAME).open("ab") as file:
        if file.tell() and not _ends_whole(home / NAME):
            file.write(b"\n")  # the line before was cut by a crash
        file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _flush(home)


def taken_back(home: Path) -> set[str]:
    """The fingerprints of releases that were taken back."""
    said = (entry.get("release") for entry in _entries(home) if isinstance(entry, dict))
    return {each for each in said if isinstance(each, str)}


def painted(home: Path) -> dict[str, int]:
    """How often each photo, by its fingerprint, was painted over."""
    found: dict[str, int] = {}
    for entry in _entries(home):
        photo, times = (entry.get("painted"), entry.get("times")) if isinstance(entry, dict) else (None, None)
        if isinstance(photo, str) and isinstance(times, int):
            found[photo] = max(times, found.get(photo, 0))
    return found


def _entries(home: Path) -> Iterator[Any]:
    """Each line as it was understood; None for one that was cut, or edited until nobody understands it."""
    path = home / NAME
    for line in path.read_text(errors="replace").splitlines() if path.is_file() else ():
        try:
            yield json.loads(line)
        except ValueError:
            yield None


def read(home: Path) -> list[dict[str, Any]]:
    """All erasures, the oldest first. A line that was cut is left out, because its erasure was not done; so is one
    that somebody has edited until nobody understands it, and the log tells which."""
    found = []
    for number, entry in enumerate(_entries(home), 1):
        if _is_erasure(entry):
            found.append(entry)
        elif not (isinstance(entry, dict) and {"painted", "release", "ways"} & set(entry)):
            log.warning("ledger_line_not_understood", file=str(home / NAME), line=number)
    return found


def _is_erasure(entry: Any) -> bool:
    gone = entry.get("gone") if isinstance(entry, dict) else None
    return isinstance(gone, list) and all(isinstance(each, str) for each in gone)


def owed(home: Path) -> list[Path]:
    """The notes of wipes that are still to be done."""
    return sorted(home.glob("wipe-*"))


def paid(notes: list[Path]) -> None:
    """Takes these notes away, after a wipe that began when they were there."""
    for note in notes:
        note.unlink(missing_ok=True)


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
