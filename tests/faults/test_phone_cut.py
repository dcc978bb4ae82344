"""A phone's line that is cut: at every byte of a small photo and its record, and again and again in a large one."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.faults.figures import Reached
from tests.faults.oracle import counting, originals, parts, prepare_phones, revisions
from tests.faults.outbox import CHUNK, Journal, Outbox
from tests.faults.outbox import SMALL as SMALL_ONES
from tests.faults.proxy import FAIR, Passage, Proxy, Weather
from tests.server import Served, wait_until

SMALL, LARGE = 4096, 5_000_000  # bytes
STEP = 97  # without --soak, only one of so many bytes
PUT, POST, PATCH, CONFIRM = range(4)
"""What a phone asks for a photo, one connection each. Small ones come with the POST, without a PATCH."""


@dataclass
class Phone:
    """One phone on a line of its own, which we cut."""

    box: Outbox
    proxy: Proxy
    walk: str
    chance: random.Random

    def send_cut(self, number: int, weather: Weather) -> Passage:
        """Sends a small photo whose connection of that number is cut, then what is left. Returns that connection."""
        self.box.items.clear()
        self.box.parts.clear()
        first = len(self.proxy.passages)
        self.proxy.weather = lambda each: weather if each == first + number else FAIR
        self.box.take(self.chance.randbytes(SMALL), walk=self.walk)
        self.box.send()
        passage = self.proxy.passages[first + number]
        if number == PATCH and passage.cut and weather.request_ends is not None:
            # What came before the cut counts, as soon as the server has noticed.
            address, came = self.box.parts[0].address, passage.body or 0
            wait_until(lambda: self.offset(address) == came, 10, f"{came} bytes came and count")
        self.box.send_all()
        return passage

    def offset(self, address: str) -> int:
        return int(self.box.ask("HEAD", address).headers["Upload-Offset"])


@dataclass(frozen=True)
class Scene:
    """A server, and phones that have joined a walk."""

    server: Served
    phones: list[Phone]
    journal: Journal

    def check(self) -> None:
        """Rows and files are what the phones were told, and nothing else."""
        home, journal = self.server.home, self.journal
        told = {(photo, revision, sha256) for (photo, revision), sha256 in journal.records.items()}
        assert sorted(revisions(home)) == sorted(told)
        assert counting(home) == {photo: (revision, sha256) for photo, revision, sha256 in told}
        assert sorted(parts(home)) == sorted((*what, sha256) for what, sha256 in journal.parts.items())
        assert originals(home / "uploads") == set(journal.parts.values())


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    home, journal = tmp_path_factory.mktemp("cut") / "home", Journal()
    walk, texts, all_says = prepare_phones(home, 4)
    with Served(home, options=["--no-worker"]) as server, ExitStack() as stack:
        phones = []
        for number, says in enumerate(all_says):
            says.sequence = 100_000  # so that all records are equally long
            proxy = stack.enter_context(Proxy(server.port))
            box = Outbox(says, texts, proxy.port, journal, longest=0.02, chance=random.Random(number))
            box.join(walk.code)
            phones.append(Phone(box, proxy, str(walk.walk_id), random.Random(number)))
        yield Scene(server, phones, journal)
        server.stop()


def test_a_line_cut_at_any_byte_costs_nothing(scene: Scene, soak: bool, reached: Reached) -> None:
    cuts = {"request": 0, "answer": 0}
    for chunk, numbers in ((0, (PUT, POST)), (SMALL, (PATCH,))):
        for phone in scene.phones:
            phone.box.small, phone.box.chunk = (0, chunk) if chunk else (SMALL, SMALL)
        whole = measured(scene.phones[0], max(numbers))
        cases = [
            (number, Weather(request_ends=at) if side == "request" else Weather(answer_ends=at))
            for number in numbers
            for side, length in (("request", whole[number].sent), ("answer", whole[number].heard))
            for at in range(0, length, 1 if soak else STEP)
        ]
        with ThreadPoolExecutor(len(scene.phones)) as pool:
            for passage in pool.map(lambda each: cut_all(*each), shared(scene.phones, cases)):
                for each in passage:
                    cuts["answer" if each.weather.request_ends is None else "request"] += each.cut
    scene.check()
    again = [bytes_ for phone in scene.phones for bytes_ in sent_twice(phone.proxy.passages)]
    assert max(again) <= SMALL
    reached(
        "cut",
        f"{cuts['request']:,} places of requests and {cuts['answer']:,} of answers: all {len(scene.journal.parts):,} "
        f"resumed, at most {max(again)} bytes sent twice",
    )


def measured(phone: Phone, last: int) -> list[Passage]:
    """The connections of a small photo when nothing is cut."""
    first = len(phone.proxy.passages)
    phone.send_cut(last, FAIR)
    return phone.proxy.passages[first:]


def shared(phones: list[Phone], cases: list[tuple[int, Weather]]) -> list[tuple[Phone, list[tuple[int, Weather]]]]:
    return [(phone, cases[number :: len(phones)]) for number, phone in enumerate(phones)]


def cut_all(phone: Phone, cases: list[tuple[int, Weather]]) -> list[Passage]:
    found = []
    for number, weather in cases:
        passage = phone.send_cut(number, weather)
        if weather.request_ends is not None:
            assert passage.cut and passage.sent == weather.request_ends
        found.append(passage)
    return found


def test_a_large_photo_goes_on_where_it_was_cut(scene: Scene, soak: bool, reached: Reached) -> None:
    cuts, phone, chance = 200 if soak else 10, scene.phones[0], random.Random(5)
    proxy, photos, before = phone.proxy, 0, len(scene.journal.parts)
    phone.box.small, phone.box.chunk = SMALL_ONES, CHUNK
    proxy.passages.clear()

    def weather(_: int) -> Weather:
        if proxy.cuts >= cuts:
            return FAIR
        if chance.random() < 0.1:
            return Weather(answer_ends=chance.randrange(300))
        return Weather(request_ends=chance.randrange(2 * LARGE // cuts))

    while proxy.cuts < cuts:
        proxy.weather = weather
        phone.box.take(random.Random(photos).randbytes(LARGE), walk=phone.walk)
        photos += 1
        phone.box.send_all()
    scene.check()
    assert len(scene.journal.parts) - before == photos
    again = sent_twice(proxy.passages)
    assert max(again) <= CHUNK
    reached(
        "cut",
        f"{proxy.cuts} random cuts of {photos} × {LARGE / 1e6:.0f} MB: all resumed, {again.count(0)} of "
        f"{len(again)} PATCHes began where the line was cut, at most {max(again):,} bytes were sent twice",
    )


def test_a_line_that_never_holds_for_long_is_enough(scene: Scene) -> None:
    """However small a photo is: were it always sent as one, it would never arrive."""
    phone, size, most = scene.phones[0], 300_000, 60_000
    phone.box.small, phone.box.chunk = SMALL_ONES, CHUNK
    phone.proxy.passages.clear()
    phone.proxy.weather = lambda _: Weather(request_ends=most)
    phone.box.take(phone.chance.randbytes(size), walk=phone.walk)
    phone.box.send_all(60)
    assert size // most <= phone.proxy.cuts <= 2 * size // most
    scene.check()


def sent_twice(passages: Iterable[Passage]) -> list[int]:
    """Of one phone: how many bytes each request sent that had reached the server before."""
    reached, found, upload = defaultdict[str, int](int), [], ""
    for passage in passages:
        metadata, offset = passage.said("Upload-Metadata"), passage.said("Upload-Offset")
        if passage.body is None or (metadata is None and offset is None):
            continue
        upload, at = metadata or upload, int(offset or 0)  # a PATCH goes on with what was begun last
        if passage.body:
            found.append(max(0, min(reached[upload], at + passage.body) - at))
        reached[upload] = max(reached[upload], at + passage.body)
    return found
