"""A phone without a screen: it speaks the API as the contract says."""

import hashlib
import json
import uuid
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from webapp.people.rules import new_key

PURPOSES = ("keep", "meeting", "report", "exhibition", "web", "print", "social", "partners")
AT = "2018-06-18T10:00:00+02:00"


class Phone:
    """One device of a participant. `token` is empty until it has joined."""

    def __init__(self, app: Flask, device: str = "phone") -> None:
        self.client = app.test_client()
        self.device = device
        self.participant, self.key = str(uuid.uuid4()), new_key()
        self.token, self.recovery, self.sequence = "", "", 0

    def call(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> TestResponse:
        """One request; a body is sent as JSON, or as it is if it is bytes."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.client.open(f"/api/v1{path}", method=method, data=body, headers=sent)
        assert response.status_code == status, f"{response.status_code} {response.text[:600]}"
        if status >= 400 and method != "HEAD":
            assert response.mimetype == "application/problem+json"
            assert {"title", "detail", "status"} <= response.json.keys()
        return response

    def joining(self, place: str, texts: dict[str, str], **more: Any) -> dict[str, Any]:
        """The body of a join that says yes to everything."""
        return {
            "participant": self.participant,
            "key": self.key,
            "device": self.device,
            "code": place,
            "language": "en",
            "perspective": "ngo",
            "consents": [self.consent(purpose, texts[purpose]) for purpose in PURPOSES],
            **more,
        }

    def consent(self, purpose: str, text: str, yes: bool = True, at: str = AT) -> dict[str, Any]:
        return {"purpose": purpose, "yes": yes, "text": text, "language": "en", "at": at}

    def texts(self, code: str) -> dict[str, str]:
        """Purpose -> id of its text, as the join page shows them."""
        said = self.client.get(f"/api/v1/join/{code}?language=en").json
        return {text["purpose"]: text["id"] for text in said["texts"]}

    def join(self, code: str = "TESTCODE") -> dict[str, Any]:
        """Joins, without a token or with the one it has."""
        made: dict[str, Any] = self.call("POST", "/join", self.joining(code, self.texts(code))).json
        self.token, self.recovery = made["token"], made["recovery"] or self.recovery
        return made

    def next(self) -> dict[str, Any]:
        self.sequence += 1
        return {"device": self.device, "sequence": self.sequence}

    def photo(self, data: bytes, **more: Any) -> dict[str, Any]:
        """The record of a photo with these bytes; say where it belongs in `more`."""
        record = {
            **self.next(),
            "revision": 1,
            "caption": {"en": "A bench"},
            "light": ["up"],
            "themes": [],
            "people": "none",
            "credit": "anonymous",
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "type": "image/jpeg",
        }
        return {**record, **more}


def digest(body: Any) -> str:
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()
