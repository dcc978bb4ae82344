"""A network that answers in the server's place: nothing is taken for received that the server does not have."""

import hashlib
import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.faults.figures import Reached
from tests.faults.oracle import Pictures
from tests.journeys.conftest import Ground, Site
from tests.journeys.phone import Phone, wait_for
from tests.journeys.test_phone import Known, payload, sha
from tests.server import HOST

PAGE = b"<!doctype html><title>Free Wi-Fi</title><h1>Log in to go on</h1>"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OTHER_ID, OTHER_SHA256 = "01999999-9999-7999-8999-999999999999", "0" * 64
PORTAL = "This network shows a page of its own"
WRONG = "The server could not understand it"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    body: bytes

    @property
    def what(self) -> str:
        """ "PUT /photos", without whose."""
        return f"{self.method} {'/'.join(self.path.removeprefix('/api/v1').split('/')[:2])}"

    @property
    def receipt(self) -> dict[str, Any]:
        """What the server would say, as far as somebody in between can know it."""
        found = UUID.search(self.path)
        id, sha256 = found[0] if found else OTHER_ID, hashlib.sha256(self.body).hexdigest()
        revision = json.loads(self.body).get("revision", 1) if self.method == "PUT" else 1
        part = {"sha256": OTHER_SHA256, "bytes": 1}
        return {"id": id, "revision": revision, "sha256": sha256, "parts": {"preview": part, "original": part}}


@dataclass(frozen=True)
class Answer:
    status: int
    type: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Lie = Callable[[Asked], Answer]


def told(said: dict[str, Any], type: str = "application/json", length: int | None = None) -> Answer:
    return Answer(200, type, json.dumps(said).encode()[:length])


LIES: dict[str, tuple[Lie, str]] = {
    "a page": (lambda _: Answer(200, "text/html", PAGE), PORTAL),
    "a login elsewhere": (lambda _: Answer(302, headers={"Location": "/login"}), PORTAL),
    "half a receipt": (lambda asked: told(asked.receipt, length=-9), PORTAL),
    "a receipt as a page": (lambda asked: told(asked.receipt, "text/html"), PORTAL),
    "nothing": (lambda _: Answer(200), PORTAL),
    "nothing, said so": (lambda _: Answer(204), PORTAL),
    "forbidden": (lambda _: Answer(403, "text/html", PAGE), PORTAL),
    "not found": (lambda _: Answer(404, "text/html", PAGE), PORTAL),
    "gone": (lambda _: Answer(410, "text/html", PAGE), PORTAL),
    "another's receipt": (lambda asked: told(asked.receipt | {"id": OTHER_ID}), WRONG),
    "of other bytes": (lambda asked: told(asked.receipt | {"sha256": OTHER_SHA256}), WRONG),
}
"""Each with what the phone says of it, where it is the answer to a record."""

KINDS = ("PUT /responses", "PUT /photos", "POST /uploads", "GET /photos", "PATCH /uploads", "HEAD /uploads")
"""What a photo's way takes, one after the other: while one is lied to, the next is not asked."""


class Liar(ThreadingHTTPServer):
    """Stands at the server's address. What it has no lie for, it carries there and back."""

    def __init__(self, to: int) -> None:
        super().__init__((HOST, 0), Line)
        self.to = to
        self.lies: dict[str, Lie] = {}
        self.lied: list[str] = []
        self.true: set[str] = set()  # SHA-256 of every receipt that is the server's own
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Line(BaseHTTPRequestHandler):
    """One connection of a phone."""

    protocol_version = "HTTP/1.1"
    server: Liar

    def __getattr__(self, name: str) -> Callable[[], None]:
        """One answer for `do_GET` and all others."""
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._answer

    def _answer(self) -> None:
        asked = Asked(self.command, self.path, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        lie = self.server.lies.get(asked.what)
        if lie and self.path.startswith("/api/"):
            self.server.lied.append(asked.what)
            self._say(lie(asked))
        elif self.path == "/login":
            self._say(Answer(200, "text/html", PAGE))
        else:
            self._say(self._carried(asked))

    def _carried(self, asked: Asked) -> Answer:
        server = http.client.HTTPConnection(HOST, self.server.to, timeout=30)
        server.request(asked.method, asked.path, asked.body or None, dict(self.headers))
        said = server.getresponse()
        body = said.read()
        server.close()
        own = ("connection", "transfer-encoding", "content-length", "content-type")
        headers = {name: value for name, value in said.getheaders() if name.lower() not in own}
        type = said.headers.get("Content-Type", "")
        if said.status == http.HTTPStatus.OK and type == "application/json" and asked.method == "PUT":
            self.server.true.add(json.loads(body).get("sha256", ""))
        return Answer(said.status, type, body, headers)

    def _say(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.type:
            self.send_header("Content-Type", answer.type)
        if answer.status != http.HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


@pytest.fixture
def liar(site: Site) -> Iterator[Liar]:
    with Liar(int(site.url.rpartition(":")[2])) as liar:
        yield liar


@pytest.fixture
def phone(browser: Browser, liar: Liar, tmp_path: Path) -> Iterator[Phone]:
    with Phone(browser.browser_type, tmp_path / "profile", None, f"http://{HOST}:{liar.server_port}") as phone:
        yield phone.start()
        assert not phone.errors


@pytest.fixture
def known(site: Site, ground: Ground) -> Known:
    return Known(site, ground.walk)


def falsely_received(phone: Phone, known: Known, liar: Liar) -> list[str]:
    """The rows that the phone calls received without a receipt of the server's own, or without its bytes there."""
    items = [row for row in phone.stored("items").values() if row["method"] == "PUT"]
    rows = [*phone.stored("bytes").values(), *items]
    there = {*liar.true, *(path.name for path in known.store.root.rglob("*") if path.is_file())}
    return [row["id"] for row in rows if row["state"] == "received" and row["sha256"] not in there]


def in_full() -> list[dict[str, str]]:
    """Every lie to every question.

    After some the phone begins an upload anew, and has nothing to ask HEAD for. A wrong receipt keeps no upload from
    beginning: its PATCH has been lied to before, so HEAD comes first.
    """
    anew = ("not found", "gone")
    page = {"PUT /responses": "a page", "PATCH /uploads": "a page"}
    *begins, patch, head = KINDS
    whole = []
    for name, (_, says) in LIES.items():
        ends = [patch] if name in anew else [head, patch] if says == WRONG else [patch, head]
        whole.append(dict.fromkeys([*begins, *ends], name))
    return [*whole, *({**page, head: name} for name in anew)]


def test_a_network_that_lies(phone: Phone, known: Known, liar: Liar, soak: bool, reached: Reached) -> None:
    phone.join(known.walk.code)
    phone.send_originals("Always, at once")
    pictures, large, lied, false = Pictures(), list[bytes](), 0, list[str]()
    names = list(LIES)
    rounds = in_full() if soak else [dict(zip(KINDS, names[1:], strict=False))]
    for number, lies in enumerate(rounds):
        value = str(number % 5 + 1)
        first = LIES[lies[KINDS[0]]]
        liar.lied.clear()
        liar.lies = {kind: LIES[name][0] for kind, name in lies.items()}
        phone.look_at("ask/1/b.1")
        phone.tap("b.1", value)
        large.append(pictures.large(number))
        phone.add_photo(payload(f"IMG_{number}.jpg", large[-1]), f"photo {number}")
        phone.look_at("tray")
        expect(phone.page.locator("[data-part=items]")).to_contain_text(first[1])
        for kind in lies:

            def is_asked(kind: str = kind) -> bool:
                if kind not in liar.lied:
                    phone.page.locator("[data-part=send]").click()
                return kind in liar.lied

            wait_for(phone.page, is_asked, f"the phone asks {kind}")
            lied += 1
            false += falsely_received(phone, known, liar)
            assert sha(large[-1]) in phone.stored("data") or known.has(large[-1])
            if kind != KINDS[-1]:  # whoever hears nothing good of an upload may begin it anew, and is told the truth
                expect(phone.page.locator("[data-part=sum]")).not_to_have_text("Everything has been received")
            liar.lied.clear()  # before the next may be asked: an upload that was begun is asked of otherwise
            del liar.lies[kind]
        phone.page.locator("[data-part=send]").click()
        phone.everything_received()
        false += falsely_received(phone, known, liar)
        assert [each["b.1"] for each in known.answers()] == [int(value)]
        assert known.has(large[-1])
    assert not false
    assert {photo.original for photo in known.photos()} == {sha(data) for data in large}
    reached(
        "portal",
        f'{lied} questions lied to in {len(names)} ways: {len(false)} false "received", all there afterwards',
    )
