"""Releases by the API: somebody in a photo has signed on its author's phone."""

import hashlib
import uuid
from typing import Any

import pytest
from flask import Flask

from tests.makers import MadeWalk, make_participant, make_photo
from tests.makers_photo import turned
from tests.sync.phone import Phone

SIGNATURE = "M10 10L200 90L300 40M20 20L20 20"


def release(photo: str, text: str) -> dict[str, Any]:
    """`text`: the id of what is asked about the exhibition."""
    return {
        "photo": photo,
        "language": "uk",
        "answers": [{"purpose": "exhibition", "yes": True, "text": text}],
        "guardian": False,
        "name": "Олена",
        "method": "signed",
        "signature": SIGNATURE,
        "code": hashlib.sha256(b"7G4KM2QX9TPB").hexdigest(),
        "at": "2026-06-18T10:05:00Z",
    }


def release_of(phone: Phone, photo: str, **more: Any) -> dict[str, Any]:
    said = {**release(photo, phone.texts("TESTCODE")["exhibition"]), **more}
    return {key: value for key, value in said.items() if value is not None}


def test_a_release_comes_before_its_photo_and_counts_once(phone: Phone) -> None:
    address, photo = f"/releases/{uuid.uuid4()}", str(uuid.uuid4())
    said = release_of(phone, photo)
    first, again = phone.call("PUT", address, said), phone.call("PUT", address, said)
    assert first.data == again.data
    assert set(first.json) == {"id", "revision", "sha256", "received"}
    (told,) = phone.call("GET", "/me").json["releases"]
    assert (told["photo"], told["answers"], told["withdrawn"]) == (photo, {"exhibition": True}, None)
    assert not {"name", "signature", "code"} & set(told), "what somebody else signed is theirs"
    phone.call("PUT", address, {**said, "guardian": True}, 422)
    phone.call("PUT", f"/releases/{uuid.uuid4()}", said, 422)


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": "M1 1"},
        {"signature": 'M1 1L2 2"><script>'},
        {"signature": "M1 1L2 2 C 3 3"},
        {"signature": None},
        {"method": "spoken"},
        {"method": "paper", "signature": None},
        {"code": "7G4K-M2QX-9TPB"},
        {"answers": []},
        {"name": "x" * 121},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_release_is_refused_in_a_sentence(phone: Phone, wrong: dict[str, Any]) -> None:
    answer = phone.call("PUT", f"/releases/{uuid.uuid4()}", release_of(phone, str(uuid.uuid4()), **wrong), 422)
    assert answer.json["detail"]


def test_purposes_that_stay_inside_are_not_asked_for(phone: Phone) -> None:
    texts = phone.texts("TESTCODE")
    for purpose in ("keep", "meeting"):
        answers = [{"purpose": purpose, "yes": True, "text": texts[purpose]}]
        phone.call("PUT", f"/releases/{uuid.uuid4()}", release_of(phone, str(uuid.uuid4()), answers=answers), 422)


def test_nobody_signs_for_anothers_photo(phone: Phone, app: Flask, walk: MadeWalk) -> None:
    with app.app_context():
        photo = make_photo(app, walk, make_participant(walk), turned(1))
    phone.call("PUT", f"/releases/{uuid.uuid4()}", release_of(phone, str(photo)), 403)
