"""The worker is killed in the middle of thumbnails: they are done again, and nothing is left lying about."""

import os
import random
import signal
import sqlite3
import time
import uuid
from contextlib import closing
from pathlib import Path

from tests.faults.figures import Reached
from tests.faults.oracle import Pictures, prepare, sha, sizes_are_whole, unready
from tests.faults.sending import phone_at
from tests.makers import MadeWalk
from tests.server import Served, wait_until
from tests.sync.phone import Phone
from tests.sync.tus import BYTES, words

SWEEPS = 200  # seconds for several sweeps


def send(phone: Phone, walk: MadeWalk, data: bytes) -> None:
    photo = str(uuid.uuid4())
    said = words(photo=photo, part="original", sha256=sha(data))
    phone.call("PUT", f"/photos/{photo}", phone.photo(data, walk=str(walk.walk_id)))
    sent = {"Upload_Length": str(len(data)), "Upload_Metadata": said, "Tus_Resumable": "1.0.0", "Content_Type": BYTES}
    phone.call("POST", "/uploads", data, 201, **sent)


def worker_of(server: Served) -> list[int]:
    """The process that runs the jobs, if it lives just now."""
    return [pid for pid in server.processes() if b"webapp.cli\0worker" in command(pid)]


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def kill_worker(server: Served) -> None:
    for pid in worker_of(server):
        os.kill(pid, signal.SIGKILL)


def workshops(home: Path) -> list[Path]:
    """The folders in which sizes are being made, or were."""
    return [path for path in (home / "uploads" / "incoming").iterdir() if path.is_dir()]


def test_a_killed_worker_costs_time_and_nothing_else(tmp_path: Path, soak: bool, reached: Reached) -> None:
    home, kills, chance = tmp_path / "home", 100 if soak else 4, random.Random(2018)
    walk, pictures, middle = prepare(home), Pictures(), 0
    sent = [pictures.large(number) for number in range(kills)]
    with Served(home) as server:
        phone = phone_at(server.port)
        phone.join(walk.code)
        for data in sent:
            before = set(workshops(home))
            send(phone, walk, data)
            wait_until(lambda known=before: set(workshops(home)) - known, 60, "sizes are being made")
            time.sleep(chance.random() / 5)
            making = set(workshops(home)) - before
            kill_worker(server)
            middle += any(path.is_dir() for path in making)
        if not soak:  # nobody waits for the sweep, which lets be what is a moment old
            wait_until(lambda: not unready(home), SWEEPS, "every picture has its sizes")
            for path in workshops(home):
                os.utime(path, (0, 0))
            kill_worker(server)
        began = time.monotonic()
        wait_until(lambda: not unready(home), SWEEPS, "every picture has its sizes")
        ready = time.monotonic() - began
        wait_until(lambda: not workshops(home), SWEEPS, "what the killed left is swept")
        server.stop()
    assert middle, "it was never killed in the middle"
    store, wanted = home / "uploads", {sha(data) for data in sent}
    assert all(sizes_are_whole(store, sha256) for sha256 in wanted)
    with closing(sqlite3.connect(home / "pohled.sqlite")) as rows:
        assert dict(rows.execute("select sha256, state from picture")) == dict.fromkeys(wanted, "ready")
    orphans = {path.name for path in (store / "derived").glob("*/*")} - wanted
    left = list((store / "incoming").iterdir())
    assert not orphans
    assert not left
    reached(
        "worker",
        f"{kills} kills, {middle} with half a picture: all {len(wanted)} ready {ready:.0f} s after the last,"
        f" {len(orphans) + len(left)} orphans",
    )
