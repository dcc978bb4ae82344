"""The power goes: what was never flushed is gone, and nothing that anybody was told is among it."""

import random
import threading
import time
from pathlib import Path

import pytest

from tests.faults.disk import Disk, Found, disk_under
from tests.faults.figures import Reached
from tests.faults.oracle import prepare
from tests.faults.sending import Sender, Told, failed, lost
from tests.makers import MadeWalk
from tests.server import Served, wait_until

SENDERS = 4


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def walk(home: Path) -> MadeWalk:
    return prepare(home)


@pytest.fixture
def disk(home: Path, walk: MadeWalk, tmp_path: Path) -> Disk:
    beside = tmp_path / "beside"
    beside.mkdir()
    made = disk_under(home, beside)
    made.settle()
    return made


def begin_sending(server: Served, walk: MadeWalk, told: Told, enough: threading.Event) -> list[Sender]:
    senders = [Sender(number, server.port, walk, told, enough) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    return senders


def wait_for(more: int, told: Told, senders: list[Sender]) -> None:
    enough = told.count + more
    wait_until(lambda: told.count >= enough or failed(senders), 60, "things are received")


def test_what_anybody_was_told_is_there_when_the_power_comes_back(
    home: Path, walk: MadeWalk, disk: Disk, soak: bool, reached: Reached
) -> None:
    """Every other time, chance decides what else has reached the disk by itself, in whatever order."""
    cuts, told, enough, chance = 100 if soak else 2, Told(), threading.Event(), random.Random(2018)
    missing, resent = list[str](), 0
    with Served(home, env=disk.env) as server:
        senders = begin_sending(server, walk, told, enough)
        for number in range(cuts):
            wait_for(chance.randrange(1, 40), told, senders)
            time.sleep(chance.random() / 10)
            server.kill_all()
            before = told.until_now()
            disk.lose_power(chance if number % 2 else None)
            missing += lost(home, before)
            assert not missing, f"after cut {number}"
            server.start()
        wait_for(20, told, senders)
        enough.set()
        for sender in senders:
            sender.join(90)
        assert not failed(senders), server.said()
        resent = sum(sender.again for sender in senders)
        assert resent, "the power went when nobody was sending"
        missing += lost(home, told)
        assert not missing
        server.stop()
    reached("power", f"{cuts} cuts, {told.count:,} times told that something is received: {len(missing)} lost")


def test_what_is_not_flushed_is_missed(home: Path, walk: MadeWalk, disk: Disk, tmp_path: Path) -> None:
    """So that the test above can fail: where a flush of bytes, of names or of rows is left out, something is lost."""
    before, told, enough = disk.flushed(), Told(), threading.Event()
    with Served(home, env=disk.env) as server:
        senders = begin_sending(server, walk, told, enough)
        wait_for(40, told, senders)
        server.kill_all()
        enough.set()
    flushed = disk.flushed()
    rows = {key for name, (_, key) in flushed.folders[flushed.root].items() if name.startswith("pohled.sqlite")}
    old = {key: data for key, data in before.files.items()}
    kept = {key: data for key, data in flushed.files.items() if key in rows}
    others = {key: data for key, data in flushed.files.items() if key not in rows}
    known = {key: data for key, data in before.files.items() if key in rows}
    cases = {
        "nothing is left out": Found(flushed.files, flushed.folders, flushed.root),
        "names are": Found(flushed.files, before.folders, flushed.root),
        "bytes are": Found({**old, **kept}, flushed.folders, flushed.root),
        "rows are": Found({**others, **known}, flushed.folders, flushed.root),
    }
    missing = {}
    for number, (what, found) in enumerate(cases.items()):
        found.lay_out(tmp_path / str(number))
        missing[what] = bool(lost(tmp_path / str(number), told.until_now()))
    assert missing == {"nothing is left out": False, "names are": True, "bytes are": True, "rows are": True}
