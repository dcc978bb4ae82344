"""What the phone's app says to the server, written down, so that later servers are asked the same.

`python -m tests.sync.recorded NAME` lets today's app walk in a Chromium, and writes every request with its answer to
`tests/sync/recorded/NAME.json`. A file once written is never changed: it stands for phones that hold that app. A new
one is added when the app says something new.
"""

import base64
import io
import json
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from tests.makers import MadeWalk, make_walk
from webapp import create_app
from webapp.config import Settings
from webapp.consent import queries as consent_queries
from webapp.project import queries as project_queries

FOLDER = Path(__file__).with_name("recorded")
API = "/api/v1/"
HEADERS = ("Authorization", "Content-Type")  # and all of tus
CODE = "RECORDED"
Names = dict[str, str]


def names_of(app: Flask, walk: MadeWalk) -> Names:
    """What the server has made and another server makes otherwise: name -> value."""
    with app.app_context():
        project = project_queries.project(walk.project_id)
        assert project
        texts = consent_queries.current_texts(project.id, project.purposes)
        return {
            "walk": str(walk.walk_id),
            "code": walk.code,
            **{f"stop.{number}": str(stop) for number, stop in enumerate(walk.stops, 1)},
            **{f"text.{text.purpose}": str(text.id) for text in texts},
        }


def learn(names: Names, path: str, said: Any, location: str | None) -> None:
    """What later requests need of an answer."""
    if path.startswith((f"{API}join", f"{API}recover")) and isinstance(said, dict) and "token" in said:
        names[f"token.{sum(name.startswith('token') for name in names)}"] = said["token"]
        if said.get("recovery"):
            names["recovery"] = said["recovery"]
    if location:
        names[f"upload.{sum(name.startswith('upload') for name in names)}"] = location.rpartition("/")[2]


def put_names(text: str, names: Names) -> str:
    for name, value in names.items():
        text = text.replace(value, f"{{{name}}}")
    return text


def put_values(text: str, names: Names) -> str:
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def pack(data: bytes, kind: str, names: Names) -> dict[str, str]:
    """A body as JSON can hold it: its text, or its bytes."""
    if kind == "application/json":
        return {"text": put_names(data.decode(), names)}
    return {"bytes": base64.b64encode(zlib.compress(data, 9)).decode()} if data else {}


def unpack(held: dict[str, str], names: Names) -> bytes:
    if "bytes" in held:
        return zlib.decompress(base64.b64decode(held["bytes"]))
    return put_values(held.get("text", ""), names).encode()


class Recorder:
    """Stands before the app and writes down what passes, in the order of the answers."""

    def __init__(self, app: Flask, names: Names) -> None:
        self.app, self.names = app.wsgi_app, names
        self.lock = threading.Lock()
        self.made: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(API) or path.endswith(("/320", "/1024")):
            return self.app(environ, start)
        with self.lock:
            return self._pass(environ, start, path)

    def _pass(self, environ: dict[str, Any], start: Callable[..., Any], path: str) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        told: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told[:] = [int(status[:3]), {name.title(): value for name, value in headers}]
            return start(status, headers, *rest)

        answer = b"".join(self.app(environ, begin))
        status, headers = told
        kind = headers.get("Content-Type", "").partition(";")[0]
        plain = brotli.decompress(answer) if headers.get("Content-Encoding") == "br" else answer
        said = json.loads(plain) if kind.endswith("json") and plain else None
        sent = {
            name: value
            for name, value in (
                (key[5:].replace("_", "-").title(), value)
                for key, value in environ.items()
                if key.startswith("HTTP_")
            )
            if name in HEADERS or name.startswith(("Tus-", "Upload-"))
        }
        if environ.get("CONTENT_TYPE"):
            sent["Content-Type"] = environ["CONTENT_TYPE"]
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        learn(self.names, path, said, headers.get("Location"))
        answered = {"status": status, "type": kind, "said": said} | (
            {
                "upload": {
                    name: value for name, value in headers.items() if name.startswith(("Tus-", "Upload-", "Location"))
                }
            }
            if "/uploads" in path
            else {}
        )
        self.made.append(
            {
                "method": environ["REQUEST_METHOD"],
                "path": put_names(path + query, self.names),
                "headers": json.loads(put_names(json.dumps(sent), self.names)),
                "body": pack(body, sent.get("Content-Type", ""), self.names),
                "answer": json.loads(put_names(json.dumps(answered), self.names)),
            }
        )
        return [answer]


def record(name: str) -> None:
    from tests.journeys.phone import Phone

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = create_app(Settings.read({"POHLED_HOME": f"{folder}/home", "POHLED_LANGUAGES": "en,cs"}))
        with app.app_context():
            walk = make_walk(CODE)
        recorder = Recorder(app, names_of(app, walk))
        app.wsgi_app = recorder  # type: ignore[method-assign]
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        phones = [Phone(playwright.chromium, Path(folder) / each, None, address) for each in ("first", "second")]
        _walk(*phones)
        server.shutdown()
        FOLDER.mkdir(exist_ok=True)
        lines = ",\n".join(json.dumps(each, ensure_ascii=False, sort_keys=True) for each in recorder.made)
        (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n")


def _walk(first: Any, second: Any) -> None:
    """All that the app can say: answers, choices, photos small and large, speech, another phone, taking back."""
    from tests.journeys.test_voice import MICROPHONE, saved, speak
    from tests.makers_photo import encoded, grain

    first.options = MICROPHONE
    with first.start(), second.start():
        recovery = first.join(CODE)
        first.look_at("ask/1/b.1")
        first.tap("b.1", "4")
        first.remark("b.1", "Večer ne.") if first.question("b.1") else None
        first.look_at("ask/1/b.2")
        first.write("b.2", "Příliš žluťoučký kůň")
        speak(first)
        saved(first, "ask")
        first.look_at("ask/2/b.1")
        first.tap("b.1", "?")
        first.look_at("stop/0")
        first.write("b.3", "The trees")
        first.look_at("home")
        small = encoded(grain(64, 48), quality=60)
        first.add_photo({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": small}, "A bench")
        large = small + bytes(1_300_000)  # a picture may have anything behind it, and nothing packs well
        first.add_photo({"name": "b.jpg", "mimeType": "image/jpeg", "buffer": large}, "A river")
        first.look_at("me")
        first.page.locator("[data-part=mine] [data-purpose=web] input[value=no]").check()
        first.send_originals("Always, at once")
        first.everything_received()
        second.recover(CODE, recovery)
        second.look_at("ask/1/b.1")
        second.tap("b.1", "3")
        second.look_at("home")
        second.everything_received_but_originals()
        first.look_at("ask/1/b.1")
        first.tap("b.1", "2")
        first.look_at("home")
        first.page.wait_for_timeout(1000)
        first.everything_received()
        first.look_at("photos")
        first.page.locator("[data-photo] a").first.click()
        first.take_photo_back()
        first.everything_received()


if __name__ == "__main__":
    record(sys.argv[1])
