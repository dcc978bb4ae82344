"""What a phone fetches to look for faces by itself, and what that may do there."""

import hashlib
import json
import re
from html import unescape

import brotli
import pytest
from flask import Flask

from tests.client import Visitor
from tests.makers import MadeWalk
from webapp.photo import faces
from webapp.shell.assets import manifest

BR = {"Accept-Encoding": "br"}


def named(app: Flask, walk: MadeWalk) -> list[str]:
    """The addresses that the painter's page names."""
    page = Visitor(app).get(f"/w/{walk.code}/en/paint").text
    found = re.search(r'data-faces="([^"]+)"', page)
    addresses: list[str] = json.loads(unescape(found[1])) if found else []
    return addresses


@pytest.mark.skipif(not faces.installed(), reason="the extra `faces` is not installed")
def test_what_looks_for_faces_is_given_out_and_alone_may_compile(app: Flask, walk: MadeWalk) -> None:
    client = app.test_client()
    addresses = named(app, walk)
    assert {address.rpartition(".")[2] for address in addresses} == {"js", "wasm", "onnx"}
    for address in addresses:
        answer = client.get(address, headers=BR)
        assert answer.status_code == 200
        assert answer.cache_control.immutable
        data = brotli.decompress(answer.data)
        assert len(answer.data) < len(data)
        if address.endswith(".onnx"):
            assert hashlib.sha256(data).hexdigest() in address
            assert client.get(address).data == data
            assert client.get(address.replace(address[-10:-5], "00000")).status_code == 404
    every = [f"/static/dist/{each['file']}" for each in manifest().values()] + [f"/w/{walk.code}/en/paint", "/sw.js"]
    for address in every:
        policy = client.get(address, headers=BR).headers["Content-Security-Policy"]
        assert ("wasm-unsafe-eval" in policy) == ("/finder-" in address), address
        assert "'unsafe" not in policy


def test_without_the_extra_nothing_is_offered(app: Flask, walk: MadeWalk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "model", lambda: None)
    assert named(app, walk) == []
    assert "Find faces" not in Visitor(app).get(f"/w/{walk.code}/en/paint").text
    assert app.test_client().get(f"/phone/faces-{'0' * 64}.onnx").status_code == 404
