"""Kill -9 and SIGTERM: what was acknowledged is there, once, and nothing serves on."""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from tests.faults.oracle import (
    Pictures,
    originals,
    photo_letter,
    photos,
    prepare,
    sha,
    sizes_are_whole,
    spooled,
    states,
)
from tests.makers import MadeWalk
from tests.plain_client import PlainClient, answer_on
from tests.server import ROOT, Served, wait_until

CLIENTS, PHOTOS_EACH = 10, 20
ALL = CLIENTS * PHOTOS_EACH
LARGE_EVERY = 20  # one photo in so many has some megabytes
SEND_SECONDS = 90
Result = TypeVar("Result")


@dataclass
class Journal:
    """What the clients were told, and nothing that they only hope."""

    acknowledged: dict[str, str] = field(default_factory=dict)  # form id -> SHA-256
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, form: str, sha256: str) -> None:
        with self._lock:
            self.acknowledged[form] = sha256

    def __len__(self) -> int:
        return len(self.acknowledged)


class Walker(threading.Thread):
    """Somebody who sends one photo after the other, and presses "Send" again until it has arrived."""

    def __init__(self, number: int, port: int, walk: MadeWalk, pictures: Pictures, journal: Journal) -> None:
        super().__init__(name=f"walker {number}", daemon=True)
        self.number, self.walk, self.pictures, self.journal = number, walk, pictures, journal
        self.client = PlainClient(port)
        self.failure: BaseException | None = None
        self.resent = 0

    def run(self) -> None:
        try:
            self._patiently(lambda: self.client.join(self.walk.code))
            for number in range(self.number * PHOTOS_EACH, (self.number + 1) * PHOTOS_EACH):
                self._send_photo(number)
        except BaseException as error:
            self.failure = error

    def _send_photo(self, number: int) -> None:
        large = number % LARGE_EVERY == 0
        data = self.pictures.large(number) if large else self.pictures.small(number)
        form, letter = self._patiently(lambda: photo_letter(self.client, self.walk, data))
        self._patiently(lambda: self.client.send(letter))
        self.journal.note(form, sha(data))

    def _patiently(self, act: Callable[[], Result]) -> Result:
        """Only a broken line is tried again; any answer but the wished one is a failure."""
        end = time.monotonic() + SEND_SECONDS
        while True:
            try:
                return act()
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < end, "the server did not come back"
                self.resent += 1
                time.sleep(0.05)


@pytest.mark.soak  # the short form is that of the phones: test_phone_kill.py
def test_every_process_killed_twice_while_ten_people_send_two_hundred_photos(tmp_path: Path) -> None:
    home, store = tmp_path / "home", tmp_path / "home" / "uploads"
    walk, pictures, journal = prepare(home), Pictures(), Journal()
    moments = random.Random(2018)
    with Served(home) as server:
        walkers = [Walker(number, server.port, walk, pictures, journal) for number in range(CLIENTS)]
        for walker in walkers:
            walker.start()
        for moment in (moments.randrange(30, 80), moments.randrange(110, 160)):
            wait_until(lambda so_far=moment: len(journal) >= so_far or failed(walkers), 60, "uploads go on")
            server.kill_all()
            server.start()
        for walker in walkers:
            walker.join(SEND_SECONDS)
        assert not failed(walkers), server.said()
        assert len(journal) == ALL
        assert sum(walker.resent for walker in walkers), "the kills came when nobody was sending"

        wait_until(lambda: states(home) == {"ready": ALL}, 60, "every picture has its sizes")
        rows = photos(home)
        assert len(rows) == ALL, "a photo is there twice"
        assert dict(rows) == journal.acknowledged
        for walker in walkers:
            mine = walker.client.get(f"/plain/walks/{walk.walk_id}/photos").text
            assert mine.count('/320"') == PHOTOS_EACH, "a person does not see all of their photos"
        server.stop()

    assert originals(store) == set(journal.acknowledged.values())
    assert all(sizes_are_whole(store, sha256) for sha256 in journal.acknowledged.values())


def test_nothing_serves_on_when_only_the_parent_is_killed(tmp_path: Path) -> None:
    with Served(tmp_path / "home") as server:
        wait_until(lambda: len(server.processes()) >= 4, 20, "the parent, two that serve, one for jobs")
        server.kill_parent()
        wait_until(lambda: not server.processes(), 10, "its children die with it")
        assert server.refuses()
        server.start()  # nothing is in the way of the next start
        server.stop()


def test_every_process_holds_its_own_lock_on_the_database(tmp_path: Path) -> None:
    """A forked one would believe in its parent's locks without having them, and the file may be damaged."""
    with Served(tmp_path / "home", "demo") as server:
        PlainClient(server.port).get("/health")
        index = server.home / "pohled.sqlite-shm"
        using = {pid for pid in server.processes() if str(index) in opened(pid)}
        assert using
        wait_until(lambda: using <= lock_holders(index), 5, "who has the database open holds a lock of its own")


def test_a_polite_stop_lets_an_upload_arrive(tmp_path: Path) -> None:
    home, store = tmp_path / "home", tmp_path / "home" / "uploads"
    walk = prepare(home)
    with Served(home) as server:
        client = PlainClient(server.port)
        client.join(walk.code)
        data = Pictures().large(1)
        form, letter = photo_letter(client, walk, data)
        with client.begin(letter) as line:
            half = len(letter.body) // 2
            line.sendall(letter.body[:half])
            wait_until(lambda: spooled(server, store), 10, "the upload is under way")
            server.ask_to_stop()
            wait_until(server.refuses, 10, "nobody new is let in")
            line.sendall(letter.body[half:])
            status = answer_on(line)
        server.wait_stopped()
    assert status == http.HTTPStatus.FOUND, "an upload under way was cut off"
    assert photos(home) == [(form, sha(data))]


@pytest.mark.parametrize("command", ["serve", pytest.param("demo", marks=pytest.mark.soak)])
def test_who_stops_a_server_just_after_its_start_need_not_wait(tmp_path: Path, command: str) -> None:
    with Served(tmp_path / "home", command) as server:
        server.stop()
        server.start()
        server.stop()


@pytest.mark.parametrize("whom", ["the parent", "its whole group"])
def test_impatience_does_not_keep_a_server_from_stopping(tmp_path: Path, whom: str) -> None:
    with Served(tmp_path / "home") as server:
        parent = server.process
        assert parent
        for pause in range(200):
            time.sleep(pause / 1e6)  # so that some come while others are being handled
            with suppress(ProcessLookupError):
                os.kill(parent.pid if whom == "the parent" else -parent.pid, signal.SIGTERM)
        server.wait_stopped()


def test_a_taken_port_is_said_and_nobody_serves_beside(tmp_path: Path) -> None:
    with Served(tmp_path / "home") as server:
        command = [sys.executable, "-m", "webapp.cli", "serve", "--port", str(server.port)]
        env = {**os.environ, "POHLED_HOME": str(tmp_path / "other")}
        second = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
        assert second.returncode == 1
        assert f"Port {server.port} is taken" in second.stderr


def opened(pid: int) -> set[str]:
    """The files that a process has open."""
    found = set()
    for path in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(OSError):
            found.add(str(path.readlink()))
    return found


def lock_holders(path: Path) -> set[int]:
    """The processes that the kernel names as holders of a lock on the file."""
    lines = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    return {int(line[-4]) for line in lines if line[-3].endswith(f":{path.stat().st_ino}")}


def failed(walkers: list[Walker]) -> list[str]:
    return [f"{walker.name}: {walker.failure}" for walker in walkers if walker.failure]
