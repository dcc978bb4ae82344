"""A phone's line that is cut: at every byte of a small photo and its record, and again and again in a large one."""

import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest

from tests.faults.figures import Reached
from tests.faults.oracle import counting, originals, parts, prepare_phones, revisions, sha
from tests.faults.outbox import CHUNK, Failed, Journal, Outbox
from tests.faults.outbox import SMALL as SMALL_ONES
from tests.faults.proxy import FAIR, Passage, Proxy, Weather
from tests.makers import MadeWalk
from tests.server import Served, wait_until
from tests.sync.test_records import response
from tests.sync.tus import ADDRESS, BYTES

SMALL, LARGE = 4096, 5_000_000  # bytes
STEP = 97  # without --soak, only one of so many bytes


@dataclass
class Phone:
    """One phone on a line of its own, which we cut."""

    box: Outbox
    proxy: Proxy
    walk: MadeWalk
    chance: random.Random
    uploaded: set[str] = field(default_factory=set)

    def cut(self, number: int, weather: Weather) -> None:
        """From now on: so many connections, then one in that weather."""
        cut = len(self.proxy.passages) + number
        self.proxy.weather = lambda each: weather if each == cut else FAIR

    def record(self, weather: Weather) -> Passage:
        """Sends a filled-in checklist whose connection is cut."""
        self.box.items.clear()
        self.box.put("responses", str(uuid.uuid4()), response(self.box.says, self.walk))
        return self.send(0, weather)

    def whole(self, weather: Weather) -> Passage:
        """Sends a small photo, whose bytes come with the request that begins the upload. That one is cut."""
        self.box.items.clear()
        self.box.parts.clear()
        self.box.take(self.chance.randbytes(SMALL), walk=str(self.walk.walk_id))
        return self.send(1, weather)

    def send(self, number: int, weather: Weather) -> Passage:
        self.cut(number, weather)
        first = len(self.proxy.passages)
        self.box.send_all()
        return self.proxy.passages[first + number]

    def piece(self, weather: Weather) -> Passage:
        """Sends the same bytes as any client of tus may: begins first, and goes on. The second request is cut.

        What came before the cut counts, to the byte, as soon as the server has noticed.
        """
        data = self.chance.randbytes(SMALL)
        address = self.box.ask("POST", ADDRESS, Upload_Length=SMALL).headers["Location"]
        self.cut(0, weather)
        with suppress(Failed):
            assert self.grow(address, data, 0)
        passage = self.proxy.passages[-1]
        if passage.cut:
            came = passage.body or 0
            wait_until(lambda: self.offset(address) == came, 20, f"{came} bytes came and count")
            if came < SMALL:
                wait_until(lambda: self.grow(address, data, came), 20, "it goes on")
        self.uploaded.add(sha(data))
        return passage

    def grow(self, address: str, data: bytes, offset: int) -> bool:
        """Whether it went on. The request on the dead line may be served only now, and so be taken for the newer one:
        then 409 says from where, and nothing is lost."""
        answer = self.box.ask("PATCH", address, data[offset:], Upload_Offset=offset, Content_Type=BYTES)
        if answer.status == 409:
            assert int(answer.headers["Upload-Offset"]) == offset
            return False
        assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(len(data)))
        return True

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
        told = {(record, revision, sha256) for (record, revision), sha256 in journal.records.items()}
        answers = revisions(home, "response")
        assert sorted([*revisions(home), *answers]) == sorted(told)
        assert {**counting(home), **{record: what for record, *what in answers}}.keys() == {each for each, *_ in told}
        assert sorted(parts(home)) == sorted((*what, sha256) for what, sha256 in journal.parts.items())
        loose = {sha256 for phone in self.phones for sha256 in phone.uploaded}
        assert originals(home / "uploads") == set(journal.parts.values()) | loose


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    home, journal = tmp_path_factory.mktemp("cut") / "home", Journal()
    walk, texts, all_says = prepare_phones(home, 4)
    with Served(home, options=["--no-worker"]) as server, ExitStack() as stack:
        phones = []
        for number, says in enumerate(all_says):
            says.sequence = 100_000  # so that all records are equally long
            proxy = stack.enter_context(Proxy(server.port))
            box = Outbox(says, texts, proxy.port, journal, small=SMALL, longest=0.02, chance=random.Random(number))
            box.join(walk.code)
            phones.append(Phone(box, proxy, walk, random.Random(number)))
        yield Scene(server, phones, journal)
        server.stop()


@pytest.mark.parametrize("what", ["record", "whole", "piece"])
def test_a_line_cut_at_any_byte_costs_nothing(scene: Scene, what: str, soak: bool, reached: Reached) -> None:
    do: Callable[[Phone, Weather], Passage] = getattr(Phone, what)
    for phone in scene.phones:
        phone.box.small = SMALL
        phone.proxy.passages.clear()
    fair = do(scene.phones[0], FAIR)
    cuts = [
        *(Weather(request_ends=at) for at in range(0, fair.sent, 1 if soak else STEP)),
        *(Weather(answer_ends=at) for at in range(0, fair.heard, 1 if soak else STEP)),
    ]
    with ThreadPoolExecutor(len(scene.phones)) as pool:
        turns = [(phone, cuts[number :: len(scene.phones)]) for number, phone in enumerate(scene.phones)]
        passages = [each for found in pool.map(lambda turn: all_cut(do, *turn), turns) for each in found]
    scene.check()
    requests = sum(each.cut and each.weather.request_ends is not None for each in passages)
    answers = sum(each.cut and each.weather.answer_ends is not None for each in passages)
    assert answers
    figure = f"{what}: cut at {requests:,} places of the request and {answers:,} of the answer, all resumed"
    if what != "record":
        again = [more for phone in scene.phones for more in sent_twice(phone.proxy.passages)]
        assert max(again) <= SMALL
        figure += f", at most {max(again):,} bytes sent twice"
    reached("cut", figure)


def all_cut(do: Callable[[Phone, Weather], Passage], phone: Phone, cuts: list[Weather]) -> list[Passage]:
    found = [do(phone, weather) for weather in cuts]
    for passage in found:
        ends = passage.weather.request_ends
        assert ends is None or (passage.cut and passage.sent == ends)
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
        phone.box.take(random.Random(photos).randbytes(LARGE), walk=str(phone.walk.walk_id))
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
    phone.box.take(phone.chance.randbytes(size), walk=str(phone.walk.walk_id))
    phone.box.send_all(60)
    assert phone.proxy.cuts >= size // most
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
