"""What organisers see, and what vanishes when somebody takes their word back."""

import csv
import html
import io
import re
import uuid
import zipfile
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from tests.client import Visitor, hidden
from tests.makers import PURPOSES, MadeWalk, join, log_in, make_organiser, make_participant, make_photo, make_walk
from tests.makers_photo import corners, encoded, exif, gps_block, turned
from webapp.database import db
from webapp.doors import Role
from webapp.people import queries
from webapp.walk.tables import AnswerRow

CAPTION = "Kůň v čekárně <7>"
WORDS = "Řekl jsem to & stojím si za tím"


@pytest.fixture
def organiser(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    visitor.get(f"/desk/walks/{walk.walk_id}")
    return visitor


@dataclass(frozen=True)
class Walker:
    """Somebody who answered and photographed; `consents` is the form with which they joined."""

    visitor: Visitor
    photo_id: uuid.UUID
    consents: dict[str, str]

    def change(self, **decisions: str) -> None:
        """Sends the form of consents again, with these decisions changed."""
        fresh = hidden(self.visitor.get("/plain/join/TESTCODE?new=1").text)
        fields = {**self.consents, "csrf_token": fresh["csrf_token"], **decisions}
        self.visitor.post("/plain/join/TESTCODE", fields)


@pytest.fixture
def walker(app: Flask, walk: MadeWalk) -> Walker:
    visitor = Visitor(app)
    fields = {**hidden(visitor.get("/plain/join/TESTCODE").text), **dict.fromkeys(PURPOSES, "yes")}
    visitor.post("/plain/join/TESTCODE", fields)
    visitor.send(walk.answer_address(), {"b.1": "4", "b.1.remark": "by day", "b.2": WORDS})
    with app.app_context():
        photo_id = make_photo(app, walk, uuid.UUID(fields["participant"]), turned(6), caption={"cs": CAPTION})
    return Walker(visitor, photo_id, fields)


def test_an_organiser_without_a_role_is_told_what_to_do(app: Flask, visitor: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        make_organiser(email="new@example.org")
    log_in(visitor, "new@example.org")
    page = visitor.get("/desk").text
    assert "You have no role in a project yet." in page
    assert "A short walk" not in page
    assert walk.code not in page


def test_the_home_shows_ones_own_projects_only(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        make_walk("ELSEWHERE")
    page = organiser.get("/desk").text
    assert walk.code in page
    assert "ELSEWHERE" not in page


def test_an_empty_walk_says_so(organiser: Visitor, walk: MadeWalk) -> None:
    assert "0 people joined" in organiser.get(f"/desk/walks/{walk.walk_id}").text
    page = organiser.get(f"/desk/walks/{walk.walk_id}/photos").text
    assert "No photo has come in yet." in page
    assert "originals.zip" not in page


@pytest.mark.usefixtures("walker")
def test_every_answer_is_visible_with_its_n(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    for step in ("4", "?", "1"):
        other = Visitor(app)
        join(other)
        other.send(walk.answer_address(), {"b.1": step})
    page = organiser.get(f"/desk/walks/{walk.walk_id}").text
    assert WORDS in html.unescape(page)
    assert "by day" in page
    row = page[page.index("A stranger would help.") : page.index("What makes it easier?")]
    marks = re.findall(r'<b class="num">(\d)</b>.*?<span class="num[^"]*">(\d+)</span>', row)
    assert marks == [("5", "0"), ("4", "2"), ("3", "0"), ("2", "0"), ("1", "1")]
    assert "n = 3" in row
    assert "can’t tell: 1" in row
    assert "4 people joined, 4 checklists filled in." in page


@pytest.mark.usefixtures("walker")
def test_captions_are_words_and_not_markup(organiser: Visitor, walk: MadeWalk) -> None:
    page = organiser.get(f"/desk/walks/{walk.walk_id}/photos").text
    assert "<7>" not in page
    assert CAPTION in html.unescape(page)
    assert 'lang="cs"' in page


def test_a_photo_shows_place_source_and_local_time(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    data = encoded(corners(), exif=exif({}, {36867: "2018:06:18 10:05:00"}, gps_block()))
    with app.app_context():
        make_photo(app, walk, make_participant(walk), data)
    page = organiser.get(f"/desk/walks/{walk.walk_id}/photos").text
    assert "50.07550, 14.43780" in page
    assert "by the camera" in page
    assert "18 June 2018, 10:05" in page


def test_who_could_not_be_asked_stays_inside(app: Flask, organiser: Visitor, walk: MadeWalk) -> None:
    with app.app_context():
        photo_id = make_photo(app, walk, make_participant(walk), turned(1), people="unreleased")
    assert "stays inside" in organiser.get(f"/desk/walks/{walk.walk_id}/photos").text
    organiser.get(f"/desk/photos/{photo_id}/320")


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.AUTHOR, Role.OFFICER])
@pytest.mark.usefixtures("walker")
def test_only_those_who_may_take_originals_are_offered_them(app: Flask, walk: MadeWalk, role: Role) -> None:
    with app.app_context():
        make_organiser(walk.project_id, role, "other@example.org")
    visitor = Visitor(app)
    log_in(visitor, "other@example.org")
    assert "originals.zip" not in visitor.get(f"/desk/walks/{walk.walk_id}/photos").text


def test_keep_taken_back_takes_everything_off_the_desk(organiser: Visitor, walk: MadeWalk, walker: Walker) -> None:
    addresses = [f"/desk/photos/{walker.photo_id}/{edge}" for edge in (320, 1280, 2000)]
    for address in addresses:
        organiser.get(address)
    walker.change(keep="no")

    page = organiser.get(f"/desk/walks/{walk.walk_id}").text
    assert WORDS not in html.unescape(page)
    assert "by day" not in page
    page = organiser.get(f"/desk/walks/{walk.walk_id}/photos").text
    assert CAPTION not in html.unescape(page)
    assert str(walker.photo_id) not in page
    for address in addresses:
        assert "This has been taken back" in organiser.get(address, 410).text
    with zipfile.ZipFile(io.BytesIO(organiser.get(f"/desk/walks/{walk.walk_id}/originals.zip").data)) as taken:
        assert taken.namelist() == ["captions.csv", "not-to-be-passed-on.txt", "left-out.csv"]
        rows = list(csv.reader(io.StringIO(taken.read("left-out.csv").decode("utf-8-sig"), newline="")))
        assert rows == [["photo", "reason"], [str(walker.photo_id), "not agreed"]]
        assert CAPTION not in taken.read("captions.csv").decode()


def test_a_copy_that_a_browser_kept_is_asked_about_again(organiser: Visitor, walker: Walker) -> None:
    address = f"/desk/photos/{walker.photo_id}/320"
    shown = organiser.client.get(address)
    assert "no-store" in shown.headers["Cache-Control"]
    walker.change(keep="no")
    answer = organiser.client.get(address, headers={"If-None-Match": shown.headers["ETag"]})
    assert answer.status_code == 410


def test_keep_given_again_brings_it_back(organiser: Visitor, walk: MadeWalk, walker: Walker) -> None:
    walker.change(keep="no")
    walker.change(keep="yes")
    assert CAPTION in html.unescape(organiser.get(f"/desk/walks/{walk.walk_id}/photos").text)
    organiser.get(f"/desk/photos/{walker.photo_id}/320")


def test_other_purposes_do_not_close_the_desk(organiser: Visitor, walk: MadeWalk, walker: Walker) -> None:
    walker.change(web="no", exhibition="no", meeting="no")
    assert CAPTION in html.unescape(organiser.get(f"/desk/walks/{walk.walk_id}/photos").text)


def test_nothing_more_is_kept_of_somebody_who_took_keep_back(
    app: Flask, organiser: Visitor, walk: MadeWalk, walker: Walker
) -> None:
    fields = hidden(walker.visitor.get(walk.answer_address(1)).text)
    walker.change(keep="no")
    fresh = hidden(walker.visitor.get("/plain/join/TESTCODE?new=1").text)["csrf_token"]
    late = {**fields, "csrf_token": fresh, "b.2": "too late"}
    answer = walker.visitor.client.post(
        walk.answer_address(1),
        data=late,
        headers=walker.visitor.headers,
    )
    assert answer.status_code == 403
    with app.app_context():
        assert "too late" not in db.session.scalars(select(AnswerRow.value)).all()
    assert "too late" not in organiser.get(f"/desk/walks/{walk.walk_id}").text


def test_one_persons_no_is_not_anothers(app: Flask, organiser: Visitor, walk: MadeWalk, walker: Walker) -> None:
    with app.app_context():
        other = make_photo(app, walk, make_participant(walk), turned(2), caption={"en": "Somebody else’s"})
        assert queries.participant(uuid.UUID(walker.consents["participant"])) is not None
    walker.change(keep="no")
    page = organiser.get(f"/desk/walks/{walk.walk_id}/photos").text
    assert "Somebody else’s" in page
    organiser.get(f"/desk/photos/{other}/320")
