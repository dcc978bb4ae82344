"""People who send all that phones and plain pages send, over real lines, and note what they were told."""

import copy
import http.client
import itertools
import json
import random
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any, TypeVar, cast

from flask import Flask

from tests.faults.oracle import Pictures, photo_letter, sha
from tests.makers import MadeWalk
from tests.plain_client import PlainClient
from tests.server import HOST
from tests.sync.phone import AT, Phone
from tests.sync.tus import BYTES, words
from webapp.storage import digest

SECONDS = 90
PATIENCE = 30  # seconds for one answer
PAUSE = 0.5  # seconds before the next try, where the server asks for patience
CHUNKS = 3
Result = TypeVar("Result")


@dataclass(frozen=True)
class Heard:
    """An answer, as tests of the app itself know it."""

    status_code: int
    headers: Message
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode(errors="replace")

    @property
    def mimetype(self) -> str:
        return self.headers.get_content_type()

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Busy(ConnectionError):
    """The server asks for patience."""


@dataclass(frozen=True)
class Asked:
    """One answer that asked for patience: how long, and after how long it came, in seconds."""

    again: str
    after: float


class Wire:
    """A real line in the place of the app, for the phone without a screen. One connection for each request.

    With `busy`, answers with status 503 are noted there, and then like a line that broke.
    """

    def __init__(self, port: int, busy: list[Asked] | None = None) -> None:
        self.port, self.busy = port, busy

    def test_client(self) -> "Wire":
        return self

    def get(self, path: str) -> Heard:
        return self.open(path)

    def open(
        self, path: str, method: str = "GET", data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Heard:
        line = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        began = time.monotonic()
        try:
            line.request(method, path, data, {"Connection": "close", **(headers or {})})
            answer = line.getresponse()
            heard = Heard(answer.status, answer.headers, answer.read())
            if heard.status_code == 503 and self.busy is not None:
                self.busy.append(Asked(answer.headers["Retry-After"] or "", time.monotonic() - began))
                raise Busy
            return heard
        finally:
            line.close()


def phone_at(port: int, busy: list[Asked] | None = None) -> Phone:
    return Phone(cast(Flask, Wire(port, busy)))


@dataclass
class Told:
    """What the senders were told, and nothing that they only hope."""

    records: dict[str, set[str]] = field(default_factory=dict)  # id -> SHA-256 of bodies that have a receipt
    uploads: dict[str, tuple[bytes, int]] = field(default_factory=dict)  # id -> all bytes, how many were counted
    parts: dict[tuple[str, str], str] = field(default_factory=dict)  # photo and name -> SHA-256
    plain: dict[str, str] = field(default_factory=dict)  # photo -> SHA-256
    count: int = 0
    lock: Any = field(default_factory=threading.Lock)

    def record(self, body: bytes, receipt: Any) -> None:
        assert receipt["sha256"] == sha(body)
        with self.lock:
            self.records.setdefault(receipt["id"], set()).add(sha(body))
            self.count += 1

    def counted(self, upload: str, data: bytes, offset: int) -> None:
        with self.lock:
            self.uploads[upload] = data, offset
            self.count += 1

    def part(self, photo: str, name: str, sha256: str) -> None:
        with self.lock:
            self.parts[photo, name] = sha256
            self.count += 1

    def form(self, photo: str, sha256: str) -> None:
        with self.lock:
            self.plain[photo] = sha256
            self.count += 1

    def until_now(self) -> "Told":
        with self.lock:
            return Told(
                copy.deepcopy(self.records), dict(self.uploads), dict(self.parts), dict(self.plain), self.count
            )


def lost(home: Path, told: Told) -> list[str]:
    """What is not in the home though somebody was told that it is: rows and bytes, read behind the program's back."""
    with closing(sqlite3.connect(f"file:{home / 'pohled.sqlite'}?mode=ro", uri=True, timeout=10)) as rows:
        return [
            *_lost_records(rows, told),
            *_lost_uploads(rows, home / "uploads", told),
            *_lost_parts(rows, home, told),
        ]


def _lost_records(rows: sqlite3.Connection, told: Told) -> Iterator[str]:
    asked = "select record_id, sha256 from photo_revision union select record_id, sha256 from response_revision"
    there = {(str(uuid.UUID(key)), sha256) for key, sha256 in rows.execute(asked)}
    for key, shas in told.records.items():
        yield from (f"record {key} as {sha256}" for sha256 in shas if (key, sha256) not in there)


def _lost_uploads(rows: sqlite3.Connection, store: Path, told: Told) -> Iterator[str]:
    asked = "select id, file, offset, sha256 from upload"
    there = {str(uuid.UUID(key)): rest for key, *rest in rows.execute(asked)}
    for key, (data, offset) in told.uploads.items():
        file, counted, sha256 = there.get(key, ("", -1, None))
        if counted < offset:
            yield f"upload {key}: {counted} of {offset} bytes are counted"
        elif sha256 and not is_there(store, sha256, sha(data)):
            yield f"upload {key}: not the bytes that were sent"
        elif not sha256 and (bytes_of(store / "partial" / file)[:counted] != data[:counted]):
            yield f"upload {key}: not the first {counted} bytes that were sent"


def _lost_parts(rows: sqlite3.Connection, home: Path, told: Told) -> Iterator[str]:
    asked = "select photo_id, name, sha256 from part where photo_id is not null"
    there = {(str(uuid.UUID(key)), name): sha256 for key, name, sha256 in rows.execute(asked)}
    for (key, name), sha256 in told.parts.items():
        if there.get((key, name)) != sha256 or not is_there(home / "uploads", sha256, sha256):
            yield f"the {name} of photo {key}"
    for key, sha256 in told.plain.items():
        if there.get((key, "original")) != sha256 or not is_there(home / "uploads", sha256, sha256):
            yield f"photo {key} of a plain page"


def is_there(store: Path, sha256: str, wanted: str) -> bool:
    path = store / "originals" / sha256[:2] / sha256
    return sha256 == wanted and path.is_file() and digest(path) == sha256


def bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


class Sender(threading.Thread):
    """One person with a phone and a plain page open, who sends until told that it is enough.

    With `busy`, whoever is asked for patience has it, and sends by the phone alone.
    """

    def __init__(
        self,
        number: int,
        port: int,
        walk: MadeWalk,
        told: Told,
        enough: threading.Event,
        busy: list[Asked] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        super().__init__(name=f"sender {number}", daemon=True)
        self.number, self.walk, self.told, self.enough = number, walk, told, enough
        self.pictures, self.chance = Pictures(), random.Random(number)
        self.phone, self.plain = phone_at(port, busy), PlainClient(port)
        self.busy, self.seconds = busy, seconds
        self.failure: BaseException | None = None
        self.again = 0
        self.half: list[Sending] = []

    def run(self) -> None:
        try:
            self.patiently(lambda: self.phone.join(self.walk.code))
            if self.busy is None:
                self.patiently(lambda: self.plain.join(self.walk.code))
            for number in itertools.count(self.number * 1_000_000):
                if self.enough.is_set():
                    return
                self.send_photo(number)
                self.send_answer()
                if number % 3 == 0 and self.busy is None:
                    self.send_form(number)
        except BaseException as error:
            self.failure = error

    def patiently(self, act: Callable[[], Result]) -> Result:
        """Only a broken line is tried again; any answer but the wished one is a failure."""
        end = time.monotonic() + self.seconds
        while True:
            try:
                return act()
            except Busy:
                assert time.monotonic() < end, "the server is busy for ever"
                self.enough.wait(PAUSE)
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < end, "the server did not come back"
                self.again += 1
                time.sleep(0.05)

    def send_photo(self, number: int) -> None:
        """One photo, of which the original is left half-way until the next has begun: so that some always is."""
        photo, data = (
            str(uuid.uuid4()),
            self.pictures.large(number) if number % 8 == 0 else self.pictures.small(number),
        )
        preview = data[: len(data) // 4] + b"preview"
        record = self.phone.photo(data, walk=str(self.walk.walk_id), stop=str(self.walk.stops[0]))
        steps = [
            lambda: self.send_record(f"/photos/{photo}", record),
            lambda: self.begin_bytes(photo, "preview", preview).go_on(len(preview)),
            lambda: self.half.append(self.begin_bytes(photo, "original", data)),
        ]
        self.chance.shuffle(steps)  # bytes may come before their record
        for step in steps:
            step()
        self.half[-1].go_on(-(-len(data) // CHUNKS))
        while len(self.half) > 1:
            self.finish(self.half.pop(0))

    def finish(self, upload: "Sending") -> None:
        while upload.offset < len(upload.data):
            upload.go_on(-(-len(upload.data) // CHUNKS))
        parts = self.patiently(lambda: self.phone.call("GET", f"/photos/{upload.photo}")).json["parts"]
        assert parts["original"]["sha256"] == sha(upload.data), "it was counted, and has no receipt"
        for name, part in parts.items():
            self.told.part(upload.photo, name, part["sha256"])

    def send_record(self, path: str, record: Any) -> None:
        body = json.dumps(record).encode()
        self.told.record(body, self.patiently(lambda: self.phone.call("PUT", path, body)).json)

    def send_answer(self) -> None:
        answer = {
            **self.phone.next(),
            "revision": 1,
            "walk": str(self.walk.walk_id),
            "stop": str(self.walk.stops[0]),
            "checklist": "belonging",
            "version": 1,
            "language": "en",
            "answers": {"b.1": {"value": self.chance.randrange(1, 6)}},
            "started": AT,
        }
        self.send_record(f"/responses/{uuid.uuid4()}", answer)

    def begin_bytes(self, photo: str, part: str, data: bytes) -> "Sending":
        said = words(photo=photo, part=part, sha256=sha(data))
        begun = self.patiently(
            lambda: self.tus("POST", "/uploads", 201, Upload_Length=len(data), Upload_Metadata=said)
        )
        upload = Sending(self, photo, begun.headers["Location"].rsplit("/", 1)[1], data)
        self.told.counted(upload.id, data, 0)
        return upload

    def tus(self, method: str, path: str, status: int, body: bytes | None = None, **headers: object) -> Any:
        sent = {name: str(value) for name, value in headers.items()}
        return self.phone.call(method, path, body, status, **{"Tus_Resumable": "1.0.0", **sent})

    def send_form(self, number: int) -> None:
        data = self.pictures.small(number + 500_000)
        form, letter = self.patiently(lambda: photo_letter(self.plain, self.walk, data))
        self.patiently(lambda: self.plain.send(letter))
        self.told.form(form, sha(data))


@dataclass
class Sending:
    """An upload that grows chunk by chunk, and asks how far it came whenever the line broke."""

    sender: Sender
    photo: str
    id: str
    data: bytes
    offset: int = 0

    def go_on(self, size: int) -> None:
        path, piece, sender = f"/uploads/{self.id}", self.data[self.offset : self.offset + size], self.sender
        try:
            went = sender.tus("PATCH", path, 204, piece, Upload_Offset=self.offset, Content_Type=BYTES)
        except Busy:
            went = sender.patiently(lambda: sender.tus("HEAD", path, 200))
        except (OSError, http.client.HTTPException):
            sender.again += 1
            went = sender.patiently(lambda: sender.tus("HEAD", path, 200))
        told = int(went.headers["Upload-Offset"])
        assert told >= self.offset, "what was counted is counted no more"
        self.offset = told
        sender.told.counted(self.id, self.data, told)


def failed(senders: list[Sender]) -> list[str]:
    return [f"{sender.name}: {sender.failure!r}" for sender in senders if sender.failure]
