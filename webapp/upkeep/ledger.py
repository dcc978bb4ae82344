"""The ledger of erasures, outside of the database: a restored backup must not bring anybody back.

`erasures.jsonl` has one line each, flushed before the erasure is committed. A file `wipe-NUMBER` says that the
database's files may still hold deleted bytes.
"""

import json
import os
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger()
NAME = "erasures.jsonl"


def write(home: Path, entry: dict[str, Any]) -> None:
    """Appends one erasure, and notes that the database must be wiped."""
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    with (home / NAME).open("ab") as file:
        if file.tell() and not _ends_whole(home / NAME):
            file.write(b"\n")  # the line before was cut by a crash
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    (home / f"wipe-{entry['number']}").touch()
    _flush(home)


def read(home: Path) -> list[dict[str, Any]]:
    """All erasures, the oldest first. A line that was cut is left out, because its erasure was not done; so is one
    that somebody has edited until nobody understands it, and the log tells which."""
    path, found = home / NAME, []
    lines = path.read_text(errors="replace").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if _is_erasure(entry):
            found.append(entry)
        else:
            log.warning("ledger_line_not_understood", file=str(path), line=number)
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
