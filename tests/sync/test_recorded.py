"""Phones that were away for months with an old app: what they say is taken, and what they hear is understood."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.makers import make_walk
from tests.sync.recorded import CODE, FOLDER, learn, names_of, put_values, unpack

RECORDINGS = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_an_app_of_that_month_still_syncs(app: Flask, recording: Path) -> None:
    with app.app_context():
        walk = make_walk(CODE)
    names = names_of(app, walk)
    client = app.test_client()
    for number, asked in enumerate(json.loads(recording.read_text()), 2):
        where = f"{recording.name}, line {number}: {asked['method']} {asked['path']}"
        path = put_values(asked["path"], names)
        body = unpack(asked["body"], names)
        answer = client.open(
            path,
            method=asked["method"],
            data=body,
            headers=json.loads(put_values(json.dumps(asked["headers"]), names)),
        )
        then = asked["answer"]
        assert answer.status_code == then["status"], f"{where}: {answer.text[:300]}"
        said = answer.json if answer.mimetype.endswith("json") else None
        learn(names, path, said, answer.headers.get("Location"))
        if then["said"] is not None:
            assert answer.mimetype == then["type"], where
            lacks = missing(then["said"], said)
            assert not lacks, f"{where}: the answer lacks {lacks}"
        for header, value in then.get("upload", {}).items():
            assert header in answer.headers, f"{where}: no {header}"
            if header in ("Upload-Offset", "Tus-Resumable"):
                assert answer.headers[header] == value, where
        understood(asked, body, said, client, where)
    assert sum(name.startswith("upload") for name in names) > 4


def missing(then: Any, now: Any, at: str = "") -> list[str]:
    """Which fields of an answer are gone, or of another kind than the app knows. It passes over new ones."""
    if isinstance(then, dict) and isinstance(now, dict):
        return [
            lack
            for key, value in then.items()
            for lack in (missing(value, now[key], f"{at}.{key}") if key in now else [f"{at}.{key}"])
        ]
    if isinstance(then, list) and isinstance(now, list):
        if bool(then) != bool(now):
            return [f"{at} (how many)"]
        return missing(then[0], now[0], f"{at}.0") if then else []
    return [] if then is None or type(then) is type(now) else [f"{at} ({type(then).__name__})"]


def understood(asked: Any, body: bytes, said: Any, client: FlaskClient, where: str) -> None:
    """What the app believes, it believes for these reasons (static/src/outbox/send.ts, static/src/phone/pack.ts)."""
    kind, id = asked["path"].split("?")[0].split("/")[3], asked["path"].split("/")[-1]
    then = asked["answer"]["said"]
    if asked["method"] == "PUT":
        sent = json.loads(body)
        assert said["id"] == id, where
        assert said["sha256"] == hashlib.sha256(body).hexdigest(), where
        assert said["revision"] == sent.get("revision", 1), where
        assert said.get("kept") == then.get("kept"), where
    elif asked["method"] == "GET" and kind in ("photos", "responses") and "id" in then:
        # A receipt of bytes: the same parts, of the same bytes.
        for parts in ("parts", "sounds"):
            assert summed(said.get(parts)) == summed(then.get(parts)), where
    elif kind == "pack":
        for item in said["items"]:
            fetched = client.get(item["address"], headers={"Pohled-Pack": "new"}).data
            assert hashlib.sha256(fetched).hexdigest() == item["sha256"], item["address"]
            assert len(fetched) == item["bytes"], item["address"]


def summed(parts: Any) -> dict[str, tuple[str, int]]:
    return {name: (part["sha256"], part["bytes"]) for name, part in (parts or {}).items()}
