"""What really lies in a home: rows and files, read behind the program's back."""

import hashlib
import os
import sqlite3
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.makers import MadeWalk, make_walk
from tests.makers_photo import encoded, grain, with_segment
from tests.plain_client import Letter, PlainClient
from tests.server import Served
from tests.sync.phone import Phone
from webapp import create_app
from webapp.config import Settings
from webapp.database import now
from webapp.photo.jobs import drop_expired_uploads, find_missing
from webapp.photo.rules import EDGES
from webapp.storage import digest
from webapp.upkeep.jobs import forget_orphans

COMMENT = 0xFE


class Pictures:
    """Pictures that all differ, without the cost of drawing each. Sizes in pixels: these make 80 kB and 1.5 MB."""

    def __init__(self, small: tuple[int, int] = (340, 260), large: tuple[int, int] = (1500, 1100)) -> None:
        self._small = encoded(grain(*small), quality=92)
        self._large = encoded(grain(*large), quality=92)
        self._preview = encoded(grain(160, 120), quality=80)

    def small(self, number: int) -> bytes:
        return with_segment(self._small, COMMENT, f"number {number}".encode())

    def large(self, number: int) -> bytes:
        return with_segment(self._large, COMMENT, f"number {number}".encode())

    def preview(self, number: int) -> bytes:
        return with_segment(self._preview, COMMENT, f"number {number}".encode())


def prepare(home: Path, **environ: str) -> MadeWalk:
    """A walk in a fresh home, before anything serves."""
    with create_app(Settings.read({"POHLED_HOME": str(home), **environ})).app_context():
        return make_walk()


def prepare_phones(home: Path, count: int) -> tuple[MadeWalk, dict[str, str], list[Phone]]:
    """The same, the texts that joining shows, and so many phones of people who have not joined yet."""
    app = create_app(Settings.read({"POHLED_HOME": str(home)}))
    with app.app_context():
        walk = make_walk()
    phones = [Phone(app, f"phone {number}") for number in range(count)]
    return walk, phones[0].texts(walk.code), phones


def photo_letter(client: PlainClient, walk: MadeWalk, data: bytes) -> tuple[str, Letter]:
    """A new photo's form filled in, with the id that it carries."""
    letter = client.fill_in(walk.photo_address, {"people": "none", "up": "y"}, {"file": ("one.jpg", data)})
    start = letter.body.index(b'name="id"\r\n\r\n') + len(b'name="id"\r\n\r\n')
    return letter.body[start : start + 36].decode(), letter


def photos(home: Path) -> list[tuple[str, str]]:
    """(id, SHA-256) of all photos, ids as forms write them."""
    return [(str(uuid.UUID(key)), sha256) for key, sha256 in _read(home, "select id, sha256 from photo")]


def states(home: Path) -> dict[str, int]:
    """How many pictures are in each state."""
    return dict(_read(home, "select state, count(*) from picture group by state"))


def unready(home: Path) -> int:
    """How many originals came whose sizes are not made."""
    asked = """select count(*) from part join picture using (sha256)
               where part.name = 'original' and picture.state != 'ready'"""
    ((count,),) = _read(home, asked)
    return int(count)


def revisions(home: Path, kind: str = "photo") -> list[tuple[str, int, str]]:
    """(id, revision, SHA-256 of the record) of all that came for photos, or for responses."""
    found = _read(home, f"select record_id, revision, sha256 from {kind}_revision")  # noqa: S608
    return [(str(uuid.UUID(key)), revision, sha256) for key, revision, sha256 in found]


def counting(home: Path) -> dict[str, tuple[int, str]]:
    """Id -> revision and SHA-256 of the photo's record that counts."""
    found = _read(home, "select id, revision, record_sha256 from photo where withdrawn is null")
    return {str(uuid.UUID(key)): (revision, sha256) for key, revision, sha256 in found}


def parts(home: Path) -> list[tuple[str, str, str]]:
    """(photo, name, SHA-256) of all bytes that belong to photos."""
    found = _read(home, "select photo_id, name, sha256 from part where photo_id is not null")
    return [(str(uuid.UUID(key)), name, sha256) for key, name, sha256 in found]


def count(home: Path, table: str) -> int:
    """How many rows it has."""
    return int(_read(home, f"select count(*) from {table}")[0][0])  # noqa: S608


def swept_later(home: Path, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """What the sweeps of so many days later do, while nothing serves: they know the age of things."""
    for folder in ("incoming", "partial"):
        for path in (home / "uploads" / folder).iterdir():
            os.utime(path, (0, 0))
    monkeypatch.setattr("webapp.photo.jobs.now", lambda: now() + timedelta(days=days))
    with create_app(Settings.read({"POHLED_HOME": str(home)})).app_context():
        forget_orphans()
        find_missing(True)
        drop_expired_uploads(True)


def half_made(store: Path) -> list[Path]:
    """Whatever is on its way into the store."""
    return [path for folder in ("incoming", "partial", "doomed") for path in (store / folder).iterdir()]


def originals(store: Path) -> set[str]:
    """The names of all originals, after reading every one of them: what it is called is what it hashes to."""
    assert not corrupt(store), "something half-written is visible"
    return {path.name for path in (store / "originals").rglob("*") if path.is_file()}


def corrupt(store: Path) -> list[str]:
    """The names of originals that are not what they are called."""
    files = [path for path in (store / "originals").rglob("*") if path.is_file()]
    return [path.name for path in files if digest(path) != path.name]


def sizes_are_whole(store: Path, sha256: str) -> bool:
    """Whether all sizes of a picture are there and open."""
    for edge in EDGES:
        Image.open(store / "derived" / sha256[:2] / sha256 / f"{edge}.jpg").load()
    return True


def spooled(server: Served, store: Path) -> int:
    """How many files in the store's incoming folder are held open, most of them without a name."""
    incoming, count = str(store / "incoming"), 0
    for pid in server.processes():
        for path in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                count += str(path.readlink()).startswith(incoming)
            except OSError:
                continue  # closed while we looked
    return count


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(home: Path, question: str) -> list[tuple[Any, ...]]:
    rows = sqlite3.connect(f"file:{home / 'pohled.sqlite'}?mode=ro", uri=True, timeout=10)
    try:
        return rows.execute(question).fetchall()
    finally:
        rows.close()
