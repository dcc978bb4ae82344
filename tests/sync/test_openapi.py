"""The API keeps to its own description: schemathesis against the running server."""

import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import ROOT
from tests.makers import MadeWalk, make_call, make_photo, make_walk
from tests.makers_photo import turned
from tests.server import Served
from tests.sync.phone import PURPOSES, Phone
from webapp import create_app
from webapp.config import Settings

EXAMPLES = "10"
# What a schema cannot say (a stop of another walk, a text of another purpose) is refused although it fits the schema;
# and HTTP takes headers that nobody has described.
NOT_SAID = "positive_data_acceptance,negative_data_rejection,missing_required_header"
LEAVING = ("--exclude-operation-id", "api.leave.delete")


@pytest.fixture
def ids(tmp_path: Path) -> dict[str, Any]:
    """What is there before the server starts: a walk, a call, a participant with a photo."""
    app = create_app(Settings.read({"POHLED_HOME": str(tmp_path / "home")}))
    with app.app_context():
        walk = make_walk()
        call = make_call(walk.project_id)
    phone = Phone(app)
    phone.join()
    phone.join("TESTCALL")
    with app.app_context():
        photo = make_photo(app, walk, uuid.UUID(phone.participant), turned(1))
    return {
        "token": phone.token,
        "texts": phone.texts(walk.code),
        "questions": ["b.1", "b.2"],
        "body": {
            "walk": str(walk.walk_id),
            "stop": str(walk.stops[0]),
            "call": str(call),
            "checklist": "belonging",
            "version": 1,
            "code": walk.code,
            "perspective": "ngo",
            "recovery": phone.recovery,
            "text": phone.texts(walk.code)["web"],
        },
        "path": {
            "photo_id": str(photo),
            "place_id": str(walk.walk_id),
            "code": walk.code,
            "device": "tablet",
            "edge": 320,
            "response_id": str(uuid.uuid4()),
            "consent_id": str(uuid.uuid4()),
        },
    }


def schemathesis(server: Served, ids: dict[str, Any], *options: str) -> None:
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"),
            "run",
            f"{server.address}/api/v1/openapi.json",
            *("--header", f"Authorization: Bearer {ids['token']}"),
            *("--max-examples", EXAMPLES, "--seed", "1", "--no-color", "--warnings", "off"),
            *("--phases", "examples,coverage,fuzzing", "--exclude-checks", NOT_SAID),
            *options,
        ],
        cwd=server.home,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.sync.hooks",
            "POHLED_TEST_IDS": json.dumps(ids),
        },
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout[-12000:] + done.stderr[-2000:]


def test_no_request_breaks_the_api_or_its_description(ids: dict[str, Any], served: Served) -> None:
    schemathesis(served, ids, *LEAVING)
    schemathesis(served, ids, "--include-operation-id", "api.leave.delete")


def test_every_route_of_the_api_is_described(app: Flask) -> None:
    described = app.test_client().get("/api/v1/openapi.json").json
    found = {
        (rule.rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/")
    }
    plain = {(re.sub(r"{[^{}:]*:", "{", path), method) for path, method in found}
    assert plain <= {(path, method) for path, methods in described["paths"].items() for method in methods}


def test_the_description_names_every_purpose_and_the_token(app: Flask, walk: MadeWalk) -> None:
    described = app.test_client().get("/api/v1/openapi.json").json
    assert described["openapi"].startswith("3.1")
    assert set(PURPOSES) <= set(described["components"]["schemas"]["Purpose"]["enum"])
    assert described["paths"]["/api/v1/me"]["get"]["security"] == [{"token": []}]
    assert "security" not in described["paths"]["/api/v1/join"]["post"]
