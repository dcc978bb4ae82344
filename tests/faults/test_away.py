"""The store's disk or Redis is gone for a while: patience is asked for, or things wait, and nothing is lost."""

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.figures import Reached
from tests.faults.oracle import prepare, unready
from tests.faults.sending import Asked, Sender, Told, failed, lost
from tests.makers import MadeWalk
from tests.plain_client import PlainClient
from tests.server import HOST, Served, free_port, wait_until

SENDERS = 3
SWEEPS = 1200  # seconds for several sweeps


@contextmanager
def sending(server: Served, walk: MadeWalk, told: Told, busy: list[Asked], seconds: float) -> Iterator[list[Sender]]:
    """Meanwhile, some people send; afterwards, all that they were told is there."""
    enough = threading.Event()
    senders = [Sender(each, server.port, walk, told, enough, busy, seconds + 120) for each in range(SENDERS)]
    for sender in senders:
        sender.start()
    wait_for(20, told, senders)
    try:
        yield senders
    finally:
        enough.set()
    for sender in senders:
        sender.join(120)
    assert not failed(senders), server.said()
    assert not lost(server.home, told)


def wait_for(more: int, told: Told, senders: list[Sender]) -> None:
    wanted = told.count + more
    wait_until(lambda: told.count >= wanted or failed(senders), 90, "things are received")


def pictures_get_ready(server: Served, soak: bool) -> float:
    """Waits for the sizes; a start sweeps at once. Returns the seconds that it took."""
    began = time.monotonic()
    if not soak:
        server.stop()
        server.start()
    wait_until(lambda: not unready(server.home), SWEEPS, "every picture has its sizes")
    return time.monotonic() - began


def test_a_store_that_is_gone_is_waited_for(tmp_path: Path, soak: bool, reached: Reached) -> None:
    """First its folder is not there at all, and then it is empty, as where a disk is to be mounted."""
    home, seconds = tmp_path / "home", 600 if soak else 4
    store, away = home / "uploads", home / "away"
    walk, told, busy = prepare(home), Told(), list[Asked]()
    with Served(home) as server:
        with sending(server, walk, told, busy, seconds) as senders:
            store.rename(away)
            try:
                time.sleep(seconds / 2)
                assert PlainClient(server.port).get("/health", 503)
                first = len(busy)
                store.mkdir()
                time.sleep(seconds / 2)
                second = len(busy) - first
            finally:
                shutil.rmtree(store, ignore_errors=True)
                away.rename(store)
            wait_for(20, told, senders)
        took = pictures_get_ready(server, soak)
        server.stop()
    assert first
    assert second
    assert all(asked.again.isdecimal() for asked in busy)
    missing = lost(home, told)
    assert not missing
    reached(
        "away",
        f"the store for {seconds} s: {len(busy)} times 503 with Retry-After; {told.count} things received,"
        f" {len(missing)} lost, all sizes made {took:.0f} s after",
    )


class Redis:
    """A real one, which remembers nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"redis://{HOST}:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        said = [
            "--port",
            str(self.port),
            "--bind",
            HOST,
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.folder),
        ]
        self.process = subprocess.Popen(["redis-server", *said], stdout=subprocess.DEVNULL)

    def hang(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    if not shutil.which("redis-server"):
        pytest.skip("there is no redis-server here")
    pytest.importorskip("redis", reason="the extra pohled[redis] is not installed")
    found = Redis(tmp_path)
    found.start()
    yield found
    found.kill()


@pytest.mark.soak
def test_without_redis_everything_is_received_and_done_later(tmp_path: Path, redis: Redis, reached: Reached) -> None:
    """First it hangs, and then it is not there; what it knew is forgotten."""
    home, seconds = tmp_path / "home", 600
    walk, told, busy = prepare(home), Told(), list[Asked]()
    with Served(home, env={"POHLED_QUEUE": redis.address}) as server:
        with sending(server, walk, told, busy, seconds) as senders:
            before = told.count
            redis.hang()
            time.sleep(seconds / 2)
            redis.kill()
            time.sleep(seconds / 2)
            meanwhile = told.count - before
            redis.start()
            wait_for(20, told, senders)
        took = pictures_get_ready(server, soak=True)
        server.stop()
    assert meanwhile, "nothing was received meanwhile"
    missing = lost(home, told)
    assert not missing
    reached(
        "away",
        f"Redis for {seconds} s: {meanwhile} things received meanwhile, {told.count} in all, {len(missing)} lost,"
        f" {len(busy)} times 503, all sizes made {took:.0f} s after",
    )
