"""Equal requests at the same moment, to the real server with its two processes: one record, one receipt."""

import json
import sqlite3
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.makers import make_walk
from tests.server import Served
from tests.sync.phone import Phone
from webapp import create_app
from webapp.config import Settings

ROUNDS, EQUAL = 8, 5


@pytest.fixture
def phone(tmp_path: Path) -> tuple[Phone, dict[str, str]]:
    """A phone that is about to join, and the texts that it was shown, before the server starts."""
    app = create_app(Settings.read({"POHLED_HOME": str(tmp_path / "home")}))
    with app.app_context():
        walk = make_walk()
    made = Phone(app)
    return made, {"walk": str(walk.walk_id), "stop": str(walk.stops[0]), **made.texts(walk.code)}


def send(address: str, body: Any, method: str = "PUT", token: str = "") -> bytes:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(address, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: bytes = answer.read()
        return found


def test_five_equal_requests_at_once_are_one(phone: tuple[Phone, dict[str, str]], served: Served) -> None:
    mine, there = phone
    api = f"{served.address}/api/v1"
    with ThreadPoolExecutor(EQUAL) as pool:
        joining = mine.joining("TESTCODE", there)
        joined = list(pool.map(lambda _: send(f"{api}/join", joining, "POST"), range(EQUAL)))
        assert len(set(joined)) == 1
        token = json.loads(joined[0])["token"]
        for number in range(ROUNDS):
            record = {
                **mine.next(),
                "revision": 1,
                "walk": there["walk"],
                "stop": there["stop"],
                "checklist": "belonging",
                "version": 1,
                "language": "en",
                "answers": {"b.1": {"value": 1 + number % 5}},
                "started": "2018-06-18T10:05:00Z",
            }
            address = f"{api}/responses/{uuid.uuid4()}"
            receipts = list(
                pool.map(lambda _, a=address, r=record: send(a, r, token=token), range(EQUAL))  # type: ignore[misc]
            )
            assert len(set(receipts)) == 1
    served.stop()
    with sqlite3.connect(served.home / "pohled.sqlite") as rows:
        counts = [rows.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES]  # noqa: S608
    assert counts == [1, 1, 8, ROUNDS, ROUNDS, ROUNDS]


TABLES = ("participant", "device", "consent", "response", "response_revision", "answer")
