"""Joining by the API: idempotent, several codes for one participant, recovered and shut out."""

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.makers import MadeWalk, make_call, make_walk
from tests.sync.phone import Phone
from webapp.consent.tables import Consent
from webapp.database import db, transaction
from webapp.people.tables import Device, Failure, Participant
from webapp.walk import changes as walk_changes


def counted(app: Flask, table: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def more_walks(app: Flask, walk: MadeWalk) -> list[str]:
    """Two more walks of the same project, and a call."""
    from datetime import UTC, datetime

    with app.app_context():
        with transaction():
            for code in ("SECOND", "THIRD"):
                walk_changes.add_walk(
                    walk.project_id,
                    title={"en": code},
                    district={"en": "Prague 1"},
                    meeting_point={"en": "At the clock"},
                    starts=datetime(2018, 7, 30, 8, tzinfo=UTC),
                    code=code,
                    stops=[],
                    checklists=[],
                )
        make_call(walk.project_id)
    return ["SECOND", "THIRD", "TESTCALL"]


def test_three_walks_and_a_call_with_every_acknowledgement_lost_are_one_participant(
    app: Flask, walk: MadeWalk
) -> None:
    codes = [walk.code, *more_walks(app, walk)]
    phone = Phone(app)
    answers = []
    for code in codes:
        body = phone.joining(code, phone.texts(code))
        for _ in range(3):  # nobody has heard the first two answers
            answers.append(phone.call("POST", "/join", body).json)
        phone.token = answers[-1]["token"]
    assert counted(app, Participant) == 1
    assert counted(app, Device) == 1
    assert {answer["participant"] for answer in answers} == {phone.participant}
    assert len({answer["token"] for answer in answers}) == 1
    assert len({answer["recovery"] for answer in answers}) == 1
    joined = phone.call("GET", "/me").json["joined"]
    assert [each["kind"] for each in joined] == ["walk", "walk", "walk", "call"]
    assert len({each["id"] for each in joined}) == 4


def test_without_its_token_the_same_phone_is_the_same_participant(app: Flask, walk: MadeWalk) -> None:
    codes = [walk.code, *more_walks(app, walk)]
    phone = Phone(app)
    tokens = {phone.call("POST", "/join", phone.joining(code, phone.texts(code))).json["token"] for code in codes}
    assert len(tokens) == 1
    assert counted(app, Participant) == 1


@pytest.mark.usefixtures("walk")
def test_another_key_is_not_the_same_participant(app: Flask) -> None:
    phone, thief = Phone(app), Phone(app)
    phone.join()
    body = thief.joining("TESTCODE", thief.texts("TESTCODE"), participant=phone.participant)
    thief.call("POST", "/join", body, 403)
    assert counted(app, Participant) == 1


@pytest.mark.usefixtures("walk")
def test_wrong_keys_are_counted_for_that_participant_alone(app: Flask) -> None:
    phone, thief = Phone(app), Phone(app)
    phone.join()
    body = thief.joining("TESTCODE", thief.texts("TESTCODE"), participant=phone.participant)
    for _ in range(10):
        thief.call("POST", "/join", body, 403)
    refused = thief.call("POST", "/join", body, 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert counted(app, Failure) == 10
    Phone(app).join()  # the room is full of other phones
    phone.call("GET", "/me")


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize("keep", ["absent", "no"])
def test_keep_refused_stores_nothing_not_even_the_refusal(app: Flask, keep: str) -> None:
    phone = Phone(app)
    texts = phone.texts("TESTCODE")
    body = phone.joining("TESTCODE", texts)
    body["consents"] = [each for each in body["consents"] if each["purpose"] != "keep"]
    if keep == "no":
        body["consents"].append(phone.consent("keep", texts["keep"], yes=False))
    phone.call("POST", "/join", body, 403)
    assert [counted(app, table) for table in (Participant, Device, Consent)] == [0, 0, 0]


def test_a_join_that_comes_again_later_does_not_speak_over_what_was_decided_since(app: Flask, walk: MadeWalk) -> None:
    phone = Phone(app)
    texts = phone.texts(walk.code)
    body = phone.joining(walk.code, texts)
    phone.token = phone.call("POST", "/join", body).json["token"]
    no = phone.consent("web", texts["web"], yes=False) | {"method": "tapped"}
    phone.call("PUT", f"/consents/{uuid.uuid4()}", no)
    phone.call("POST", "/join", body)
    said = [each["yes"] for each in phone.call("GET", "/me").json["consents"] if each["purpose"] == "web"]
    assert said == [True, False]


def test_a_token_of_one_project_does_not_join_another(app: Flask, phone: Phone) -> None:
    with app.app_context():
        make_walk("ELSEWHERE")
    phone.call("POST", "/join", phone.joining("ELSEWHERE", phone.texts("ELSEWHERE")), 403)


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"code": 7}, "code"),
        ({"participant": "me"}, "participant"),
        ({"key": "short"}, "key"),
        ({"key": None}, "key"),
        ({"device": ""}, "device"),
        ({"device": "x" * 65}, "device"),
        ({"device": "plain"}, "device"),
        ({"device": "PLAIN:x"}, "device"),
        ({"device": "/x"}, "device"),
        ({"device": "plain:00000000"}, "device"),
        ({"perspective": "emperor"}, "perspective"),
        ({"surprise": 1}, "surprise"),
        ({"reach": "x" * 201}, "reach"),
        ({"consents": [{"purpose": "keep"}]}, "consents.0.yes"),
    ],
)
def test_what_is_wrong_is_named(app: Flask, change: dict[str, Any], where: str) -> None:
    phone = Phone(app)
    refused = phone.call("POST", "/join", phone.joining("TESTCODE", phone.texts("TESTCODE"), **change), 422)
    assert where in [each["where"] for each in refused.json["errors"]]
    assert counted(app, Participant) == 0


@pytest.mark.usefixtures("walk")
def test_a_text_of_another_purpose_or_project_is_no_consent(app: Flask) -> None:
    with app.app_context():
        make_walk("ELSEWHERE")
    phone = Phone(app)
    texts = phone.texts("TESTCODE")
    for wrong in (texts["web"], phone.texts("ELSEWHERE")["keep"], str(uuid.uuid4())):
        body = phone.joining("TESTCODE", texts)
        body["consents"][0]["text"] = wrong
        refused = phone.call("POST", "/join", body, 422)
        assert refused.json["errors"][0]["where"] == "consents.0.text"


@pytest.mark.usefixtures("walk")
def test_an_unknown_code(app: Flask) -> None:
    phone = Phone(app)
    phone.call("POST", "/join", phone.joining("NOSUCHCODE", phone.texts("TESTCODE")), 404)


# the recovery code, and devices


def test_the_recovery_code_opens_it_on_another_device_and_the_old_one_can_be_shut_out(
    app: Flask, phone: Phone
) -> None:
    new = Phone(app, "tablet")
    sloppy = phone.recovery.lower().replace("-", " ")
    made = [new.call("POST", "/recover", {"recovery": sloppy, "device": "tablet"}).json for _ in range(2)]
    assert made[0] == made[1], "an answer that was lost comes again"
    assert made[0]["participant"] == phone.participant
    assert [each["kind"] for each in made[0]["joined"]] == ["walk"]
    new.token = made[0]["token"]
    assert new.token != phone.token
    assert [each["name"] for each in new.call("GET", "/me").json["devices"]] == ["phone", "tablet"]
    fresh = new.call("DELETE", "/me/devices/phone").json["recovery"]
    phone.call("GET", "/me", status=401)
    assert [each["name"] for each in new.call("GET", "/me").json["devices"]] == ["tablet"]
    # What the lost phone knew opens nothing any more: neither its key nor the code it had seen.
    lost = Phone(app)
    lost.participant, lost.key = phone.participant, phone.key
    for device in ("phone", "another"):
        lost.device = device
        lost.call("POST", "/join", lost.joining("TESTCODE", lost.texts("TESTCODE")), 403)
    lost.call("POST", "/recover", {"recovery": phone.recovery, "device": "x"}, 404)
    again = Phone(app)
    again.token = again.call("POST", "/recover", {"recovery": fresh, "device": "found"}).json["token"]
    assert again.call("GET", "/me").json["participant"] == phone.participant


def test_a_device_that_is_not_there_cannot_be_shut_out(phone: Phone) -> None:
    phone.call("DELETE", "/me/devices/nobody", status=404)


def test_one_may_shut_out_oneself(phone: Phone) -> None:
    phone.call("DELETE", "/me/devices/phone")
    phone.call("GET", "/me", status=401)


def test_wrong_recovery_codes_are_counted_by_their_beginning(app: Flask, phone: Phone) -> None:
    thief = Phone(app)
    guess = phone.recovery[:4] + "-AAAA-AAAA-AAAA"
    for _ in range(10):
        thief.call("POST", "/recover", {"recovery": guess, "device": "x"}, 404)
    thief.call("POST", "/recover", {"recovery": guess, "device": "x"}, 429)
    thief.call("POST", "/recover", {"recovery": "ZZZZ-AAAA-AAAA-AAAA", "device": "x"}, 404)
    phone.call("GET", "/me")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer " + "0" * 64, "Bearer \xff"])
def test_no_or_a_bad_token_is_401(app: Flask, header: str) -> None:
    answer = app.test_client().get("/api/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


def test_the_plain_pages_cookie_is_no_token(app: Flask, walker: Any) -> None:
    cookie = walker.client.get_cookie("pohled_plain", path="/plain")
    answer = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {cookie.value}"})
    assert answer.status_code == 401
    assert walker.client.get("/api/v1/me").status_code == 401
