"""Responses, photos and consents by the API: receipts, revisions, and what is refused."""

import hashlib
import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.client import Visitor
from tests.makers import MadeWalk, log_in, make_call, make_organiser, make_participant, make_photo
from tests.makers_photo import turned
from tests.sync import tus
from tests.sync.phone import Phone, digest
from webapp.database import db, now
from webapp.photo.jobs import drop_expired_uploads
from webapp.photo.tables import Part, Upload
from webapp.records.rules import Current, Revision, Verdict, judge
from webapp.upkeep.jobs import forget_lone
from webapp.walk import queries as walk_queries


def response(phone: Phone, walk: MadeWalk, **more: Any) -> dict[str, Any]:
    record = {
        **phone.next(),
        "revision": 1,
        "walk": str(walk.walk_id),
        "stop": str(walk.stops[0]),
        "checklist": "belonging",
        "version": 1,
        "language": "en",
        "people": 1,
        "answers": {"b.1": {"value": 4}, "b.2": {"value": "Benches", "remark": "in the shade"}},
        "started": "2018-06-18T10:05:00+02:00",
    }
    return {**record, **more}


def answers_of(app: Flask, response_id: uuid.UUID) -> dict[str, Any]:
    with app.app_context():
        found = walk_queries.response_by_id(response_id)
        assert found is not None
        return {row.question: row.value for row in found.answers}


def test_a_receipt_carries_the_hash_of_the_body_and_an_equal_body_gets_it_again(phone: Phone, walk: MadeWalk) -> None:
    body, address = response(phone, walk), f"/responses/{uuid.uuid4()}"
    first, again = phone.call("PUT", address, body), phone.call("PUT", address, body)
    assert first.data == again.data
    assert first.json["sha256"] == digest(body)
    assert first.json["revision"] == 1
    assert set(first.json) == {"id", "revision", "sha256", "received"}


def test_a_newer_revision_counts_and_an_older_one_gets_its_receipt(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    record_id = uuid.uuid4()
    address = f"/responses/{record_id}"
    one, two = response(phone, walk), response(phone, walk, revision=2, base=1, answers={"b.1": {"value": 2}})
    phone.call("PUT", address, one)
    newest = phone.call("PUT", address, two).json
    assert phone.call("PUT", address, one).json == newest
    late = response(phone, walk, revision=1, answers={"b.1": {"value": 5}})
    assert phone.call("PUT", address, late).json == newest
    assert answers_of(app, record_id) == {"b.1": 2}


def test_what_another_device_made_from_the_same_base_is_kept_as_a_version(
    app: Flask, phone: Phone, walk: MadeWalk
) -> None:
    tablet = Phone(app, "tablet")
    tablet.token = tablet.call("POST", "/recover", {"recovery": phone.recovery, "device": "tablet"}).json["token"]
    record_id = uuid.uuid4()
    address = f"/responses/{record_id}"
    phone.call("PUT", address, response(phone, walk))
    phone.call("PUT", address, response(phone, walk, revision=2, base=1, answers={"b.1": {"value": 2}}))
    other = response(tablet, walk, revision=2, base=1, answers={"b.1": {"value": 5}})
    kept = tablet.call("PUT", address, other).json
    assert (kept["kept"], kept["revision"], kept["sha256"]) == ("version", 2, digest(other))
    assert tablet.call("PUT", address, other).json == kept
    assert answers_of(app, record_id) == {"b.1": 2}
    # What the tablet makes from its own version is a version, too; from the one that counts, it counts.
    on = response(tablet, walk, revision=3, base=2, answers={"b.1": {"value": 1}})
    assert tablet.call("PUT", address, on).json["kept"] == "version"
    all_of_it = phone.call("GET", "/me").json["responses"]
    assert [each["receipt"].get("kept") for each in all_of_it] == [None, "version", "version"]
    assert [each["record"]["answers"]["b.1"]["value"] for each in all_of_it] == [2, 5, 1]


def test_two_pages_of_one_phone_that_number_alike_lose_neither(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    record_id = uuid.uuid4()
    address = f"/responses/{record_id}"
    one, two = response(phone, walk), response(phone, walk, answers={"b.1": {"value": 2}})
    assert "kept" not in phone.call("PUT", address, one).json
    kept = phone.call("PUT", address, two).json
    assert (kept["kept"], kept["revision"], kept["sha256"]) == ("version", 1, digest(two))
    assert phone.call("PUT", address, two).json == kept
    assert answers_of(app, record_id)["b.1"] == 4
    all_of_it = phone.call("GET", "/me").json["responses"]
    assert [each["record"]["answers"]["b.1"]["value"] for each in all_of_it] == [4, 2]


def test_another_device_goes_on_from_what_counts(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    tablet = Phone(app, "tablet")
    tablet.token = tablet.call("POST", "/recover", {"recovery": phone.recovery, "device": "tablet"}).json["token"]
    record_id = uuid.uuid4()
    phone.call("PUT", f"/responses/{record_id}", response(phone, walk))
    on = response(tablet, walk, revision=2, base=1, answers={"b.1": {"value": 5}})
    assert "kept" not in tablet.call("PUT", f"/responses/{record_id}", on).json
    assert answers_of(app, record_id) == {"b.1": 5}


DEVICES = st.sampled_from(["a", "b"])


@given(st.lists(st.tuples(DEVICES, st.integers(1, 5), st.none() | st.integers(0, 4), st.integers(0, 3)), max_size=12))
def test_of_whatever_arrives_in_whatever_order_nothing_that_counts_is_older_by_its_own_device(
    sent: list[tuple[str, int, int | None, int]],
) -> None:
    current: Current | None = None
    newest: dict[str, int] = {}
    forks: set[tuple[str, int]] = set()
    for device, number, base, words in sent:
        arrived = Revision(device, 0, number, base, "", f"{device}{number}{base}{words}")
        verdict = judge(current, arrived, frozenset(forks))
        if verdict is Verdict.COUNTS:
            if current and current.device == device:
                assert number > current.revision
            elif current:
                assert base == current.revision
            current = Current(device, number, arrived.sha256)
            newest[device] = number
        elif verdict is Verdict.VERSION:
            forks.add((device, number))
        elif verdict is Verdict.OLDER:
            assert current is not None and current.device == device and number < current.revision


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"surprise": True}, "surprise"),
        ({"answers": {"b.1": {"value": 6}}}, "answers.b.1.value"),
        ({"answers": {"b.1": {"value": True}}}, "answers.b.1.value"),
        ({"answers": {"b.1": {"value": "4"}}}, "answers.b.1.value"),
        ({"answers": {"b.1": {"value": 4, "cant_tell": True}}}, "answers.b.1"),
        ({"answers": {"b.1": {"value": 4, "colour": "red"}}}, "answers.b.1.colour"),
        ({"answers": {"b.9": {"value": 4}}}, "answers.b.9"),
        ({"answers": {"b.3": {"value": "asked once"}}}, "answers.b.3"),
        ({"stop": None}, "answers.b.1"),
        ({"stop": str(uuid.uuid4())}, "stop"),
        ({"version": 2}, "version"),
        ({"checklist": "other"}, "version"),
        ({"people": 0}, "people"),
        ({"revision": 0}, "revision"),
        ({"revision": 2, "base": 2}, ""),
        ({"device": "plain"}, "device"),
        ({"started": "yesterday"}, "started"),
        ({"language": "en_GB!"}, "language"),
        ({"sequence": 2**60}, "sequence"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    phone: Phone, walk: MadeWalk, change: dict[str, Any], where: str
) -> None:
    address = f"/responses/{uuid.uuid4()}"
    refused = phone.call("PUT", address, response(phone, walk, **change), 422)
    assert where in [each["where"] for each in refused.json["errors"]], refused.json
    assert phone.call("GET", "/me").json["responses"] == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b'{"device": "\\ud800"}', b"[" * 100_000, b'{"sequence": 1e999}']
)
@pytest.mark.parametrize("kind", ["responses", "photos", "consents"])
def test_what_is_no_record_is_refused(phone: Phone, kind: str, body: bytes) -> None:
    phone.call("PUT", f"/{kind}/{uuid.uuid4()}", body, 422)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type_is_415(phone: Phone, walk: MadeWalk, kind: str) -> None:
    body = json.dumps(response(phone, walk)).encode()
    phone.call("PUT", f"/responses/{uuid.uuid4()}", body, 415, Content_Type=kind)


def test_the_record_of_another_is_403(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    other, address = Phone(app), f"/responses/{uuid.uuid4()}"
    other.join()
    phone.call("PUT", address, response(phone, walk))
    other.call("PUT", address, response(other, walk), 403)


def test_who_has_not_joined_sends_nothing(app: Flask, phone: Phone) -> None:
    from tests.makers import make_walk

    with app.app_context():
        elsewhere = make_walk("ELSEWHERE")
    phone.call("PUT", f"/responses/{uuid.uuid4()}", response(phone, elsewhere), 403)
    phone.call("PUT", f"/photos/{uuid.uuid4()}", phone.photo(b"x", walk=str(elsewhere.walk_id)), 403)


def test_a_record_does_not_move_to_another_place(phone: Phone, walk: MadeWalk) -> None:
    address = f"/responses/{uuid.uuid4()}"
    phone.call("PUT", address, response(phone, walk))
    moved = response(phone, walk, revision=2, stop=str(walk.stops[1]))
    phone.call("PUT", address, moved, 422)


def test_without_keep_nothing_more_is_taken_until_it_is_given_again(phone: Phone, walk: MadeWalk) -> None:
    texts = phone.texts(walk.code)
    no = phone.consent("keep", texts["keep"], yes=False) | {"method": "tapped"}
    phone.call("PUT", f"/consents/{uuid.uuid4()}", no)
    body, address = response(phone, walk), f"/responses/{uuid.uuid4()}"
    phone.call("PUT", address, body, 403)
    yes = phone.consent("keep", texts["keep"]) | {"method": "tapped"}
    phone.call("PUT", f"/consents/{uuid.uuid4()}", yes)
    phone.call("PUT", address, body)


def test_the_register_only_grows(phone: Phone, walk: MadeWalk) -> None:
    texts, address = phone.texts(walk.code), f"/consents/{uuid.uuid4()}"
    no = phone.consent("web", texts["web"], yes=False) | {"method": "spoken"}
    first = phone.call("PUT", address, no)
    assert phone.call("PUT", address, no).data == first.data
    assert first.json["sha256"] == digest(no)
    phone.call("PUT", address, no | {"yes": True}, 422)
    phone.call("DELETE", address, status=405)


def test_somebody_elses_decision_and_photo_are_403(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    other, address = Phone(app), f"/consents/{uuid.uuid4()}"
    other.join()
    texts = phone.texts(walk.code)
    no = phone.consent("web", texts["web"], yes=False) | {"method": "tapped"}
    phone.call("PUT", address, no)
    other.call("PUT", address, no, 403)
    with app.app_context():
        photo = make_photo(app, walk, make_participant(walk), turned(1))
    other.call("PUT", f"/consents/{uuid.uuid4()}", no | {"photo": str(photo)}, 403)


# photos


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"walk": None}, ""),
        ({"call": str(uuid.uuid4())}, ""),
        ({"light": ["sideways"]}, "light.0"),
        ({"people": "many"}, "people"),
        ({"credit": "fame"}, "credit"),
        ({"sha256": "A" * 64}, "sha256"),
        ({"bytes": 0}, "bytes"),
        ({"fix": {"lat": 91, "lon": 0}}, "fix.lat"),
        ({"pin": {"lat": 0}}, "pin.lon"),
        ({"caption": {"en": "x" * 1001}}, "caption.en"),
        ({"story": {"dream": "x"}}, "story.dream"),
        ({"stop": str(uuid.uuid4())}, "stop"),
    ],
)
def test_what_is_wrong_in_a_photo_is_named(phone: Phone, walk: MadeWalk, change: dict[str, Any], where: str) -> None:
    record = phone.photo(b"x", **{"walk": str(walk.walk_id), **change})
    refused = phone.call("PUT", f"/photos/{uuid.uuid4()}", record, 422)
    assert where in [each["where"] for each in refused.json["errors"]], refused.json


def test_no_photos_where_none_are_wanted(phone: Phone, walk: MadeWalk) -> None:
    record = phone.photo(b"x", walk=str(walk.walk_id), stop=str(walk.stops[1]))
    phone.call("PUT", f"/photos/{uuid.uuid4()}", record, 422)


def test_a_photo_that_is_too_large_is_413(phone: Phone, walk: MadeWalk) -> None:
    record = phone.photo(b"x", walk=str(walk.walk_id), bytes=10**9)
    phone.call("PUT", f"/photos/{uuid.uuid4()}", record, 413)


def test_a_photo_waits_for_its_bytes_and_belongs_to_its_author(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    address = f"/photos/{uuid.uuid4()}"
    phone.call("GET", address, status=404)
    phone.call("PUT", address, phone.photo(b"x", walk=str(walk.walk_id)))
    state = phone.call("GET", address).json
    assert (state["state"], state["parts"], state["sizes"]) == ("waiting", {}, {})
    other = Phone(app)
    other.join()
    other.call("GET", address, status=404)
    other.call("DELETE", address, status=404)
    other.call("PUT", address, other.photo(b"x", walk=str(walk.walk_id)), 403)


def test_a_withdrawn_photo_is_410_whatever_comes(phone: Phone, walk: MadeWalk) -> None:
    address = f"/photos/{uuid.uuid4()}"
    body = phone.photo(b"x", walk=str(walk.walk_id))
    phone.call("PUT", address, body)
    phone.call("DELETE", address, status=204)
    phone.call("DELETE", address, status=204)
    phone.call("PUT", address, body, 410)
    phone.call("PUT", address, {**body, "revision": 2, "base": 1}, 410)
    phone.call("GET", address, status=410)
    me = phone.call("GET", "/me").json
    assert me["photos"] == []
    assert [each["id"] for each in me["withdrawn"]] == [address.rsplit("/", 1)[1]]


def test_a_call_takes_so_many_photos_of_each_and_one_may_be_taken_back(
    app: Flask, phone: Phone, walk: MadeWalk
) -> None:
    with app.app_context():
        call = make_call(walk.project_id, photos_each=2)
    phone.join("TESTCALL")
    addresses = [f"/photos/{uuid.uuid4()}" for _ in range(3)]
    for address in addresses[:2]:
        phone.call("PUT", address, phone.photo(b"x", call=str(call)))
    third = phone.photo(b"x", call=str(call))
    assert "as many photos" in phone.call("PUT", addresses[2], third, 403).json["title"]
    phone.call("PUT", addresses[0], phone.photo(b"x", call=str(call), revision=2, base=1))
    phone.call("DELETE", addresses[1], status=204)
    phone.call("PUT", addresses[2], third)


@pytest.mark.parametrize(
    ("days", "status", "late"), [(30, 200, False), (-1, 200, True), (-13, 200, True), (-15, 403, None)]
)
def test_what_comes_late_is_marked_and_not_refused_for_fourteen_days(
    app: Flask, phone: Phone, walk: MadeWalk, days: int, status: int, late: bool | None
) -> None:
    from datetime import timedelta

    from webapp.database import now, transaction
    from webapp.photo.tables import Call

    with app.app_context():
        call = make_call(walk.project_id)
        with transaction():
            row = db.session.get_one(Call, call)
            row.opens, row.closes = now() - timedelta(days=60), now() + timedelta(days=days)
    phone.join("TESTCALL")
    address = f"/photos/{uuid.uuid4()}"
    phone.call("PUT", address, phone.photo(b"x", call=str(call)), status)
    if late is not None:
        assert phone.call("GET", address).json["late"] is late


# leaving, and what is ready offline


def test_after_taking_everything_back_every_door_is_410(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    body, address = response(phone, walk), f"/responses/{uuid.uuid4()}"
    phone.call("PUT", address, body)
    joining = phone.joining(walk.code, phone.texts(walk.code))
    phone.call("DELETE", "/me", status=204)
    phone.call("DELETE", "/me", status=410)
    phone.call("GET", "/me", status=410)
    phone.call("PUT", address, body, 410)
    phone.call("POST", "/join", joining, 410)
    phone.token = ""
    phone.call("POST", "/recover", {"recovery": phone.recovery, "device": "x"}, 404)


def test_the_pack_lists_what_is_really_there(phone: Phone, walk: MadeWalk) -> None:
    import hashlib

    pack = phone.call("GET", f"/pack/walk/{walk.walk_id}?language=cs")
    for item in pack.json["items"]:
        got = phone.client.get(item["address"], headers={"Authorization": f"Bearer {phone.token}"})
        assert got.status_code == 200, item
        assert (hashlib.sha256(got.data).hexdigest(), len(got.data)) == (item["sha256"], item["bytes"]), item
    same = phone.call("GET", f"/pack/walk/{walk.walk_id}?language=cs", status=304, If_None_Match=pack.headers["ETag"])
    assert same.data == b""
    assert pack.json["items"][-1]["address"] == f"/w/{walk.code}/cs", "the page comes last"
    content = phone.call("GET", f"/pack/walk/{walk.walk_id}/content?language=cs").json
    assert content["title"] == "Krátká procházka"
    assert [stop["photos"] for stop in content["stops"]] == [True, False]
    assert content["checklists"][0]["sections"][0]["questions"][0]["text"] == "Cizí pomůže."
    english = phone.call("GET", f"/pack/walk/{walk.walk_id}?language=en").json
    assert english["version"] != pack.json["version"]


def test_the_pack_is_for_those_who_joined(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    from tests.makers import make_walk

    with app.app_context():
        elsewhere = make_walk("ELSEWHERE")
        call = make_call(walk.project_id)
    phone.call("GET", f"/pack/walk/{elsewhere.walk_id}", status=404)
    phone.call("GET", f"/pack/call/{call}", status=404)
    phone.call("GET", f"/pack/dance/{call}", status=404)
    phone.call("GET", f"/pack/walk/{walk.walk_id}?language=tlh", status=422)
    phone.join("TESTCALL")
    content = phone.call("GET", f"/pack/call/{call}/content").json
    assert (content["joined"]["kind"], content["photos_each"]) == ("call", 10)


# what an attacker tried


def test_a_picture_that_a_later_revision_replaced_goes_with_its_photo(
    app: Flask, phone: Phone, walk: MadeWalk
) -> None:
    from tests.makers_photo import turned as picture

    store = app.extensions["store"]
    first, second = picture(1), picture(3)
    address = f"/photos/{uuid.uuid4()}"
    for number, data in enumerate((first, second), 1):
        record = phone.photo(data, walk=str(walk.walk_id), revision=number, base=number - 1 or None)
        phone.call("PUT", address, record)
        sent = phone.client.post(
            "/api/v1/uploads",
            data=data,
            headers={
                "Authorization": f"Bearer {phone.token}",
                "Tus-Resumable": "1.0.0",
                "Upload-Length": str(len(data)),
                "Content-Type": "application/offset+octet-stream",
            },
        )
        assert sent.status_code == 201
        ended = phone.client.delete(
            sent.headers["Location"],
            headers={"Authorization": f"Bearer {phone.token}", "Tus-Resumable": "1.0.0"},
        )
        assert ended.status_code == 204
    assert len(list(store.originals())) == 2
    phone.call("DELETE", address, status=204)
    assert list(store.originals()) == []
    with app.app_context():
        from webapp.photo.queries import pictures

        assert pictures() == []


def test_a_record_has_so_many_revisions_and_so_many_bytes(phone: Phone, walk: MadeWalk) -> None:
    from webapp.records import changes

    address = f"/responses/{uuid.uuid4()}"
    body = json.dumps(response(phone, walk)).encode()
    phone.call("PUT", address, body + b" " * 200_000, 413)
    most, changes.MOST = changes.MOST, 3
    try:
        for number in range(1, 4):
            last = response(phone, walk, revision=number)
            phone.call("PUT", address, last)
        phone.call("PUT", address, response(phone, walk, revision=4), 429)
        phone.call("PUT", address, last)
    finally:
        changes.MOST = most


def test_no_nul_is_stored(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    record_id = uuid.uuid4()
    phone.call("PUT", f"/responses/{record_id}", response(phone, walk, answers={"b.2": {"value": "a\0b"}}))
    assert answers_of(app, record_id) == {"b.2": "ab"}


def speak(phone: Phone, sound: bytes, status: int = 201, sha256: str | None = None) -> str:
    """Sends a recording; gives its SHA-256."""
    named = sha256 or hashlib.sha256(sound).hexdigest()
    headers = {
        "Content_Type": "application/offset+octet-stream",
        "Tus_Resumable": "1.0.0",
        "Upload_Length": str(len(sound)),
        "Upload_Metadata": tus.words(part="sound", sha256=named),
    }
    phone.call("POST", "/uploads", sound, status, **headers)
    return named


def sounds(phone: Phone, response_id: uuid.UUID) -> dict[str, Any]:
    """What the receipt says has come."""
    said = phone.call("GET", f"/responses/{response_id}").json
    assert said["id"] == str(response_id)
    return {question: (part["sha256"], part["bytes"]) for question, part in said["sounds"].items()}


def lies_there(app: Flask, sha256: str) -> bool:
    path: Path = app.extensions["store"].original(sha256)
    return path.exists()


VOICE, NAMED = b"OggS a voice", hashlib.sha256(b"OggS a voice").hexdigest()
SPOKEN = {"b.2": {"value": None, "sound": NAMED}}


@pytest.mark.parametrize("first", ["record", "bytes"])
def test_a_recording_belongs_to_its_answer_whichever_comes_first(phone: Phone, walk: MadeWalk, first: str) -> None:
    response_id = uuid.uuid4()
    steps = {
        "record": lambda: phone.call("PUT", f"/responses/{response_id}", response(phone, walk, answers=SPOKEN)),
        "bytes": lambda: speak(phone, VOICE),
    }
    for step in sorted(steps, key=lambda name: name != first):
        steps[step]()
    assert sounds(phone, response_id) == {"b.2": (NAMED, len(VOICE))}


def test_a_recording_with_another_hash_is_thrown_away(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    response_id = uuid.uuid4()
    phone.call("PUT", f"/responses/{response_id}", response(phone, walk, answers=SPOKEN))
    speak(phone, b"OggS other words", 460, NAMED)
    assert sounds(phone, response_id) == {}
    phone.call("PUT", f"/responses/{uuid.uuid4()}", response(phone, walk, answers={"b.2": {"sound": "no hash"}}), 422)


def test_a_recording_without_an_answer_waits_and_goes(
    app: Flask, phone: Phone, walk: MadeWalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(phone, VOICE)
    phone.call("PUT", f"/responses/{uuid.uuid4()}", response(phone, walk))
    with app.app_context():
        assert db.session.scalars(select(Part)).all() == []
        assert lies_there(app, NAMED)
        monkeypatch.setattr("webapp.photo.jobs.now", lambda: now() + timedelta(days=15))
        drop_expired_uploads(False)
        assert not lies_there(app, NAMED)


def test_nobody_binds_or_hears_of_what_somebody_else_said(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    other, own, foreign = Phone(app, "other"), uuid.uuid4(), uuid.uuid4()
    other.join(walk.code)
    phone.call("PUT", f"/responses/{own}", response(phone, walk, answers=SPOKEN))
    speak(phone, VOICE)
    other.call("PUT", f"/responses/{foreign}", response(other, walk, answers=SPOKEN))
    assert sounds(other, foreign) == {}
    other.call("GET", f"/responses/{own}", status=404)
    phone.call("GET", f"/responses/{uuid.uuid4()}", status=404)
    with app.app_context():
        make_organiser(walk.project_id)
    desk = Visitor(app)
    log_in(desk)
    assert desk.get(f"/desk/responses/{own}/sounds/b.2").data == VOICE
    for unheard in (f"{own}/sounds/b.1", f"{foreign}/sounds/b.2"):
        desk.get(f"/desk/responses/{unheard}", 404)
    page = desk.get(f"/desk/walks/{walk.walk_id}").text
    assert f"/desk/responses/{own}/sounds/b.2" in page
    assert "1 is still on its way" in page


def test_what_was_spoken_anew_or_taken_away_is_deleted(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    response_id = uuid.uuid4()
    address = f"/responses/{response_id}"
    phone.call("PUT", address, response(phone, walk, answers=SPOKEN))
    speak(phone, VOICE)
    anew = speak(phone, b"OggS a better voice")
    answers = {"b.2": {"value": None, "sound": anew}}
    phone.call("PUT", address, response(phone, walk, revision=2, base=1, answers=answers))
    assert sounds(phone, response_id) == {"b.2": (anew, len(b"OggS a better voice"))}
    with app.app_context():
        forget_lone(NAMED)
        forget_lone(anew)
    assert not lies_there(app, NAMED)
    assert lies_there(app, anew)
    phone.call("PUT", address, response(phone, walk, revision=3, base=2, answers={"b.1": {"value": 4}}))
    assert sounds(phone, response_id) == {}
    with app.app_context():
        forget_lone(anew)
        assert db.session.scalars(select(Upload)).all() == []
    assert not lies_there(app, anew)


def test_who_has_taken_keeping_back_sends_no_recording(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    phone.call("PUT", f"/responses/{uuid.uuid4()}", response(phone, walk, answers=SPOKEN))
    no = {**phone.consent("keep", phone.texts(walk.code)["keep"], False), "method": "tapped"}
    phone.call("PUT", f"/consents/{uuid.uuid4()}", no)
    speak(phone, VOICE, 403)


def bring(phone: Phone, photo_id: uuid.UUID, part: str, data: bytes, sent: int | None = None) -> str:
    """An upload's address; of `sent` bytes only, where that is said."""
    begun = data if sent is None else data[:sent]
    headers = {
        "Tus_Resumable": "1.0.0",
        "Upload_Length": str(len(data)),
        "Upload_Metadata": tus.words(photo=photo_id, part=part, sha256=tus.sha(data)),
        "Content_Type": "application/offset+octet-stream",
    }
    return phone.call("POST", "/uploads", begun, 201, **headers).headers["Location"]


def test_a_picture_painted_over_on_the_phone_leaves_nothing_of_the_other(
    app: Flask, phone: Phone, walk: MadeWalk
) -> None:
    """Whatever had come before its phone knew, or was on its way."""
    photo_id, twin = uuid.uuid4(), uuid.uuid4()
    face, small, more = turned(1), turned(6), turned(3)
    painted, painted_small = turned(8), turned(5)
    named = tus.sha(painted_small)
    place = {"walk": str(walk.walk_id)}
    phone.call("PUT", f"/photos/{photo_id}", phone.photo(face, **place))
    bring(phone, photo_id, "preview", small)
    bring(phone, photo_id, "original", face)
    late = bring(phone, photo_id, "preview", more, 100)
    bring(phone, twin, "original", painted)  # another photo of the same author: none of this one's business
    assert lies_there(app, tus.sha(face))
    record = phone.photo(painted, revision=2, base=1, painted=named, **place)
    phone.call("PUT", f"/photos/{photo_id}", record)
    said = phone.call("GET", f"/photos/{photo_id}").json
    assert set(said["parts"]) == {"original"}  # these bytes lay here already, and its record names them now
    with app.app_context():
        for data in (face, small):
            forget_lone(tus.sha(data))
        assert db.session.scalars(select(Upload.claimed).where(Upload.photo_id == photo_id)).all() == []
    assert not lies_there(app, tus.sha(face))
    assert not lies_there(app, tus.sha(small))
    rest = {"Upload_Offset": "100", "Content_Type": "application/offset+octet-stream", "Tus_Resumable": "1.0.0"}
    phone.call("PATCH", late.removeprefix("http://localhost").removeprefix("/api/v1"), more[100:], 404, **rest)
    bring(phone, photo_id, "preview", painted_small)
    bring(phone, photo_id, "preview", more)  # as out of an older copy of the phone
    assert lies_there(app, tus.sha(more))
    with app.app_context():
        drop_expired_uploads(False)
    assert not lies_there(app, tus.sha(more))
    parts = phone.call("GET", f"/photos/{photo_id}").json["parts"]
    assert {name: part["sha256"] for name, part in parts.items()} == {
        "original": tus.sha(painted),
        "preview": tus.sha(painted_small),
    }
    # Said once more, and with other words: nothing of it goes again.
    phone.call("PUT", f"/photos/{photo_id}", record)
    again = phone.photo(painted, revision=3, base=2, painted=named, people="unreleased", **place)
    phone.call("PUT", f"/photos/{photo_id}", again)
    assert phone.call("GET", f"/photos/{photo_id}").json["parts"] == parts


def test_what_is_kept_beside_paints_nothing_over(app: Flask, phone: Phone, walk: MadeWalk) -> None:
    photo_id, face, painted = uuid.uuid4(), turned(1), turned(8)
    place = {"walk": str(walk.walk_id)}
    phone.call("PUT", f"/photos/{photo_id}", phone.photo(face, **place))
    bring(phone, photo_id, "original", face)
    phone.call("PUT", f"/photos/{photo_id}", phone.photo(face, revision=2, base=1, **place))
    other = phone.photo(painted, revision=2, base=1, painted=tus.sha(b"x"), **place) | {"device": "another"}
    assert phone.call("PUT", f"/photos/{photo_id}", other).json.get("kept")
    parts = phone.call("GET", f"/photos/{photo_id}").json["parts"]
    assert parts["original"]["sha256"] == tus.sha(face)
    assert lies_there(app, tus.sha(face))
