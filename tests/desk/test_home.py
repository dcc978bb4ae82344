"""A project's home: what waits for whom, what came in, and in how many queries."""

import html
import io
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from tests.client import Visitor
from tests.makers import (
    MadeWalk,
    join,
    log_in,
    make_call,
    make_organiser,
    make_participant,
    make_photo,
    make_response,
)
from tests.makers_photo import turned
from webapp.consent.rules import Purpose
from webapp.database import new_id, now, transaction
from webapp.doors import Role
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo.rules import PartName
from webapp.walk import queries as walk_queries
from webapp.walk.rules import Answer


@pytest.fixture
def organiser(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


def save(app: Flask, walk: MadeWalk, author: uuid.UUID, preview: bool) -> uuid.UUID:
    """A photo whose original has not come."""
    store = app.extensions["store"]
    original = store.put(io.BytesIO(turned(1) + new_id().bytes), 60_000_000)
    new = photo_changes.NewPhoto(
        id=new_id(),
        participant_id=author,
        walk_id=walk.walk_id,
        stop_id=None,
        original=original,
        type="image/jpeg",
        caption={"en": "Words"},
        up=True,
        down=False,
        people="none",
    )
    with transaction():
        photo_changes.save_photo(new)
        if preview:
            photo = photo_queries.photo(new.id)
            assert photo is not None
            small = store.put(io.BytesIO(turned(3)), 60_000_000)
            photo_changes.receive_part(photo, PartName.PREVIEW, small, "image/jpeg")
    return new.id


def beside(visitor: Visitor) -> str:
    page = html.unescape(visitor.get("/desk").text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<aside") : page.index("</aside>")]))


def test_nothing_waits_at_first(organiser: Visitor) -> None:
    said = beside(organiser)
    assert "Nothing waits for you." in said
    assert "Nothing has come in yet." in said


def test_what_waits_is_counted_and_leads_to_where_it_is(app: Flask, walk: MadeWalk, organiser: Visitor) -> None:
    with app.app_context():
        first, second, silent = (make_participant(walk) for _ in range(3))
        whole = make_photo(app, walk, first, turned(1))
        stranger = make_photo(app, walk, first, turned(3), people="unreleased")
        mute = make_photo(app, walk, second, turned(6), caption={})
        previews = [save(app, walk, person, preview=True) for person in (first, first, second)]
        bare = save(app, walk, second, preview=False)
        make_response(app, walk, first, {"b.1": Answer(4)})
    said = beside(organiser)
    assert "1 photo with people who have not agreed" in said
    assert "1 photo without a caption" in said
    assert "3 originals on 2 phones Participants 1, 2" in said
    assert "1 picture on 1 phone Participant 2" in said
    assert "7 photos, 1 checklist" in said
    page = html.unescape(organiser.get("/desk").text)
    shown = {"no-release": {stranger}, "no-caption": {mute}, "no-original": set(previews), "no-picture": {bare}}
    numbers = dict[uuid.UUID, int]()
    with app.app_context():
        numbers = {photo.id: photo.number for photo in photo_queries.photos_of_walk(walk.walk_id)}
    for lack, photos in shown.items():
        address = f"/desk/walks/{walk.walk_id}/photos?lack={lack}"
        assert f'href="{address}"' in page
        listed = organiser.get(address).text
        assert listed.count("<figure") == len(photos), lack
    assert len(numbers) == 7
    assert str(whole) not in organiser.get(f"/desk/walks/{walk.walk_id}/photos?lack=no-caption").text
    assert organiser.get(f"/desk/walks/{walk.walk_id}/photos?lack=nonsense").text.count("<figure") == 7
    assert silent


def test_what_the_desk_may_not_see_does_not_wait(app: Flask, walk: MadeWalk, organiser: Visitor) -> None:
    with app.app_context():
        make_photo(app, walk, make_participant(walk, frozenset({Purpose.KEEP})), turned(1), people="unreleased")
    assert "Nothing waits for you." in beside(organiser)
    assert "Nothing has come in yet." in beside(organiser)


def test_a_deadline_and_a_walk_of_today_wait(app: Flask, walk: MadeWalk, organiser: Visitor) -> None:
    with app.app_context():
        call = make_call(walk.project_id, days=3)
        make_call(walk.project_id, "LATERCALL", days=30)
        with transaction():
            found = walk_queries.walk(walk.walk_id)
            assert found is not None
            found.starts = now()
    sender, waiter = Visitor(app), Visitor(app)
    for visitor in (sender, waiter):
        join(visitor, "TESTCALL")
    sender.send(f"/plain/calls/{call}/photos/new", {"people": "none", "file": (turned(1), "a.jpg")})
    said = beside(organiser)
    assert said.count("A call closes") == 1
    assert "1 person has not sent anything yet." in said
    assert "A walk today" in said
    listed = organiser.get(f"/desk/calls/{call}?lack=no-caption").text
    assert listed.count("<figure") == 1


def test_viewers_are_told_nothing_of_it(app: Flask, walk: MadeWalk, visitor: Visitor) -> None:
    with app.app_context():
        make_organiser(walk.project_id, Role.VIEWER, "viewer@example.org")
        make_photo(app, walk, make_participant(walk), turned(1), people="unreleased")
    log_in(visitor, "viewer@example.org")
    page = visitor.get("/desk").text
    assert "<aside" not in page
    assert "results.xlsx" not in page


@contextmanager
def counted() -> Iterator[list[str]]:
    said = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("address", ["/desk", "/desk/walks/{}", "/desk/walks/{}/photos"])
def test_more_photos_need_no_more_queries(app: Flask, walk: MadeWalk, organiser: Visitor, address: str) -> None:
    def queries() -> int:
        with counted() as said:
            organiser.get(address.format(walk.walk_id))
        return len(said)

    with app.app_context():
        people = [make_participant(walk) for _ in range(4)]
        for person in people:
            save(app, walk, person, preview=True)
    queries()
    few = queries()
    with app.app_context():
        for number in range(146):
            save(app, walk, people[number % 4], preview=True)
    assert queries() <= few + 1
