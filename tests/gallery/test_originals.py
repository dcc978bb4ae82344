"""Asking for originals that are still on phones: who may, what for, what a phone hears of it, and when it is done."""

import html
import io
import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from tests.client import Visitor, hidden
from tests.makers import MadeWalk, log_in, make_call, make_exhibition, make_organiser
from tests.makers_photo import turned
from tests.sync.phone import Phone
from webapp.database import db, now, transaction
from webapp.doors import Role
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition.rules import State
from webapp.people.tables import Device
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo.rules import PartName
from webapp.photo.tables import OriginalAsk
from webapp.upkeep.jobs import erase_now

NOTHING = {"answers": 0, "photos": 0}


@pytest.fixture
def curator(app: Flask, walk: MadeWalk) -> Visitor:
    with app.app_context():
        make_organiser(walk.project_id, Role.CURATOR, "curator@example.org")
    visitor = Visitor(app)
    log_in(visitor, "curator@example.org")
    return visitor


@pytest.fixture
def phone(app: Flask, walk: MadeWalk) -> Phone:
    made = Phone(app)
    made.join(walk.code)
    return made


def send(app: Flask, phone: Phone, part: PartName = PartName.PREVIEW, **where: object) -> uuid.UUID:
    """A photo of which this much has come."""
    data = turned(1) + uuid.uuid4().bytes * 1000
    photo_id = uuid.uuid4()
    phone.call("PUT", f"/photos/{photo_id}", phone.photo(data, **where))
    bind(app, photo_id, part, data if part is PartName.ORIGINAL else turned(3))
    return photo_id


def bind(app: Flask, photo_id: uuid.UUID, part: PartName, data: bytes | None = None) -> None:
    """Bytes have come for the photo; without any, those that its record names."""
    with app.app_context():
        stored = app.extensions["store"].put(io.BytesIO(data or b"x"), 60_000_000)
        with transaction():
            photo = photo_queries.photo(photo_id)
            assert photo
            if data is None:
                photo.original = stored.sha256
            photo_changes.receive_part(photo, part, stored, "image/jpeg")


def heard(phone: Phone) -> set[uuid.UUID]:
    """What a phone hears that speaks now."""
    return {uuid.UUID(each) for each in phone.call("PUT", "/me/held", NOTHING).json["asked"]}


def ask(visitor: Visitor, page: str, address: str, **fields: str) -> None:
    token = hidden(visitor.get(page).text)["csrf_token"]
    visitor.post(address, {"csrf_token": token, **fields})


def text(markup: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup[markup.index("<main") :])))


def test_one_original_is_asked_for_and_comes(app: Flask, walk: MadeWalk, curator: Visitor, phone: Phone) -> None:
    photo = send(app, phone, walk=str(walk.walk_id))
    other = send(app, phone, walk=str(walk.walk_id))
    address = f"/desk/photos/{photo}"
    assert "Ask for the original (" in text(curator.get(address).text)
    assert heard(phone) == set()
    ask(curator, address, f"{address}/original")
    said = text(curator.get(address).text)
    assert "Asked for by curator@example.org" in said
    assert "The author’s phone has not been heard since" in said
    assert "Original asked for" in text(curator.get(f"/desk/walks/{walk.walk_id}/photos").text)
    assert heard(phone) == {photo}
    assert "The author’s phone has heard of it; it last spoke" in text(curator.get(address).text)
    bind(app, photo, PartName.ORIGINAL)
    assert heard(phone) == set()
    said = text(curator.get(address).text)
    assert "Asked for" not in said and "not come yet" not in said
    assert f"/desk/photos/{other}" in curator.get(f"/desk/walks/{walk.walk_id}/photos?lack=no-original").text


def test_asking_twice_keeps_the_first_moment_and_it_can_be_taken_back(
    app: Flask, walk: MadeWalk, curator: Visitor, phone: Phone
) -> None:
    photo = send(app, phone, walk=str(walk.walk_id))
    address = f"/desk/photos/{photo}"
    token = hidden(curator.get(address).text)["csrf_token"]
    moments = []
    for _ in range(2):
        curator.post(f"{address}/original", {"csrf_token": token})
        with app.app_context():
            moments += [row.at for row in db.session.query(OriginalAsk)]
    assert len(moments) == 2 and len(set(moments)) == 1
    assert heard(phone) == {photo}
    ask(curator, address, f"{address}/original", no_more="yes")
    assert heard(phone) == set()


def test_all_of_a_walk_and_all_of_a_call(app: Flask, walk: MadeWalk, curator: Visitor, phone: Phone) -> None:
    with app.app_context():
        call = make_call(walk.project_id)
    phone.join("TESTCALL")
    here = {send(app, phone, walk=str(walk.walk_id)) for _ in range(2)}
    there = send(app, phone, call=str(call))
    send(app, phone, PartName.ORIGINAL, walk=str(walk.walk_id))
    unreleased = send(app, phone, walk=str(walk.walk_id), people="unreleased")
    page = f"/desk/walks/{walk.walk_id}/photos"
    assert "2 originals are still on phones." in text(curator.get(page).text)
    ask(curator, page, f"/desk/walks/{walk.walk_id}/originals")
    assert heard(phone) == here
    assert "2 originals are asked for" in text(curator.get(page).text)
    assert unreleased not in heard(phone), "it has to stay inside: print will never want it"
    ask(curator, f"/desk/calls/{call}", f"/desk/calls/{call}/originals")
    assert heard(phone) == {*here, there}


def test_a_shortlist_asks_for_what_may_hang(app: Flask, walk: MadeWalk, curator: Visitor, phone: Phone) -> None:
    picked, blocked, undecided = (send(app, phone, walk=str(walk.walk_id)) for _ in range(3))
    with app.app_context():
        show = make_exhibition(walk.project_id)
        author = make_organiser(email="picks@example.org")
        with transaction():
            for photo in (picked, blocked):
                exhibition_changes.mark(show, photo, State.PICK, author, 0)
    no = phone.consent("exhibition", phone.texts(walk.code)["exhibition"], yes=False)
    phone.call("PUT", f"/consents/{uuid.uuid4()}", {**no, "method": "tapped", "photo": str(blocked)})
    page = f"/desk/exhibitions/{show}/shortlist"
    assert "1 original is still on a phone." in text(curator.get(page).text)
    ask(curator, page, f"/desk/exhibitions/{show}/originals")
    assert heard(phone) == {picked}
    said = text(curator.get(page).text)
    assert "1 original is asked for" in said and "Ask for" not in said
    assert undecided not in heard(phone)


def test_what_is_taken_back_or_no_longer_kept_is_not_asked_for(
    app: Flask, walk: MadeWalk, curator: Visitor, phone: Phone
) -> None:
    photos = [send(app, phone, walk=str(walk.walk_id)) for _ in range(2)]
    ask(curator, f"/desk/walks/{walk.walk_id}/photos", f"/desk/walks/{walk.walk_id}/originals")
    assert heard(phone) == set(photos)
    phone.call("DELETE", f"/photos/{photos[0]}", status=204)
    assert heard(phone) == {photos[1]}
    with app.app_context():
        assert [row.photo_id for row in db.session.query(OriginalAsk)] == photos[1:]
    no = phone.consent("keep", phone.texts(walk.code)["keep"], yes=False)
    phone.call("PUT", f"/consents/{uuid.uuid4()}", {**no, "method": "tapped"})
    phone.call("PUT", "/me/held", NOTHING, 403)
    with app.app_context():
        assert photo_queries.owed_by(uuid.UUID(phone.participant)) == []
        erase_now(uuid.UUID(phone.participant))
        assert db.session.query(OriginalAsk).count() == 0


def test_nobody_hears_of_what_others_are_asked_for(
    app: Flask, walk: MadeWalk, curator: Visitor, phone: Phone
) -> None:
    send(app, phone, walk=str(walk.walk_id))
    ask(curator, f"/desk/walks/{walk.walk_id}/photos", f"/desk/walks/{walk.walk_id}/originals")
    other = Phone(app)
    other.join(walk.code)
    assert heard(other) == set()


def test_who_may_not_ask_sees_it_all_the_same(app: Flask, walk: MadeWalk, phone: Phone) -> None:
    photo = send(app, phone, walk=str(walk.walk_id))
    with app.app_context():
        curator = make_organiser(walk.project_id, Role.FACILITATOR, "facilitator@example.org")
        with transaction():
            photo_changes.ask_for_originals(photo_queries.owed_of([photo]), curator)
    visitor = Visitor(app)
    log_in(visitor, "facilitator@example.org")
    for page in (f"/desk/walks/{walk.walk_id}/photos", f"/desk/photos/{photo}"):
        said = text(visitor.get(page).text)
        assert "Asked for by facilitator@example.org" in said
        assert "Ask for" not in said and "Ask no more" not in said
    said = text(visitor.get(f"/desk/walks/{walk.walk_id}/during").text)
    assert "1 original is asked for. See which" in said and "and ask for them" not in said


def test_a_phone_that_is_silent_for_long_is_named_so(
    app: Flask, walk: MadeWalk, curator: Visitor, phone: Phone
) -> None:
    photo = send(app, phone, walk=str(walk.walk_id))
    address = f"/desk/photos/{photo}"
    ask(curator, address, f"{address}/original")
    assert "has not been heard in the last two weeks" in text(curator.get(address).text)
    heard(phone)
    with app.app_context(), transaction():
        db.session.execute(update(Device).values(told=now() - timedelta(days=2)))
    assert "has not been heard since" in text(curator.get(address).text)
