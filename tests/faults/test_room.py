"""A full disk, a locked database: a plain answer, nothing half-kept, and sending again works."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from tests.faults.disk import PAGE, Disk, disk_under
from tests.faults.figures import Reached
from tests.faults.oracle import Pictures, originals, photo_letter, photos, prepare, sha, sizes_are_whole, states
from tests.faults.sending import Asked, Heard, Sender, Told, failed, lost, phone_at
from tests.makers import MadeWalk
from tests.plain_client import PlainClient
from tests.server import ROOT, Served, wait_until
from tests.sync.phone import AT
from tests.sync.tus import BYTES, words
from tests.test_jobs import waiting_picture
from webapp.config import Settings

ROOM = 3_000_000  # bytes
DISK = 200_000_000
SMALL, LARGE = 1_000_000, 4_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB, for the store alone."""
    with mounted(tmp_path / "disk", ROOM) as folder:
        yield folder


@pytest.fixture
def home_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk for the whole home."""
    with mounted(tmp_path / "disk", DISK) as folder:
        yield folder


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount the small disk that this test fills")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def photo_of(size: int, number: int = 0) -> bytes:
    """A JPEG of that many bytes."""
    data = Pictures().small(number)
    return data + bytes(size - len(data))


@pytest.mark.parametrize("filled", [pytest.param(0, marks=pytest.mark.soak), 1_500_000])
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
        grow(small_disk, 20_000_000)
        client.send(letter)
        assert photos(home) == [(form, sha(data))]
        assert originals(small_disk) == {sha(data)}
        server.stop()


@contextmanager
def locked(home: Path) -> Iterator[None]:
    with closing(sqlite3.connect(home / "pohled.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_locked_database_asks_for_patience(tmp_path: Path, soak: bool, reached: Reached) -> None:
    home, seconds = tmp_path / "home", 30 if soak else 6
    walk = prepare(home)
    data, told, busy, enough = photo_of(SMALL), Told(), list[Asked](), threading.Event()
    with Served(home) as server:
        client, reader = PlainClient(server.port), phone_at(server.port)
        client.join(walk.code)
        reader.join(walk.code)
        form, letter = photo_letter(client, walk, data)
        senders = [Sender(number, server.port, walk, told, enough, busy) for number in range(4)]
        for sender in senders:
            sender.start()
        wait_until(lambda: told.count >= 20 or failed(senders), 60, "things are received")

        with locked(home):
            until, reads = time.monotonic() + seconds, 0
            answer = client.send(letter, status=503)
            assert answer.headers["Retry-After"].isdecimal()
            assert "Nothing was lost" in answer.text
            assert client.get(f"/plain/walks/{walk.walk_id}/photos").text.count("/320") == 0
            before = told.count
            while time.monotonic() < until:  # reading goes on
                assert reader.call("GET", "/me").json["participant"] == reader.participant
                reads += 1
                time.sleep(0.2)
            assert told.count == before, "something was received, and could not be kept"
        assert busy
        assert all(asked.again.isdecimal() for asked in busy)
        assert form not in dict(photos(home))

        wait_until(lambda: told.count >= before + 20 or failed(senders), 60, "things are received again")
        enough.set()
        for sender in senders:
            sender.join(90)
        assert not failed(senders)
        assert not sum(sender.again for sender in senders), "somebody had no answer at all"
        client.send(letter)
        told.form(form, sha(data))
        missing = lost(home, told)
        assert not missing
    slowest = max(asked.after for asked in busy)
    reached(
        "locked",
        f"{seconds} s: {len(busy)} times 503 with Retry-After, the slowest after {slowest:.0f} s; read {reads} times"
        f" meanwhile; {told.count} things received, {len(missing)} lost",
    )


@dataclass
class Kinds:
    """Each kind of thing that is sent: it gets all ready, and returns the one request that is to find no room, and
    what to note once that is answered well."""

    server: Served
    walk: MadeWalk
    told: Told = field(default_factory=Told)
    number: int = 0

    def __post_init__(self) -> None:
        self.pictures = Pictures()
        self.phone, self.plain = phone_at(self.server.port), PlainClient(self.server.port)
        self.phone.join(self.walk.code)
        self.plain.join(self.walk.code)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: object) -> Heard:
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        every = {"Authorization": f"Bearer {self.phone.token}", "Tus-Resumable": "1.0.0", **named}
        heard: Heard = self.phone.client.open(f"/api/v1{path}", method, body, every)
        return heard

    def data(self) -> bytes:
        self.number += 1
        return self.pictures.small(self.number)

    def record(self) -> "Request":
        return self._record("/photos", self.phone.photo(self.data(), walk=str(self.walk.walk_id)))

    def answer(self) -> "Request":
        said = {"walk": str(self.walk.walk_id), "stop": str(self.walk.stops[0]), "checklist": "belonging"}
        said |= {"version": 1, "revision": 1, "language": "en", "started": AT, "answers": {"b.1": {"value": 4}}}
        return self._record("/responses", {**self.phone.next(), **said})

    def _record(self, kind: str, said: dict[str, Any]) -> "Request":
        path, body = f"{kind}/{uuid.uuid4()}", json.dumps(said).encode()
        return Request(
            lambda: self.ask("PUT", path, body, Content_Type="application/json"),
            200,
            lambda heard: self.told.record(body, heard.json),
            lambda: self.ask("GET", path).status_code == 404,
        )

    def creation(self) -> "Request":
        data = self.data()
        return Request(
            lambda: self.ask("POST", "/uploads", **self._wish(data)),
            201,
            lambda heard: self.told.counted(heard.headers["Location"].rsplit("/", 1)[1], data, 0),
        )

    def preview(self) -> "Request":
        """In one request, for a photo whose record is here."""
        data, photo = self.data(), self._photo(self.data())
        return Request(
            lambda: self.ask("POST", "/uploads", data, **self._wish(data, photo, "preview"), Content_Type=BYTES),
            201,
            lambda heard: self.told.part(photo, "preview", sha(data)),
            lambda: "preview" not in self._parts(photo),
        )

    def middle(self) -> "Request":
        data = self.data()
        return self._chunk(data, None, 20_000, 60_000)

    def end(self) -> "Request":
        """The last bytes of an original whose record is here: it is kept, and becomes a picture."""
        data = self.data()
        return self._chunk(data, self._photo(data), 60_000, len(data))

    def _chunk(self, data: bytes, photo: str | None, start: int, stop: int) -> "Request":
        begun = self.ask("POST", "/uploads", data[:start], **self._wish(data, photo), Content_Type=BYTES)
        assert begun.status_code == 201
        upload = begun.headers["Location"].rsplit("/", 1)[1]
        path, sent = f"/uploads/{upload}", {"Upload_Offset": start, "Content_Type": BYTES}
        self.told.counted(upload, data, start)

        def untouched() -> bool:
            offset = int(self.ask("HEAD", path).headers["Upload-Offset"])
            return offset == start and (photo is None or "original" not in self._parts(photo))

        def note(heard: Heard) -> None:
            self.told.counted(upload, data, int(heard.headers["Upload-Offset"]))
            if photo:
                self.told.part(photo, "original", sha(data))

        return Request(lambda: self.ask("PATCH", path, data[start:stop], **sent), 204, note, untouched)

    def form(self) -> "Request":
        self.number += 1
        data = photo_of(400_000, self.number)  # put aside on the disk while it arrives
        form, letter = photo_letter(self.plain, self.walk, data)

        def send() -> Heard:
            headers = {"Content-Type": letter.type, "Cookie": self._cookies(), "Accept-Language": "en"}
            heard: Heard = self.phone.client.open(letter.path, "POST", letter.body, headers)
            return heard

        return Request(
            send,
            302,
            lambda _: self.told.form(form, sha(data)),
            lambda: (form, sha(data)) not in photos(self.server.home),
            "There is no room left on the server",
        )

    def _cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.plain.cookies.items())

    def _photo(self, data: bytes) -> str:
        photo = str(uuid.uuid4())
        self.phone.call("PUT", f"/photos/{photo}", self.phone.photo(data, walk=str(self.walk.walk_id)))
        return photo

    def _parts(self, photo: str) -> Any:
        return self.ask("GET", f"/photos/{photo}").json["parts"]

    def _wish(self, data: bytes, photo: str | None = None, part: str = "original") -> dict[str, object]:
        named = {"photo": photo} if photo else {}
        return {"Upload_Length": len(data), "Upload_Metadata": words(**named, part=part, sha256=sha(data))}


@dataclass
class Request:
    """One request, which status says that it was taken, what to note then, whether it has left nothing otherwise, and
    what a person is told."""

    send: Callable[[], Heard]
    taken: int
    note: Callable[[Heard], None]
    untouched: Callable[[], bool] = lambda: True
    saying: str = ""


def half_done(home: Path) -> list[str]:
    """Files that no row names, though nobody is at work."""
    with closing(sqlite3.connect(f"file:{home / 'pohled.sqlite'}?mode=ro", uri=True, timeout=10)) as rows:
        named = {sha256 for (sha256,) in rows.execute("select sha256 from upload union select sha256 from part")}
        partial = {file for (file,) in rows.execute("select file from upload where finished is null")}
    store = home / "uploads"
    there = {path.name for path in (store / "partial").iterdir()}
    kept = {path.name for path in (store / "originals").rglob("*") if path.is_file()}
    return [
        *(f"original {name}" for name in kept - named),
        *(f"partial {name}" for name in there - partial),
        *(f"incoming {path.name}" for path in (store / "incoming").iterdir()),
    ]


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    (tmp_path / "beside").mkdir()
    return disk_under(tmp_path / "home", tmp_path / "beside")


KINDS = [Kinds.record, Kinds.answer, Kinds.creation, Kinds.preview, Kinds.middle, Kinds.end, Kinds.form]


@dataclass
class Tries:
    """Requests that find no room, one after the other: what they were answered, and what was wrong with that."""

    kinds: Kinds
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def one(self, request: "Request", where: str, room: AbstractContextManager[None]) -> bool:
        """Whether it was taken at once. If not, it is sent again with room enough."""
        with room:
            heard = request.send()
        self.answers[heard.status_code] += 1
        taken = heard.status_code == request.taken
        if not taken:
            self.wrong += [f"{where}: {heard.status_code}, {what}" for what in refusal_faults(request, heard)]
            heard = request.send()
            assert heard.status_code == request.taken, f"{where}, and again {heard.text}"
        request.note(heard)
        self.wrong += [f"{where}: left {what}" for what in half_done(self.kinds.server.home)]
        return taken

    def right(self) -> int:
        """How often it was refused; everything that was taken is there, and nothing else."""
        home = self.kinds.server.home
        self.wrong += lost(home, self.kinds.told)
        said = self.kinds.server.log.read_text().splitlines()
        assert not self.wrong, "\n".join([*self.wrong, *(line for line in said if '"event": "failed"' in line)])
        assert originals(home / "uploads")  # all of them whole
        return self.answers[507]


def test_at_each_step_that_needs_room_there_may_be_none(disk: Disk, soak: bool, reached: Reached) -> None:
    """The first step, and all after it, find the disk full; then the second, and so on until nothing is refused."""
    walk, refused = prepare(disk.home), Counter[str]()
    with Served(disk.home, env=disk.env, options=["--no-worker"]) as server:
        tries = Tries(Kinds(server, walk))
        for kind in KINDS:
            for steps in range(0, 1000, 1 if soak else 7):
                tries.one(kind(tries.kinds), f"{kind.__name__}, step {steps}", disk.room(steps))
                if not disk.refused:
                    break
                refused[kind.__name__] += 1
        plainly = tries.right()
        server.stop()
    assert len(refused) == len(KINDS)
    # The queue's own rows come after the answer: whatever they lack, a sweep finds.
    assert set(tries.answers) <= {507, 200, 201, 204, 302}
    reached(
        "room", f"{refused.total()} steps without room: {plainly} times 507, 0 half files, 0 lost, all taken again"
    )


MAKER = """
import sys
from webapp import create_app
from webapp.photo.jobs import process
with create_app().app_context():
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            process(line.strip())
            print("made", flush=True)
        except Exception as error:
            print(type(error).__name__, flush=True)
"""


@pytest.fixture
def maker(disk: Disk, settings: Settings) -> Iterator[Callable[[str], str]]:
    """Makes the sizes of one picture after the other in a process of its own; says what became of it."""
    env = {**os.environ, **disk.env, "POHLED_HOME": str(settings.home)}
    command = [sys.executable, "-c", MAKER]
    with subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdin=PIPE, stdout=PIPE, stderr=DEVNULL) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "ready\n"

        def make(sha256: str) -> str:
            print(sha256, file=child.stdin, flush=True)
            return child.stdout.readline().strip()

        yield make
        child.stdin.close()


def test_at_each_step_of_thumbnails_there_may_be_no_room(
    app: Flask, walk: MadeWalk, disk: Disk, maker: Callable[[str], str], soak: bool, reached: Reached
) -> None:
    home, pictures, refused, half = disk.home, Pictures(), list[str](), list[Path]()
    store = home / "uploads"
    for steps in range(0, 1000, 1 if soak else 7):
        with app.app_context():
            sha256 = waiting_picture(app, walk, pictures.small(steps))
        with disk.room(steps):
            told = maker(sha256)
        half += [path for path in (store / "derived").glob(f"*/{sha256}/*") if not is_whole(path)]
        if told != "made":
            assert states(home)["waiting"] == 1, f"step {steps} ({disk.refused}): {told}"
            refused.append(told)
            assert maker(sha256) == "made"
        assert sizes_are_whole(store, sha256)
        assert "waiting" not in states(home)
        assert "unreadable" not in states(home)
        assert not list((store / "incoming").iterdir())
        if not disk.refused:
            break
    assert refused
    assert not half
    reached("room", f"{len(refused)} steps of thumbnails without room: all made later, {len(half)} half ones seen")


def is_whole(path: Path) -> bool:
    """Whether the picture can be decoded to its end."""
    try:
        Image.open(path).load()
    except OSError:
        return False
    return True


def test_the_last_pages_of_a_real_disk(tmp_path: Path, home_disk: Path, soak: bool, reached: Reached) -> None:
    """Database and store on one disk, of which so many pages are left."""
    home = home_disk / "home"
    walk = prepare(home)
    made = Served(home, options=["--no-worker"])
    made.log = tmp_path / "server.log"  # not on the full disk
    with made as server:
        tries = Tries(Kinds(server, walk))
        for kind in KINDS:
            for pages in range(0, 64 if soak else 12, 1 if soak else 7):
                tries.one(kind(tries.kinds), f"{kind.__name__}, {pages} pages", filled(home_disk, pages))
        plainly = tries.right()
        server.stop()
    assert plainly
    reached("room", f"a real disk with its last pages left: {plainly} times 507, 0 half files, 0 lost")


@contextmanager
def filled(disk: Path, pages: int) -> Iterator[None]:
    """Meanwhile, so many pages are left on the disk."""
    found = os.statvfs(disk)
    used = (found.f_blocks - found.f_bfree) * found.f_frsize
    grow(disk, used + pages * PAGE)
    try:
        yield
    finally:
        grow(disk, DISK)


def grow(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def refusal_faults(request: Request, heard: Heard) -> Iterator[str]:
    """What is wrong with how something was refused."""
    if heard.status_code != 507:
        yield "not 507"
    if request.saying not in heard.text:
        yield "not said"
    if not request.saying and heard.mimetype != "application/problem+json":
        yield heard.mimetype
    if not request.untouched():
        yield "something has changed"
