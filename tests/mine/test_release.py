"""Releases of people who can be recognised: signed on a phone, asked by the gate, taken back by a code."""

import html
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Visitor, hidden
from tests.makers import (
    CODE,
    MadeWalk,
    log_in,
    make_exhibition,
    make_organiser,
    make_participant,
    make_photo,
    make_release,
)
from tests.makers_photo import turned
from webapp.config import Settings
from webapp.consent import queries as consent_queries
from webapp.consent.rules import INSIDE, NEEDS, OUTSIDE, Exit, Purpose, keeps_inside
from webapp.database import db, transaction
from webapp.doors import Role
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition import queries as exhibition_queries
from webapp.exhibition.rules import State
from webapp.people.rules import fingerprint
from webapp.photo import queries as photo_queries
from webapp.photo.rules import Lack, Look
from webapp.upkeep import ledger
from webapp.upkeep.jobs import erase_now, take_back_listed, take_back_photo, take_release_back

SIGNATURE = "M10 10L200 90L300 40M20 20L20 20"


class Scene:
    def __init__(self, app: Flask, walk: MadeWalk) -> None:
        self.app, self.walk = app, walk
        self.author = make_participant(walk)
        self.photo = make_photo(app, walk, self.author, turned(1))
        self.people("released")

    def people(self, who: str, look: Look = Look.FREE) -> None:
        with transaction():
            photo = photo_queries.photo(self.photo)
            assert photo is not None
            photo.people, photo.look = who, look

    def out(self) -> set[Exit]:
        """By which ways the photo may leave."""
        db.session.rollback()
        photo = photo_queries.photo(self.photo)
        assert photo is not None
        return {way for way, told in photo_queries.refusals_by([photo], Exit).items() if told[photo.id] is None}


@pytest.fixture
def scene(app: Flask, walk: MadeWalk) -> Iterator[Scene]:
    with app.app_context():
        yield Scene(app, walk)


def test_whoever_signed_is_asked_at_every_exit(scene: Scene) -> None:
    everywhere = scene.out()
    assert Exit.EXHIBITION in everywhere
    make_release(scene.walk, scene.author, scene.photo)
    assert scene.out() == everywhere
    make_release(scene.walk, scene.author, scene.photo, "AAAA-AAAA-AAAA", refused=[Purpose.EXHIBITION])
    assert scene.out() == everywhere - {Exit.EXHIBITION}, "all of them must agree"
    make_release(scene.walk, scene.author, scene.photo, "BBBB-BBBB-BBBB", refused=list(Purpose))
    assert scene.out() == everywhere & INSIDE, "who says no to everything stays inside"


def test_taken_back_it_stays_inside_until_nobody_can_be_recognised(scene: Scene) -> None:
    release = make_release(scene.walk, scene.author, scene.photo)
    everywhere = scene.out()
    assert take_release_back(release)
    assert scene.out() == everywhere & INSIDE
    scene.people("none")
    assert scene.out() == everywhere & INSIDE, "whatever its author says afterwards"
    make_release(scene.walk, scene.author, scene.photo, "CCCC-CCCC-CCCC")
    assert scene.out() == everywhere & INSIDE, "and whoever else signs"
    scene.people("none", Look.CLEAR)
    assert scene.out() == everywhere


@given(
    st.lists(st.tuples(st.booleans(), st.frozensets(st.sampled_from(sorted(OUTSIDE)))), max_size=4),
    st.sampled_from(list(Exit)),
)
def test_no_way_is_open_that_one_of_them_did_not_agree_to(
    releases: list[tuple[bool, frozenset[Purpose]]], way: Exit
) -> None:
    stand = [frozenset[Purpose]() if back else yes for back, yes in releases]
    released = frozenset.intersection(*stand) if stand else None
    kept = keeps_inside(way, released)
    if not releases:
        assert not kept
    elif any(not yes or not NEEDS[way] & OUTSIDE <= yes for yes in stand):
        assert kept
    else:
        assert kept == (not released)


def test_it_leaves_the_shortlist_and_waits_for_a_release_again(scene: Scene) -> None:
    exhibition = make_exhibition(scene.walk.project_id)
    with transaction():
        exhibition_changes.decide(exhibition, scene.photo, State.PICK, None)
    release = make_release(scene.walk, scene.author, scene.photo)
    assert not exhibition_queries.refused(scene.photo)
    take_release_back(release)
    assert exhibition_queries.refused(scene.photo)
    photo = photo_queries.photo(scene.photo)
    assert photo is not None
    assert Lack.RELEASE in photo_queries.lacks(photo, consent_queries.taken_back([scene.author]))
    assert photo_queries.must_be_painted(photo)


def test_an_older_backup_brings_no_yes_back(scene: Scene, settings: Settings) -> None:
    release = make_release(scene.walk, scene.author, scene.photo)
    assert take_back_listed() == 0
    ledger.note_taken_back(settings.home, fingerprint(str(release)))
    assert ledger.read(settings.home) == []
    assert take_back_listed() == 1
    assert Exit.EXHIBITION not in scene.out()
    assert take_back_listed() == 0


def test_it_goes_with_the_photo_and_with_its_author(scene: Scene) -> None:
    one = make_release(scene.walk, scene.author, scene.photo)
    take_back_photo(scene.author, scene.photo)
    assert consent_queries.release(one) is None
    other = make_release(scene.walk, scene.author, uuid.uuid4(), "DDDD-DDDD-DDDD")
    assert erase_now(scene.author)
    db.session.rollback()
    assert consent_queries.release(other) is None


# --- by the code


def entered(app: Flask, code: str) -> tuple[Visitor, str]:
    visitor = Visitor(app)
    return visitor, visitor.send("/release", {"code": code}).text


@pytest.mark.parametrize("code", [CODE, CODE.lower(), "7g4k m2qx 9tpb", "7G4KM2QX9TPB"])
def test_the_code_shows_the_photo_and_what_was_said(scene: Scene, code: str) -> None:
    make_release(scene.walk, scene.author, scene.photo)
    visitor, page = entered(scene.app, code)
    assert "You signed on" in page
    assert "/release/photo.jpg" in page
    picture = visitor.get("/release/photo.jpg")
    assert picture.mimetype == "image/jpeg"
    assert picture.headers["Cache-Control"] == "no-store"
    assert picture.headers["Referrer-Policy"] == "no-referrer"


def test_letters_that_look_alike_are_alike(scene: Scene) -> None:
    make_release(scene.walk, scene.author, scene.photo, "0011-0011-0011")
    assert "You signed on" in entered(scene.app, "OoIl-oOLi-0o1L")[1]


def test_taken_back_by_the_code(scene: Scene) -> None:
    make_release(scene.walk, scene.author, scene.photo)
    visitor, page = entered(scene.app, CODE)
    visitor.post("/release/back", hidden(page), 422)
    assert Exit.EXHIBITION in scene.out(), "only with the tick"
    page = visitor.post("/release/back", {**hidden(page), "sure": "y"}).text
    assert "You have taken everything back" in page
    assert "privacy@example.org" in html.unescape(page) or "write to" in page
    assert Exit.EXHIBITION not in scene.out()
    page = visitor.post("/release/close", hidden(page)).text
    assert "Are you in a photo?" in page
    visitor.get("/release/photo.jpg", 404)


def test_changed_by_the_code(scene: Scene) -> None:
    make_release(scene.walk, scene.author, scene.photo)
    visitor, page = entered(scene.app, CODE)
    page = visitor.post("/release/choices", {**hidden(page), "exhibition": "no"}).text
    assert "Saved. It counts from now on." in page
    assert Exit.EXHIBITION not in scene.out()
    assert Exit.REPORT in scene.out()


def test_a_wrong_code_is_said_and_many_must_wait(scene: Scene) -> None:
    make_release(scene.walk, scene.author, scene.photo)
    visitor = Visitor(scene.app)
    for _ in range(10):
        assert "There is no such code" in visitor.send("/release", {"code": "7G4K-0000-0000"}, 422).text
    assert visitor.send("/release", {"code": "7G4K-0000-0000"}, 429).headers["Retry-After"]
    visitor.get("/release/photo.jpg", 404)


# --- at the desk


def test_the_desk_sees_who_signed_and_only_some_the_name(app: Flask, walk: MadeWalk) -> None:
    with app.app_context():
        scene = Scene(app, walk)
        make_release(walk, scene.author, scene.photo)
        for role in (Role.OWNER, Role.AUTHOR):
            make_organiser(walk.project_id, role, f"{role}@example.org")
    pages = {}
    for role in (Role.OWNER, Role.AUTHOR):
        visitor = Visitor(app)
        log_in(visitor, f"{role}@example.org")
        pages[role] = visitor.get(f"/desk/photos/{scene.photo}").text
    assert all("Somebody signed on" in page for page in pages.values())
    assert "Jana" in pages[Role.OWNER]
    assert 'class="signature"' in pages[Role.OWNER]
    assert "Jana" not in pages[Role.AUTHOR]
    assert 'class="signature"' not in pages[Role.AUTHOR]
