"""One person's phone, as far as uploads go: the headers of the tus protocol, spoken to the app itself."""

import base64
import hashlib
import uuid
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.makers import MadeWalk, make_participant
from webapp.database import new_id, transaction
from webapp.people import changes, queries
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo.tables import Photo
from webapp.storage import Store, Stored

ADDRESS = "/api/v1/uploads"
BYTES = "application/offset+octet-stream"
DATA = bytes(range(256)) * 400


def admit(person: uuid.UUID) -> str:
    """The token of a phone of theirs. Inside an app's context."""
    with transaction():
        who = queries.participant(person)
        assert who is not None
        return changes.admit_device(who, "0" * 64, str(new_id()))


def words(**said: object) -> str:
    """Upload-Metadata of these keys."""
    return ",".join(f"{key} {base64.b64encode(str(value).encode()).decode()}" for key, value in said.items())


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Phone:
    """Speaks for one participant; asserts the status that is expected, and what every answer owes."""

    def __init__(self, app: Flask, walk: MadeWalk, person: uuid.UUID | None = None) -> None:
        with app.app_context():
            self.person = person or make_participant(walk)
            self.token = admit(self.person)
        self.app, self.walk = app, walk
        self.client = app.test_client()

    def ask(self, method: str, address: str, status: int, data: bytes | None = None, **headers: Any) -> TestResponse:
        named = {name.replace("_", "-"): str(value) for name, value in headers.items() if value is not None}
        every = {"Authorization": f"Bearer {self.token}", "Tus-Resumable": "1.0.0", "Accept-Language": "en", **named}
        answer = self.client.open(address, method=method, data=data, headers=every)
        assert answer.status_code == status, (answer.status, answer.text)
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert answer.headers["Cache-Control"] == "no-store"
        if status >= 400 and method != "HEAD":
            assert answer.mimetype == "application/problem+json"
            assert answer.json["status"] == status
            assert answer.json["title"]
            assert answer.json["detail"]
        return answer

    def begin(self, length: int, data: bytes | None = None, status: int = 201, **headers: Any) -> str:
        """A new upload's address."""
        type_ = BYTES if data is not None else None
        sent = {"Upload_Length": length, "Content_Type": type_, **headers}
        answer = self.ask("POST", ADDRESS, status, data, **sent)
        if status == 201:
            assert int(answer.headers["Upload-Offset"]) == len(data or b"")
        return answer.headers.get("Location", "")

    def grow(self, address: str, offset: int, data: bytes, status: int = 204, **headers: Any) -> TestResponse:
        sent = {"Upload_Offset": offset, "Content_Type": BYTES, **headers}
        return self.ask("PATCH", address, status, data, **sent)

    def offset(self, address: str) -> int:
        return int(self.ask("HEAD", address, 200).headers["Upload-Offset"])

    def record(self, data: bytes, photo_id: uuid.UUID | None = None) -> uuid.UUID:
        """Sends a photo's words, not its bytes; binds what came before, as the API does."""
        with self.app.app_context(), transaction():
            photo_id = photo_id or new_id()
            photo_changes.save_photo(
                photo_changes.NewPhoto(
                    id=photo_id,
                    participant_id=self.person,
                    walk_id=self.walk.walk_id,
                    stop_id=None,
                    original=Stored(sha(data), len(data)),
                    type="image/jpeg",
                    caption={"en": "A caption"},
                    up=True,
                    down=False,
                    people="none",
                )
            )
            photo = photo_queries.photo(photo_id)
            assert photo is not None
            photo_changes.bind_uploads(photo)
            return photo_id

    def parts(self, photo_id: uuid.UUID) -> dict[str, str]:
        """What has been bound to the photo: name -> SHA-256."""
        with self.app.app_context():
            photo: Photo | None = photo_queries.photo(photo_id)
            assert photo is not None
            return {part.name: part.sha256 for part in photo.parts}


def partials(store: Store) -> list[Path]:
    return sorted((store.root / "partial").iterdir())


def originals(store: Store) -> list[Path]:
    return sorted(path for path in (store.root / "originals").rglob("*") if path.is_file())


def on_line(phone: Phone, address: str, offset: int, line: Any, announced: int, **more: str) -> int:
    """Sends what the line gives, having announced so many bytes."""
    headers = {"Authorization": f"Bearer {phone.token}", "Tus-Resumable": "1.0.0", "Content-Type": BYTES, **more}
    answer = phone.app.test_client().patch(
        address,
        headers={**headers, "Upload-Offset": str(offset)},
        environ_overrides={"wsgi.input": line, "CONTENT_LENGTH": str(announced)},
    )
    return answer.status_code
