"""Phones say how much they still hold: counts only, and not for ever."""

import uuid
from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from tests.makers import MadeWalk, make_organiser
from tests.sync.phone import Phone
from webapp.database import db, now, transaction
from webapp.people import queries
from webapp.people.rules import TOLD_KEPT
from webapp.people.tables import Device
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo.rules import caption_print
from webapp.upkeep.jobs import erase_now

HELD = {"answers": 2, "photos": 7}


def told(app: Flask, phone: Phone) -> list[tuple[int | None, int | None]]:
    with app.app_context():
        found = queries.phones([uuid.UUID(phone.participant)])
        return [(each.held_answers, each.held_photos) for each in found if each.told]


def test_a_phone_says_what_it_holds_and_its_owner_sees_that(app: Flask, phone: Phone) -> None:
    before = now()
    said = phone.call("PUT", "/me/held", HELD).json
    assert before.isoformat()[:19] <= said["told"][:19]
    (mine,) = phone.call("GET", "/me").json["devices"]
    assert mine["held"] == {**HELD, "told": said["told"]}
    phone.call("PUT", "/me/held", {"answers": 0, "photos": 0})
    assert told(app, phone) == [(0, 0)]


def test_it_hears_what_waits_for_its_owner(app: Flask, walk: MadeWalk, phone: Phone) -> None:
    photo = uuid.uuid4()
    phone.call("PUT", f"/photos/{photo}", phone.photo(b"picture", walk=str(walk.walk_id)))
    heard = phone.call("PUT", "/me/held", HELD).json
    assert (heard["asked"], heard["words"]) == ([], 0)
    with app.app_context():
        owner = make_organiser(walk.project_id)
    with app.app_context(), transaction():
        found = photo_queries.photo(photo)
        assert found
        wish = photo_changes.Wish("cs", "Lavička", False, photo_changes.seen_of(None))
        photo_changes.write_words(found, owner, [wish], caption_print(found.caption))
    assert phone.call("PUT", "/me/held", HELD).json["words"] == 1


def test_it_says_nothing_but_how_many(phone: Phone) -> None:
    for body in (
        {**HELD, "where": "home"},
        {"answers": 2},
        {"answers": -1, "photos": 0},
        {"answers": 10**9, "photos": 1},
    ):
        assert phone.call("PUT", "/me/held", body, 422).json["errors"]
    (mine,) = phone.call("GET", "/me").json["devices"]
    assert mine["held"] is None


def test_who_keeps_everything_to_themselves_is_forgotten_and_heard_no_more(
    app: Flask, walk: MadeWalk, phone: Phone
) -> None:
    phone.call("PUT", "/me/held", HELD)
    no = phone.consent("keep", phone.texts(walk.code)["keep"], yes=False)
    phone.call("PUT", f"/consents/{uuid.uuid4()}", {**no, "method": "tapped"})
    assert told(app, phone) == []
    phone.call("PUT", "/me/held", HELD, 403)
    assert told(app, phone) == []


def test_erased_people_leave_nothing_of_it(app: Flask, phone: Phone) -> None:
    phone.call("PUT", "/me/held", HELD)
    with app.app_context():
        erase_now(uuid.UUID(phone.participant))
    assert told(app, phone) == []
    phone.call("PUT", "/me/held", HELD, 410)


def test_it_is_forgotten_some_time_after_the_walk(app: Flask, phone: Phone) -> None:
    other = Phone(app)
    other.join()
    for each in (phone, other):
        each.call("PUT", "/me/held", HELD)
    with app.app_context():
        with transaction():
            old = Device.participant_id == uuid.UUID(phone.participant)
            db.session.execute(update(Device).where(old).values(told=now() - TOLD_KEPT - timedelta(hours=1)))
        app.extensions["queue"].sweep()
    assert (told(app, phone), told(app, other)) == ([], [(2, 7)])
