"""Kill -9 in the middle of everything, over a bad line: what phones were told is there, once, whole."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.faults.figures import Reached
from tests.faults.oracle import (
    Pictures,
    corrupt,
    count,
    counting,
    half_made,
    originals,
    parts,
    photos,
    prepare_phones,
    revisions,
    sizes_are_whole,
    states,
    swept_later,
)
from tests.faults.outbox import Journal, Outbox
from tests.faults.proxy import FAIR, Proxy, bad
from tests.makers import MadeWalk
from tests.server import Served, wait_until

LARGE_EVERY, EDIT_EVERY = 20, 5  # one photo in so many has some megabytes; one in so many is written anew
WITHIN = 300  # seconds after the last fault, as the table wants it
SEND_SECONDS = 1200
PATIENCE = (
    60  # seconds, as the app has it; while the line is bad it is short, so that many give up who would be heard
)
SMALL_PIXELS, LARGE_PIXELS = (540, 410), (2480, 1850)  # some 200 kB, some 4 MB


class Walker(threading.Thread):
    """Somebody who takes one photo after the other, while their phone sends what it can."""

    def __init__(self, number: int, each: int, box: Outbox, walk: MadeWalk, pictures: Pictures) -> None:
        super().__init__(name=f"walker {number}", daemon=True)
        self.numbers = range(number * each, (number + 1) * each)
        self.box, self.walk, self.pictures = box, walk, pictures
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            self.box.join(self.walk.code)
            for number in self.numbers:
                data = self.pictures.large(number) if number % LARGE_EVERY == 0 else self.pictures.small(number)
                photo = self.box.take(data, self.pictures.preview(number), walk=str(self.walk.walk_id))
                self.box.send()
                if number % EDIT_EVERY == 0:
                    self.box.edit(photo, caption={"en": f"Number {number}, seen again"})
            self.box.send_all(SEND_SECONDS)
        except BaseException as error:
            self.failure = error


def test_whatever_is_killed_what_phones_were_told_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soak: bool, reached: Reached
) -> None:
    clients, each, kills, longest = (20, 50, 50, 6.0) if soak else (4, 6, 2, 1.0)
    home, store, chance = tmp_path / "home", tmp_path / "home" / "uploads", random.Random(2018)
    walk, texts, phones = prepare_phones(home, clients)
    journal = Journal()
    pictures = Pictures(SMALL_PIXELS, LARGE_PIXELS) if soak else Pictures()
    # Moments are counted in originals that are here: so all kills come while there is much to send.
    moments = sorted(chance.sample(range(1, clients * each * 19 // 20), kills))
    with Served(home) as server, Proxy(server.port, bad(2018, longest)) as proxy:
        walkers = [
            Walker(
                number,
                each,
                Outbox(says, texts, proxy.port, journal, patience=longest, chance=random.Random(number)),
                walk,
                pictures,
            )
            for number, says in enumerate(phones)
        ]
        for walker in walkers:
            walker.start()
        for moment in moments:
            wait_until(
                lambda so_far=moment: journal.whole >= so_far or failed(walkers),  # type: ignore[misc]
                SEND_SECONDS,
                "uploads go on",
            )
            assert not failed(walkers), server.said()
            time.sleep(chance.uniform(0, 0.3))
            server.kill_all()
            server.start()
        proxy.weather = lambda _: FAIR
        for walker in walkers:
            walker.box.patience = PATIENCE
        last = time.monotonic()
        for walker in walkers:
            walker.join(WITHIN)
        assert not failed(walkers), server.said()
        pictured = 2 * clients * each
        wait_until(lambda: states(home) == {"ready": pictured}, WITHIN, "every picture has its sizes")
        seconds = time.monotonic() - last
        assert seconds < WITHIN
        server.stop()

    assert journal.whole == clients * each
    assert sum(walker.box.failures for walker in walkers) > kills, "the faults came when nobody was sending"
    rows, belonging, wrong = revisions(home), parts(home), corrupt(store)
    told = {(photo, revision, sha256) for (photo, revision), sha256 in journal.records.items()}
    files = originals(store)
    lost = [*(told - set(rows)), *(sha256 for sha256 in journal.parts.values() if sha256 not in files)]
    double = [*twice(each[:2] for each in rows), *twice(each[:2] for each in belonging)]
    strangers = {photo for photo, _ in photos(home)} - {photo for photo, *_ in told}
    assert (lost, double, wrong, strangers) == ([], [], [], set())
    # An answer may have been lost, and the next revision have come first: then nobody was told of the older one.
    sealed = {(item.record, item.revision, item.sha256) for walker in walkers for item in walker.box.items}
    assert set(rows) <= sealed, "nobody wrote this"
    assert counting(home) == {photo: (revision, sha256) for photo, revision, sha256 in sorted(sealed)}
    assert sorted(belonging) == sorted((*what, sha256) for what, sha256 in journal.parts.items())
    assert count(home, "participant") == count(home, "device") == clients
    assert all(sizes_are_whole(store, sha256) for sha256 in journal.parts.values())

    swept_later(home, monkeypatch, days=15)
    assert originals(store) == set(journal.parts.values()), "an orphan, or one that was needed went"
    assert half_made(store) == []
    assert count(home, "upload") == 0
    assert sorted(parts(home)) == sorted((*what, sha256) for what, sha256 in journal.parts.items())
    found = f"{len(lost)} lost, {len(double)} double, {len(wrong)} corrupt, all there {seconds:.0f} s after the last"
    lines = f"{len(proxy.passages):,} connections of which {proxy.harmed:,} came to harm"
    reached("kill", f"{kills} kills, {journal.whole:,} photos over {lines}: {found}")


def twice(keys: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Those that are there more than once."""
    return [key for key, times in Counter(keys).items() if times > 1]


def failed(walkers: list[Walker]) -> list[str]:
    return [f"{walker.name}: {walker.failure!r}" for walker in walkers if walker.failure]
