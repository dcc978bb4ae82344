"""What a facilitator sees while a walk goes on: who is where by what has come, and what is still on whose phone."""

import html
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.client import Visitor
from tests.desk.test_home import counted, save
from tests.makers import MadeWalk, join, log_in, make_call, make_participant, make_photo, make_response
from tests.makers_photo import turned
from tests.sync.phone import Phone
from webapp.consent.rules import Purpose
from webapp.database import db, now, transaction
from webapp.people.tables import Device, Participant
from webapp.results.during import newest_of
from webapp.results.rules import heard_before
from webapp.walk import queries as walk_queries
from webapp.walk.queries import Begun
from webapp.walk.rules import Answer


@pytest.fixture
def today(app: Flask, walk: MadeWalk) -> MadeWalk:
    """A walk that began an hour ago."""
    with app.app_context(), transaction():
        found = walk_queries.walk(walk.walk_id)
        assert found is not None
        found.starts, found.minutes = now() - timedelta(hours=1), 120
    return walk


@pytest.fixture
def facilitator(app: Flask, today: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


def page(visitor: Visitor, walk: MadeWalk) -> str:
    return text(visitor.get(f"/desk/walks/{walk.walk_id}/during").text)


def text(markup: str) -> str:
    body = markup[markup.index("<main") :]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def phone(app: Flask, answers: int | None = 0, photos: int = 0) -> Phone:
    made = Phone(app)
    made.join()
    if answers is not None:
        made.call("PUT", "/me/held", {"answers": answers, "photos": photos})
    return made


def spoke(app: Flask, phone: Phone, at: datetime) -> None:
    with app.app_context(), transaction():
        mine = Device.participant_id == uuid.UUID(phone.participant)
        db.session.execute(update(Device).where(mine).values(told=at))


def answer(phone: Phone, walk: MadeWalk, stop: int) -> None:
    body = {
        **phone.next(),
        "revision": 1,
        "walk": str(walk.walk_id),
        "stop": str(walk.stops[stop]),
        "checklist": "belonging",
        "version": 1,
        "language": "en",
        "answers": {"b.1": {"value": 4}},
        "started": "1970-01-01T00:00:00Z",
    }
    phone.call("PUT", f"/responses/{uuid.uuid4()}", body)


def test_nobody_has_joined(facilitator: Visitor, today: MadeWalk) -> None:
    said = page(facilitator, today)
    assert "Nobody has joined yet. Join code: TESTCODE" in said


def test_everything_is_here_only_when_the_phones_have_said_so(
    app: Flask, facilitator: Visitor, today: MadeWalk
) -> None:
    held = phone(app, answers=2, photos=3)
    more = phone(app, photos=4)
    phone(app)
    said = page(facilitator, today)
    assert "Still on the phones of 2 people: 2 answers, 7 photos. Do not say goodbye yet. Participants 1, 2" in said
    assert "Everything of" not in said
    for each in (held, more):
        each.call("PUT", "/me/held", {"answers": 0, "photos": 0})
    said = page(facilitator, today)
    assert "Everything of 3 people is here." in said
    assert "Still on" not in said


def test_a_phone_that_says_nothing_is_named(app: Flask, facilitator: Visitor, today: MadeWalk) -> None:
    old, _, silent = phone(app), phone(app), phone(app, answers=None)
    spoke(app, old, now() - timedelta(minutes=20))
    said = page(facilitator, today)
    assert (
        "The phones of 2 people have not been heard lately: nobody knows what is on them. Participants 1, 3" in said
    )
    assert "This phone has not told what it holds." in said
    assert "Everything of" not in said
    silent.call("PUT", "/me/held", {"answers": 0, "photos": 0})
    assert "The phone of 1 person has not been heard lately" in page(facilitator, today)


def test_a_record_without_its_picture_is_a_sure_sign(app: Flask, facilitator: Visitor, today: MadeWalk) -> None:
    person = phone(app)
    author = uuid.UUID(person.participant)
    with app.app_context():
        save(app, today, author, preview=False)
        save(app, today, author, preview=True)
    said = page(facilitator, today)
    assert "Still on the phone of 1 person: 1 photo." in said
    assert "1 original is still on a phone. Participant 1" in said
    assert "On the phone: 1 photo, 1 original" in said


def test_what_is_forgotten_is_not_claimed(app: Flask, facilitator: Visitor, today: MadeWalk) -> None:
    phone(app, answers=None)
    with app.app_context(), transaction():
        found = walk_queries.walk(today.walk_id)
        assert found is not None
        found.starts = now() - timedelta(days=30)
    said = page(facilitator, today)
    assert "Nothing is known to be missing." in said
    assert "Everything of" not in said


def test_where_people_are_is_told_by_what_has_come(app: Flask, facilitator: Visitor, today: MadeWalk) -> None:
    first, second = phone(app), phone(app)
    answer(first, today, 0)
    early = first.next()
    answer(first, today, 1)
    answer(second, today, 0)
    first.sequence, late = early["sequence"] - 1, first.sequence
    answer(first, today, 0)  # was made before, and comes after
    first.sequence = late
    said = page(facilitator, today)
    assert re.search(r"Stop 2 2 Participant 1 ", said)
    assert re.search(r"Stop 1 1 Participant 2 ", said)
    assert said.count("1 person here last") == 2


def test_a_correction_moves_nobody() -> None:
    person, at = uuid.uuid4(), now()
    stops = [uuid.uuid4() for _ in range(3)]

    def begun(device: str, stop: int, sequence: int, minutes: int) -> Begun:
        return Begun(person, device, stops[stop], sequence, at + timedelta(minutes=minutes))

    mine = [begun("a", 1, 9, 5), begun("a", 0, 3, 9)]
    assert newest_of(mine)[person].stop_id == stops[1]
    other = begun("b", 2, 1, 11)  # another phone of the same person counts anew
    assert newest_of([*mine, other])[person].stop_id == stops[2]


@pytest.mark.parametrize(
    ("minute", "too_old"),
    [(-60, None), (10, None), (15, 0), (60, 45), (170, 155), (200, 120), (60 * 24 * 20, None)],
)
def test_when_a_phone_is_quiet(minute: int, too_old: int | None) -> None:
    starts = now()
    found = heard_before(starts + timedelta(minutes=minute), starts, 120)
    assert found == (None if too_old is None else starts + timedelta(minutes=too_old))


def test_who_keeps_everything_to_themselves_is_not_shown(app: Flask, facilitator: Visitor, today: MadeWalk) -> None:
    with app.app_context():
        shy = make_participant(today, frozenset({Purpose.KEEP}))
        make_response(app, today, shy, {"b.1": Answer(4)})
        with transaction():
            db.session.execute(update(Participant).values(name="Shy"))
    phone(app)
    said = page(facilitator, today)
    assert "Shy" not in said
    assert "1 person keeps everything to themselves and is not counted here." in said
    assert "Everything of 1 person is here." in said


def test_the_pages_without_the_app_hold_nothing(app: Flask, facilitator: Visitor, today: MadeWalk) -> None:
    join(Visitor(app))
    said = page(facilitator, today)
    assert "Uses the pages without the app: they keep nothing on the phone." in said
    assert "Everything of 1 person is here." in said


def test_the_mark_changes_with_the_page_and_not_without(app: Flask, facilitator: Visitor, today: MadeWalk) -> None:
    person = phone(app)
    address = f"/desk/walks/{today.walk_id}/during"

    def mark() -> Any:
        found = facilitator.get(f"{address}.json").json["mark"]
        assert f'data-mark="{found}"' in facilitator.get(address).text
        return found

    first = mark()
    assert mark() == first
    person.call("PUT", "/me/held", {"answers": 1, "photos": 0})
    assert mark() != first
    assert facilitator.get(f"{address}.json").headers["Cache-Control"] == "private, no-store"


def test_a_call_says_what_is_on_whose_phone(app: Flask, facilitator: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        call = make_call(walk.project_id)
    made = Phone(app)
    made.join("TESTCALL")
    made.call("PUT", "/me/held", {"answers": 0, "photos": 4})
    said = text(facilitator.get(f"/desk/calls/{call}/during").text)
    assert "Still on the phone of 1 person: 4 photos. Participant 1" in said
    assert "goodbye" not in said
    assert "Stop" not in said


def test_the_projects_page_leads_there_on_the_day(facilitator: Visitor, today: MadeWalk) -> None:
    address = f'href="/desk/walks/{today.walk_id}/during"'
    assert address in facilitator.get("/desk").text
    for tab in ("/edit", ""):
        assert address in facilitator.get(f"/desk/walks/{today.walk_id}{tab}").text


def test_sixty_people_need_no_more_queries_than_four(app: Flask, facilitator: Visitor, today: MadeWalk) -> None:
    def queries() -> int:
        with counted() as said:
            facilitator.get(f"/desk/walks/{today.walk_id}/during.json")
        return len(said)

    add: Callable[[], uuid.UUID] = lambda: make_participant(today)  # noqa: E731
    with app.app_context():
        for _ in range(4):
            make_photo(app, today, add(), turned(1))
    queries()
    few = queries()
    with app.app_context():
        for _ in range(56):
            make_response(app, today, add(), {"b.1": Answer(4)})
    assert queries() == few
