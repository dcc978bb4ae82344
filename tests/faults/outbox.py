"""A phone's outbox, as `static/src/outbox` has it: what it sends again, when, and what it believes."""

import hashlib
import http.client
import json
import random
import socket
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.server import HOST
from tests.sync.phone import Phone
from tests.sync.tus import ADDRESS, BYTES, words

API = "/api/v1"
SMALL, CHUNK = 512 * 1024, 1024 * 1024  # bytes that go in one request, and of one request
STREAK = 4
HASTE = 20  # a phone waits up to 2 s before its second try: these are so many times as hasty
FIRST, REST = 2 / HASTE, 1 / HASTE  # seconds
BUFFER = 32 * 1024
PASSING = (408, 409, 423, 425, 429, 460)
PROBLEM = "application/problem+json"


class Journal:
    """What phones were told, and nothing that they only hope."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, int], str] = {}  # (id, revision) -> SHA-256 of the record
        self.parts: dict[tuple[str, str], str] = {}  # (photo, part) -> SHA-256 of its bytes
        self.gone: set[str] = set()
        self._lock = threading.Lock()

    @property
    def whole(self) -> int:
        """How many originals are received."""
        with self._lock:
            return sum(part == "original" for _, part in self.parts)

    def note_record(self, record: str, revision: int, sha256: str) -> None:
        with self._lock:
            assert self.records.setdefault((record, revision), sha256) == sha256

    def note_part(self, photo: str, part: str, sha256: str) -> None:
        with self._lock:
            self.parts[photo, part] = sha256

    def note_gone(self, record: str) -> None:
        with self._lock:
            self.gone.add(record)


@dataclass
class Row:
    """A revision of a record, or bytes; `after` is when it is due, `received` after a receipt alone."""

    record: str
    sha256: str
    received: bool = False
    tries: int = 0
    after: float = 0


@dataclass
class Item(Row):
    kind: str = ""
    revision: int = 1
    method: str = "PUT"
    body: bytes = b""

    @property
    def path(self) -> str:
        return f"{API}/{self.kind}/{self.record}"


@dataclass
class Part(Row):
    name: str = ""
    data: bytes = b""
    address: str = ""


@dataclass(frozen=True)
class Answer:
    """An answer that was read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get_content_type() if "Content-Type" in self.headers else ""

    @property
    def said(self) -> Any:
        """What a 200 of ours says, else None."""
        if self.status != 200 or self.type != "application/json":
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def wait(self) -> float:
        asked = self.headers.get("Retry-After", "0")
        return int(asked) / HASTE if asked.isdecimal() else 0


class Failed(Exception):
    """Not received; another try may do better."""

    def __init__(self, answer: Answer | None = None) -> None:
        super().__init__(f"{answer.status} {answer.body[:300]!r}" if answer else "no answer")
        self.answer = answer


class Refused(Exception):
    """A person would have to look at it. No fault of a line or a server may ever lead here."""


@dataclass
class Outbox:
    """One phone on a line. `says` knows the words of the API; `journal` is what it was told."""

    says: Phone
    texts: dict[str, str]
    port: int
    journal: Journal
    patience: float = 30  # seconds of silence
    longest: float = 1  # seconds between two tries; a real phone's five minutes would be fifteen seconds here
    small: int = SMALL
    chunk: int = CHUNK
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    items: list[Item] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    failures: int = 0

    # --- what a person does

    def join(self, code: str, seconds: float = 120) -> None:
        """Joins, however often it must be said."""
        body, end = json.dumps(self.says.joining(code, self.texts)).encode(), time.monotonic() + seconds
        for tries in range(1, 10_000):
            try:
                answer = self.ask("POST", f"{API}/join", body, Content_Type="application/json")
            except Failed:
                answer = None
            said = answer and answer.said
            if said and said.get("participant") == self.says.participant:
                self.says.token = said["token"]
                return
            _settle(answer)
            assert time.monotonic() < end, "it never joined"
            self.failures += 1
            time.sleep(self._delay(tries))

    def put(self, kind: str, record: str, body: dict[str, Any]) -> Item:
        """Seals a revision."""
        sealed = json.dumps(body).encode()
        item = Item(record, _sha(sealed), kind=kind, revision=body.get("revision", 1), body=sealed)
        self.items.append(item)
        return item

    def take(self, data: bytes, preview: bytes | None = None, **more: Any) -> str:
        """Takes a photo: its record, its preview and its original wait from now on."""
        photo = str(uuid.uuid4())
        self.put("photos", photo, self.says.photo(data, **more))
        if preview:
            self.parts.append(Part(photo, _sha(preview), name="preview", data=preview))
        self.parts.append(Part(photo, _sha(data), name="original", data=data))
        return photo

    def edit(self, photo: str, **more: Any) -> None:
        """Another revision of a photo's record."""
        last = [item for item in self.items if item.record == photo][-1]
        body = {**json.loads(last.body), **self.says.next(), **more}
        self.put("photos", photo, {**body, "revision": last.revision + 1, "base": last.revision})

    def take_back(self, photo: str) -> None:
        self.parts = [part for part in self.parts if part.record != photo]
        self.items = [item for item in self.items if item.record != photo]
        self.items.append(Item(photo, "", kind="photos", method="DELETE"))

    # --- what the phone does

    @property
    def waiting(self) -> list[Row]:
        return [row for row in [*self.items, *self.parts] if not row.received]

    def send_all(self, seconds: float = 300) -> None:
        """One pass after the other, until there is a receipt for everything."""
        end = time.monotonic() + seconds
        while waiting := self.waiting:
            assert time.monotonic() < end, f"{len(waiting)} things never got through"
            time.sleep(max(0, min(row.after for row in waiting) - time.monotonic()))
            self.send()

    def send(self) -> None:
        """One pass: each thing that is due is tried once; after some failures in a row it is the line's fault."""
        tried, streak = set[int](), 0
        while streak < STREAK and (row := self._next(tried)):
            tried.add(id(row))
            row.tries += 1
            try:
                self._send_item(row) if isinstance(row, Item) else self._send_part(row)
                streak = 0
            except Failed as error:
                streak += 1
                self.failures += 1
                wait = error.answer.wait if error.answer else 0
                row.after = time.monotonic() + max(wait, self._delay(row.tries))
        if streak >= STREAK:
            time.sleep(min(REST, self.longest) + self._delay(1))

    def _next(self, tried: set[int]) -> Item | Part | None:
        moment = time.monotonic()

        def due(row: Row) -> bool:
            return not row.received and row.after <= moment and id(row) not in tried

        known = {item.record for item in self.items if item.received}
        # Oldest first; consents before what they allow, then answers, previews, originals.
        items = sorted(filter(due, self.items), key=lambda item: item.kind != "consents")
        parts = [part for part in self.parts if due(part) and part.record in known]
        rows: list[Item | Part] = [*items, *sorted(parts, key=lambda part: part.name == "original")]
        return rows[0] if rows else None

    def _send_item(self, item: Item) -> None:
        if item.method == "DELETE":
            return self._send_back(item)
        answer = self.ask(item.method, item.path, item.body, Content_Type="application/json")
        said = answer.said
        if not isinstance(said, dict) or said.get("id") != item.record:
            _settle(answer)
            raise Failed(answer)
        newer = [each for each in self.items if each.record == item.record and each.revision > item.revision]
        fitting = [each for each in [item, *newer] if _fits(said, each)]
        if not fitting:
            raise Failed(answer)
        assert said.get("kept") is None, "one phone's own revisions are no versions of each other"
        self.journal.note_record(item.record, fitting[0].revision, fitting[0].sha256)
        for done in (item, fitting[0]):
            done.received = True
        return None

    def _send_back(self, item: Item) -> None:
        """204 could be anybody's; that the photo's address answers 410 or 404 is the server's own word."""
        answer = self.ask("DELETE", item.path)
        if answer.status == 204:
            answer = self.ask("GET", item.path)
        if answer.status not in (404, 410) or answer.type != PROBLEM:
            _settle(answer)
            raise Failed(answer)
        item.received = True
        self.journal.note_gone(item.record)

    def _send_part(self, part: Part) -> None:
        # The answer to an earlier try may have been lost, not the bytes.
        if part.tries > 1 and self._confirm(part):
            return
        try:
            self._upload(part)
        except Failed as error:
            status = error.answer.status if error.answer else 0
            if status in (404, 410, 460):
                part.address = ""
            elif error.answer:
                _settle(error.answer)
            raise
        if not self._confirm(part):
            raise Failed

    def _confirm(self, part: Part) -> bool:
        """The receipt of bytes."""
        answer = self.ask("GET", f"{API}/photos/{part.record}")
        said = answer.said
        if said is None:
            _settle(answer)
            raise Failed(answer)
        found = said["parts"].get(part.name) if said.get("id") == part.record else None
        if not found or (found["sha256"], found["bytes"]) != (part.sha256, len(part.data)):
            return False
        self.journal.note_part(part.record, part.name, part.sha256)
        part.received = True
        return True

    def _upload(self, part: Part) -> None:
        """Bytes by tus: at first all at once if they are few, else in chunks, from where the server has them."""
        size = len(part.data)
        sent = self._known(part.address) if part.address else None
        if sent is None:
            small = size <= self.small and part.tries == 1
            metadata = words(photo=part.record, part=part.name, sha256=part.sha256)
            head = {"Upload_Length": size, "Upload_Metadata": metadata, **({"Content_Type": BYTES} if small else {})}
            begun = self.ask("POST", ADDRESS, part.data if small else b"", **head)
            if begun.status != 201 or not begun.headers["Location"]:
                raise Failed(begun)
            part.address = urlsplit(begun.headers["Location"]).path
            sent = _went(begun, 0) if small else 0
        while sent < size:
            piece = part.data[sent : sent + self.chunk]
            sent = _went(self.ask("PATCH", part.address, piece, Upload_Offset=sent, Content_Type=BYTES), sent)

    def _known(self, address: str) -> int | None:
        answer = self.ask("HEAD", address)
        if answer.status in (400, 403, 404, 410):
            return None
        return _offset(answer)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: object) -> Answer:
        """One request on a connection of its own, and its whole answer. Raises Failed."""
        every = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        if self.says.token:
            every["Authorization"] = f"Bearer {self.says.token}"
        if path.startswith(ADDRESS):
            every["Tus-Resumable"] = "1.0.0"
        line = http.client.HTTPConnection(HOST, self.port, self.patience)
        try:
            line.connect()
            # So that patience is about what gets through, not about what the system holds back.
            line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
            line.putrequest(method, path, skip_accept_encoding=True)
            for name, value in every.items():
                line.putheader(name, value)
            if method not in ("GET", "HEAD", "DELETE"):
                line.putheader("Content-Length", str(len(body)))
            line.endheaders()
            for start in range(0, len(body), BUFFER):
                line.send(body[start : start + BUFFER])
            response = line.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as error:
            raise Failed from error
        finally:
            line.close()

    def _delay(self, tries: int) -> float:
        return self.chance.random() * min(self.longest, FIRST * 2.0 ** (min(tries, 30) - 1))


def _settle(answer: Answer | None) -> None:
    """Raises Refused where a phone would ask its person; whatever passes may be sent again."""
    if answer is None or answer.status < 400 or answer.status >= 500 or answer.status in PASSING:
        return
    if answer.type == PROBLEM:
        raise Refused(f"{answer.status} {answer.body.decode()}")


def _fits(said: dict[str, Any], item: Item) -> bool:
    same = said.get("revision") == item.revision or item.kind == "consents"
    return same and said.get("sha256") == item.sha256


def _went(answer: Answer, before: int) -> int:
    sent = _offset(answer)
    if sent <= before:
        raise Failed(answer)
    return sent


def _offset(answer: Answer) -> int:
    said = answer.headers["Upload-Offset"] or ""
    if answer.status // 100 != 2 or not said.isdecimal():
        raise Failed(answer)
    return int(said)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
