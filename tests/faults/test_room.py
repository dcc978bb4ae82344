"""A full disk, a locked database: a plain answer, nothing half-kept, and sending again works."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.oracle import Pictures, originals, photo_letter, photos, prepare, sha
from tests.plain_client import PlainClient
from tests.server import Served, wait_until

ROOM = 3_000_000  # bytes
SMALL, LARGE = 1_000_000, 4_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB, for the store alone."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount the small disk that this test fills")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def photo_of(size: int, number: int = 0) -> bytes:
    """A JPEG of that many bytes."""
    data = Pictures().small(number)
    return data + bytes(size - len(data))


@pytest.mark.parametrize("filled", [0, 1_500_000])
def test_a_full_disk_is_said_plainly_and_heals(tmp_path: Path, small_disk: Path, filled: int) -> None:
    """With nothing else on it, the disk fills while the form arrives; half filled, when the photo is kept."""
    home, environ = tmp_path / "home", {"POHLED_STORAGE": f"file://{small_disk}"}
    walk = prepare(home, **environ)
    other = small_disk / "other"
    other.write_bytes(bytes(filled))
    data = photo_of(SMALL if filled else LARGE)
    with Served(home, env=environ) as server:
        client = PlainClient(server.port)
        client.join(walk.code)
        form, letter = photo_letter(client, walk, data)

        answer = client.send(letter, status=507)
        assert "There is no room left on the server" in answer.text
        assert photos(home) == []
        assert originals(small_disk) == set()
        wait_until(lambda: not list((small_disk / "incoming").iterdir()), 10, "no half file stays")
        client.get(f"/plain/walks/{walk.walk_id}")  # what needs no room goes on

        other.unlink()
        subprocess.run(["mount", "-o", "remount,size=20000000", str(small_disk)], check=True)
        client.send(letter)
        assert photos(home) == [(form, sha(data))]
        assert originals(small_disk) == {sha(data)}
        server.stop()


def test_a_locked_database_asks_for_patience(tmp_path: Path) -> None:
    home = tmp_path / "home"
    walk = prepare(home)
    data = photo_of(SMALL)
    with Served(home) as server:
        client = PlainClient(server.port)
        client.join(walk.code)
        form, letter = photo_letter(client, walk, data)

        other = sqlite3.connect(home / "pohled.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answer = client.send(letter, status=503)
        assert answer.headers["Retry-After"].isdecimal()
        assert "Nothing was lost" in answer.text
        assert client.get(f"/plain/walks/{walk.walk_id}/photos").text.count("/320") == 0  # reading goes on
        other.execute("ROLLBACK")
        other.close()
        assert photos(home) == []

        client.send(letter)
        assert photos(home) == [(form, sha(data))]
        assert originals(home / "uploads") == {sha(data)}
