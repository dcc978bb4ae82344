"""Answers that nobody hears, and requests that come five times at once: everything is there once."""

import json
import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.faults.figures import Reached
from tests.faults.oracle import (
    count,
    counting,
    half_made,
    originals,
    parts,
    photos,
    prepare_phones,
    revisions,
    sha,
    swept_later,
)
from tests.faults.outbox import API, Answer, Failed, Journal, Outbox
from tests.faults.proxy import FAIR, Passage, Proxy, Weather
from tests.makers import MadeWalk
from tests.server import Served
from tests.sync.phone import PURPOSES, Phone
from tests.sync.test_records import response
from tests.sync.test_releases import release
from tests.sync.test_tracks import piece
from tests.sync.tus import ADDRESS, BYTES, words

UNHEARD = Weather(answer_ends=0)
SMALL, CHUNK, LARGE = 1000, 2000, 6000  # bytes: in one request, of a request, and of a photo that takes three
EQUAL = 5
KINDS = {
    "POST join",
    "PUT responses",
    "PUT consents",
    "PUT photos",
    "DELETE photos",
    "PUT releases",
    "PUT tracks",
    "DELETE tracks",
    "POST uploads",
    "PATCH uploads",
    "DELETE uploads",
}


@dataclass
class Deaf(Outbox):
    """A phone that never hears the first answer to anything that it changes."""

    line: Proxy = field(kw_only=True)
    asked: set[tuple[object, ...]] = field(default_factory=set)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: object) -> Answer:
        what = (method, path, headers.get("Upload_Metadata"), headers.get("Upload_Offset"))
        deaf = what not in self.asked and method not in ("GET", "HEAD")
        self.asked.add(what)
        self.line.weather = lambda _: UNHEARD if deaf else FAIR
        if not deaf:
            return super().ask(method, path, body, **headers)
        with pytest.raises(Failed) as heard:
            super().ask(method, path, body, **headers)
        raise heard.value


@dataclass
class Scene:
    """A server, a walk, and people who come to it one after the other."""

    server: Served
    walk: MadeWalk
    texts: dict[str, str]
    coming: list[Phone]
    journal: Journal = field(default_factory=Journal)
    people: int = 0

    def newcomer(self) -> Phone:
        self.people += 1
        return self.coming.pop()

    def consent(self, box: Outbox) -> dict[str, Any]:
        return {**box.says.consent("web", self.texts["web"], yes=False), "method": "tapped"}

    def release(self, photo: str) -> dict[str, Any]:
        return {**release(photo, self.texts["exhibition"]), "code": sha(photo.encode())}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, soak: bool) -> Iterator[Scene]:
    home = tmp_path_factory.mktemp("unheard") / "home"
    walk, texts, phones = prepare_phones(home, 150 if soak else 10)
    with Served(home, options=["--no-worker"]) as server:
        yield Scene(server, walk, texts, phones)
        server.stop()


def live_a_day(box: Outbox, scene: Scene, chance: random.Random) -> None:
    """Everything that a phone ever changes on the server."""
    walk = str(scene.walk.walk_id)
    box.join(scene.walk.code)
    box.put("responses", str(uuid.uuid4()), response(box.says, scene.walk))
    box.put("consents", str(uuid.uuid4()), scene.consent(box))
    given_up = box.put("tracks", str(uuid.uuid4()), piece(scene.walk)).record
    for size in (SMALL, LARGE):
        photo = box.take(chance.randbytes(size), walk=walk)
    box.put("releases", str(uuid.uuid4()), scene.release(photo))
    regretted = box.take(chance.randbytes(SMALL), walk=walk)
    box.send_all()
    box.take_back(regretted)
    box.send_all()
    journal = box.journal
    del journal.records[regretted, 1], journal.parts[regretted, "original"]
    end(box, f"{API}/tracks/{given_up}", 204)
    box.put("tracks", str(uuid.uuid4()), piece(scene.walk))
    box.send_all()
    end(box, begin_upload(box, scene, CHUNK), 404)


def begin_upload(box: Outbox, scene: Scene, length: int, **said: str) -> str:
    """The address of an upload of which nothing has come. As often as it must be asked."""
    while True:
        try:
            answer = box.ask("POST", ADDRESS, Upload_Length=length, Upload_Metadata=words(**said))
        except Failed:
            continue
        assert answer.status == 201
        return answer.headers["Location"]


def end(box: Outbox, address: str, status: int) -> None:
    """Deletes what stands there. The first answer is lost; the second has this status."""
    with pytest.raises(Failed):
        box.ask("DELETE", address)
    assert box.ask("DELETE", address).status == status


def test_unheard_answers_leave_one_of_each(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, soak: bool, reached: Reached
) -> None:
    drops, kinds, home = 1000 if soak else 40, Counter[str](), scene.server.home
    while kinds.total() < drops:
        with Proxy(scene.server.port) as line:
            box = Deaf(scene.newcomer(), scene.texts, line.port, scene.journal, longest=0.02, line=line)
            box.small, box.chunk = SMALL, CHUNK
            live_a_day(box, scene, random.Random(scene.people))
            kinds.update(kind_of(passage) for passage in line.passages if passage.unheard)
    assert kinds.keys() == KINDS
    check(scene)
    swept_later(home, monkeypatch, days=15)
    assert half_made(home / "uploads") == []
    check(scene)
    reached("unheard", f"{kinds.total():,} answers dropped ({', '.join(sorted(kinds))}): one record, one file each")


def kind_of(passage: Passage) -> str:
    method, path = passage.head.decode("latin-1").split(" ")[:2]
    return f"{method} {path.removeprefix(API).split('/')[1]}"


def check(scene: Scene) -> None:
    """One row and one file of each thing, by what phones were told."""
    home, people, journal = scene.server.home, scene.people, scene.journal
    told = {(record, revision, sha256) for (record, revision), sha256 in journal.records.items()}
    assert [count(home, table) for table in ("participant", "device", "walker")] == [people] * 3
    assert count(home, "consent") == (len(PURPOSES) + 1) * people
    assert [count(home, table) for table in ("response", "response_revision")] == [people] * 2
    assert count(home, "answer") == 2 * people
    assert [count(home, table) for table in ("release", "release_answer")] == [people] * 2
    # Of the way that was deleted an empty row stays, and nothing of where it went.
    assert [count(home, table) for table in ("recording", "recorded_piece", "track")] == [2 * people, people, people]
    assert len(photos(home)) == 3 * people  # the one that was taken back leaves an empty row
    found = revisions(home)
    assert len(found) == len(set(found)) == len(counting(home)) == 2 * people
    assert set(found) <= told
    assert sorted(parts(home)) == sorted((*what, sha256) for what, sha256 in journal.parts.items())
    assert originals(home / "uploads") == set(journal.parts.values())


def test_five_equal_requests_at_once_are_one(scene: Scene, soak: bool, reached: Reached) -> None:
    rounds, home = 50 if soak else 3, scene.server.home
    uploads = count(home, "upload")
    with ThreadPoolExecutor(EQUAL) as pool:
        for _ in range(rounds):
            box = Outbox(scene.newcomer(), scene.texts, scene.server.port, scene.journal)
            crowd(box, scene, random.Random(scene.people), lambda ask: at_once(pool, ask))
    check(scene)
    assert count(home, "upload") - uploads == (EQUAL + 1) * rounds, "each POST that came, and what one PATCH ended"
    reached("unheard", f"{EQUAL} equal requests at once, {rounds} times of each of {len(KINDS)} kinds: one each")


def at_once(pool: ThreadPoolExecutor, ask: Callable[[], Answer]) -> list[Answer]:
    """The same request from all threads in the same moment."""
    barrier = threading.Barrier(EQUAL)

    def one(_: int) -> Answer:
        barrier.wait(10)
        return ask()

    return list(pool.map(one, range(EQUAL)))


def crowd(
    box: Outbox, scene: Scene, chance: random.Random, ask: Callable[[Callable[[], Answer]], list[Answer]]
) -> None:
    """Everything that a phone ever changes, five times at once."""

    def put(path: str, record: str, body: dict[str, Any]) -> None:
        sealed = json.dumps(body).encode()
        answers = ask(lambda: box.ask("PUT", f"{API}/{path}/{record}", sealed, Content_Type="application/json"))
        said = the_same(answers)
        assert said["sha256"] == sha(sealed)
        box.journal.note_record(record, body.get("revision", 1), sha(sealed))

    joining = json.dumps(box.says.joining(scene.walk.code, scene.texts)).encode()
    joined = the_same(ask(lambda: box.ask("POST", f"{API}/join", joining, Content_Type="application/json")))
    box.says.token = joined["token"]
    put("responses", str(uuid.uuid4()), response(box.says, scene.walk))
    put("consents", str(uuid.uuid4()), scene.consent(box))

    for size in (SMALL, LARGE, SMALL):
        data, photo = chance.randbytes(size), str(uuid.uuid4())
        said = {"photo": photo, "part": "original", "sha256": sha(data)}
        put("photos", photo, box.says.photo(data, walk=str(scene.walk.walk_id)))
        if size == SMALL:
            head = {"Upload_Length": size, "Upload_Metadata": words(**said), "Content_Type": BYTES}
            assert statuses(ask(lambda: box.ask("POST", ADDRESS, data, **head))) == {201}  # noqa: B023
        else:
            address = begin_upload(box, scene, size, **said)
            patch = {"Upload_Offset": 0, "Content_Type": BYTES}
            assert statuses(ask(lambda: box.ask("PATCH", address, data, **patch))) <= {204, 409}  # noqa: B023
            assert box.ask("HEAD", address).headers["Upload-Offset"] == str(size)
        received = box.ask("GET", f"{API}/photos/{photo}").said["parts"]["original"]
        assert (received["sha256"], received["bytes"]) == (sha(data), size)
        box.journal.note_part(photo, "original", sha(data))
        if size == LARGE:
            put("releases", str(uuid.uuid4()), scene.release(photo))

    given_up = str(uuid.uuid4())
    put("tracks", given_up, piece(scene.walk))
    assert statuses(ask(lambda: box.ask("DELETE", f"{API}/tracks/{given_up}"))) == {204}
    put("tracks", str(uuid.uuid4()), piece(scene.walk))
    assert statuses(ask(lambda: box.ask("DELETE", f"{API}/photos/{photo}"))) == {204}
    assert box.ask("GET", f"{API}/photos/{photo}").status == 410
    del box.journal.records[photo, 1], box.journal.parts[photo, "original"]
    address = begin_upload(box, scene, SMALL)
    assert statuses(ask(lambda: box.ask("DELETE", address))) <= {204, 404}
    assert box.ask("HEAD", address).status == 404


def statuses(answers: list[Answer]) -> set[int]:
    return {answer.status for answer in answers}


def the_same(answers: list[Answer]) -> dict[str, Any]:
    """What all of them say, word for word."""
    assert statuses(answers) == {200}
    assert len({answer.body for answer in answers}) == 1
    said: dict[str, Any] = answers[0].said
    return said
