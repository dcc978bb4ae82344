"""Files that nobody could open, as organisers see them."""

import uuid
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.client import Visitor, hidden
from tests.makers import MadeWalk, log_in, make_organiser, make_participant, make_photo
from tests.makers_photo import encoded, grain, turned
from webapp.database import db, transaction
from webapp.doors import Role
from webapp.photo.jobs import process
from webapp.photo.rules import Facts, People, PictureState, Reason, Sizes
from webapp.photo.tables import Download, Photo, Picture
from webapp.upkeep.jobs import take_back_photo

BROKEN = encoded(grain(600, 400))[:1500]


@pytest.fixture
def organiser(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


@pytest.fixture
def photo(app: Flask, walk: MadeWalk) -> uuid.UUID:
    with app.app_context():
        author = make_participant(walk)
        make_photo(app, walk, author, turned(1))
        return make_photo(app, walk, author, BROKEN, caption={"en": "My grandmother's bench"})


def test_what_nobody_could_open_is_listed_with_its_reason_and_its_words(
    walk: MadeWalk, organiser: Visitor, photo: uuid.UUID
) -> None:
    address = f"/desk/projects/{walk.project_id}/unreadable"
    assert address in organiser.get(f"/desk/projects/{walk.project_id}/photos").text
    assert address in organiser.get(f"/desk/photos/{photo}").text
    page = organiser.get(address).text
    assert page.count("<li id=") == 1, "the readable one is not here"
    assert "My grandmother" in page and "2 kB" in page
    assert Reason.CUT_OFF.sentence in page or Reason.DAMAGED.sentence in page


def test_the_untouched_file_is_taken_away_and_each_time_is_noted(
    app: Flask, walk: MadeWalk, organiser: Visitor, photo: uuid.UUID
) -> None:
    taken = organiser.get(f"/desk/photos/{photo}/untouched")
    assert taken.data == BROKEN
    assert taken.mimetype == "application/octet-stream"
    assert taken.headers["Content-Disposition"] == "attachment; filename=photo-2.jpg"
    with app.app_context():
        (noted,) = db.session.scalars(select(Download))
        assert (noted.photos, noted.walk_id) == (1, walk.walk_id)


def test_only_those_who_may_have_originals_get_it(app: Flask, walk: MadeWalk, photo: uuid.UUID) -> None:
    with app.app_context():
        make_organiser(walk.project_id, Role.FACILITATOR, "facilitator@example.org")
    visitor = Visitor(app)
    log_in(visitor, "facilitator@example.org")
    page = visitor.get(f"/desk/projects/{walk.project_id}/unreadable").text
    assert "untouched" not in page and "Try again" not in page
    visitor.get(f"/desk/photos/{photo}/untouched", 403)


def test_a_photo_that_can_be_seen_has_no_such_file(app: Flask, walk: MadeWalk, organiser: Visitor) -> None:
    with app.app_context():
        good = make_photo(app, walk, make_participant(walk), turned(1))
    organiser.get(f"/desk/photos/{good}/untouched", 404)


def test_taken_back_it_is_gone_from_here_too(
    app: Flask, walk: MadeWalk, organiser: Visitor, photo: uuid.UUID
) -> None:
    with app.app_context():
        assert take_back_photo(db.session.get_one(Photo, photo).participant_id, photo)
    organiser.get(f"/desk/photos/{photo}/untouched", 410)
    assert "My grandmother" not in organiser.get(f"/desk/projects/{walk.project_id}/unreadable").text


def test_tried_again_after_an_update_it_can_be_opened(
    app: Flask, walk: MadeWalk, organiser: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), monkeypatch.context() as older:
        older.setattr("webapp.photo.jobs._reader", Older)
        photo = make_photo(app, walk, make_participant(walk), turned(1))
    page = organiser.get(f"/desk/projects/{walk.project_id}/unreadable")
    assert Reason.TOO_SLOW.sentence in page.text
    organiser.post(f"/desk/photos/{photo}/again", {"csrf_token": hidden(page.text)["csrf_token"]})
    with app.app_context():
        row = db.session.scalars(select(Picture)).one()
        assert row.state == PictureState.WAITING
        db.session.rollback()
        process(row.sha256)
    assert (
        "Every file that came could be opened." in organiser.get(f"/desk/projects/{walk.project_id}/unreadable").text
    )


class Older:
    """A reader that is too slow for anything."""

    def derive(self, path: Path, folder: Path) -> tuple[Facts, Sizes]:
        what = (path.name, path.stat().st_size, None, None, Reason.TOO_SLOW.sentence)
        return Facts(False, "image/jpeg", None, None, None, None, *what), ()


def test_the_file_goes_through_the_gate_for_originals(app: Flask, organiser: Visitor, photo: uuid.UUID) -> None:
    """Somebody in the picture has not agreed: nobody can see whether the file shows them, so it stays inside."""
    with app.app_context(), transaction():
        db.session.get_one(Photo, photo).people = People.UNRELEASED.value
    organiser.get(f"/desk/photos/{photo}/untouched", 410)
