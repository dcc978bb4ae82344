"""Sending a photo with its caption: once, twice, broken, forbidden."""

import html
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from tests.client import Visitor, hidden
from tests.makers import MadeWalk, join, log_in, make_organiser
from tests.makers_photo import CORNERS, corners, encoded, exif, gps_block, seen_corners, turned
from webapp.config import Settings
from webapp.database import db
from webapp.photo.jobs import rebuild
from webapp.photo.tables import Photo, PhotoRevision, Picture

CAPTION = 'Lavička, „kde se dá sedět“ & "mluvit" <b>🚲</b>'
LIMIT = 400_000  # bytes


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A small limit, so that “too large” is quick to make."""
    return replace(settings, max_bytes=LIMIT)


def form(visitor: Visitor, address: str, data: bytes, name: str = "a.jpg", **more: object) -> dict[str, object]:
    """The fields of a photo, with the form's own."""
    return {**hidden(visitor.get(address).text), "file": (data, name), "caption": CAPTION, "people": "none", **more}


def photos(app: Flask) -> list[Photo]:
    with app.app_context():
        return list(db.session.scalars(select(Photo).order_by(Photo.received)))


def revisions(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(PhotoRevision)) or 0


def make_sizes(app: Flask) -> None:
    """What the worker would do."""
    with app.app_context():
        rebuild(missing=True)


def mine(visitor: Visitor, walk: MadeWalk) -> str:
    return visitor.get(f"/plain/walks/{walk.walk_id}/photos").text


def test_a_photo_is_kept_with_all_that_was_said(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    data = turned(6)
    address = f"{walk.photo_address}?stop={walk.stops[0]}"
    page = walker.post(address, form(walker, address, data, up="y", people="released")).text
    assert "1 received" in page
    assert CAPTION in html.unescape(page)
    assert "<b>🚲" not in page
    (photo,) = photos(app)
    assert photo.caption == {"en": CAPTION}
    assert (photo.up, photo.down, photo.people, photo.stop_id) == (True, False, "released", walk.stops[0])
    with app.app_context():
        assert app.extensions["store"].original(photo.sha256).read_bytes() == data


def test_what_is_being_made_is_told_and_then_shown_upright(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.post(walk.photo_address, form(walker, walk.photo_address, turned(6)))
    assert "are being made" in mine(walker, walk)
    (photo,) = photos(app)
    walker.get(f"/plain/photos/{photo.id}/320", 404)
    make_sizes(app)
    page = mine(walker, walk)
    assert "are being made" not in page
    assert f"/plain/photos/{photo.id}/320" in page
    shown = walker.client.get(f"/plain/photos/{photo.id}/320")
    assert seen_corners(Image.open(BytesIO(shown.data))) == CORNERS
    assert "private" in shown.headers["Cache-Control"]


@pytest.mark.parametrize("edge", [0, 1, 321, 4000])
def test_there_are_three_sizes_and_no_others(app: Flask, walker: Visitor, walk: MadeWalk, edge: int) -> None:
    walker.post(walk.photo_address, form(walker, walk.photo_address, turned(1)))
    make_sizes(app)
    walker.get(f"/plain/photos/{photos(app)[0].id}/{edge}", 404)


def test_the_camera_is_believed_before_the_stop(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    address = f"{walk.photo_address}?stop={walk.stops[0]}"
    placed = encoded(corners(), exif=exif(gps=gps_block()))
    walker.post(address, form(walker, address, placed))
    walker.post(address, form(walker, address, turned(2)))
    make_sizes(app)
    page = mine(walker, walk)
    assert "by the camera" in page
    assert "the stop" in page


def test_the_same_form_twice_is_one_photo(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = form(walker, walk.photo_address, turned(1))
    walker.post(walk.photo_address, fields)
    assert "1 received" in walker.post(walk.photo_address, fields).text
    assert len(photos(app)) == revisions(app) == 1


def test_the_same_form_with_another_picture_is_a_second_photo(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = form(walker, walk.photo_address, turned(1))
    second = {**fields, "file": (turned(3), "b.jpg")}
    for each in (fields, second, second, fields):
        walker.post(walk.photo_address, each)
    assert len({photo.sha256 for photo in photos(app)}) == len(photos(app)) == 2


def test_the_same_form_with_another_caption_is_a_new_revision(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = form(walker, walk.photo_address, turned(1))
    walker.post(walk.photo_address, fields)
    walker.post(walk.photo_address, {**fields, "caption": "better words"})
    assert [photo.caption for photo in photos(app)] == [{"en": "better words"}]
    assert revisions(app) == 2


def test_the_same_picture_by_two_people_is_two_photos_of_one_file(
    app: Flask, walker: Visitor, walk: MadeWalk
) -> None:
    other = Visitor(app)
    join(other)
    for visitor in (walker, other):
        visitor.post(walk.photo_address, form(visitor, walk.photo_address, turned(1)))
    assert len(photos(app)) == 2
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Picture)) == 1


def test_somebody_elses_photo_is_refused_plainly_and_stays(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = form(walker, walk.photo_address, turned(1))
    walker.post(walk.photo_address, fields)
    other = Visitor(app)
    join(other)
    stolen = form(other, walk.photo_address, turned(1), id=fields["id"], caption="overwritten")
    answer = other.client.post(walk.photo_address, data=as_files(stolen), headers=other.headers)
    assert answer.status_code < 500
    assert {"en": CAPTION} in [photo.caption for photo in photos(app)]
    if answer.status_code < 400:
        assert len(photos(app)) == 2, "acknowledged, but not kept"


def as_files(fields: dict[str, object]) -> dict[str, object]:
    from io import BytesIO

    return {
        name: (BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value for name, value in fields.items()
    }


def test_a_stop_that_forbids_photos_takes_none(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = form(walker, walk.photo_address, turned(1))
    walker.post(f"{walk.photo_address}?stop={walk.stops[1]}", fields, 403)
    walker.post(walk.photo_address, {**fields, "stop": str(walk.stops[1])}, 403)
    assert not photos(app)


@pytest.mark.parametrize("stop", ["junk", "", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_stop_is_no_stop(app: Flask, walker: Visitor, walk: MadeWalk, stop: str) -> None:
    address = f"{walk.photo_address}?stop={stop}"
    walker.get(address, 404 if stop else 200)
    walker.post(address, form(walker, walk.photo_address, turned(1)))
    assert [photo.stop_id for photo in photos(app)] == [None]


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "empty.jpg", "This file is empty."),
        (b"Dear diary, this is text.\n" * 20, "text.jpg", "not a picture that we can read"),
        (b"%PDF-1.7 ...", "scan.jpg", "not a picture that we can read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg", "not a picture that we can read"),
        (b"", "", "Choose a photo first."),
    ],
)
def test_what_is_no_picture_is_told_and_the_words_stay(
    app: Flask, walker: Visitor, walk: MadeWalk, data: bytes, name: str, told: str
) -> None:
    fields = form(walker, walk.photo_address, data, name, up="y", people="released")
    page = walker.post(walk.photo_address, fields, 422).text
    assert told in page
    assert CAPTION in html.unescape(page)
    assert 'name="up" value="y" checked' in page
    assert 'value="released" required checked' in page
    assert not photos(app)
    assert (
        "1 received" in walker.post(walk.photo_address, {**fields, **hidden(page), "file": (turned(1), "a.jpg")}).text
    )


@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT + 900_000])
def test_a_little_too_large_is_told_and_the_words_stay(
    app: Flask, walker: Visitor, walk: MadeWalk, size: int
) -> None:
    fields = form(walker, walk.photo_address, turned(1).ljust(size, b"\0"))
    answer = walker.client.post(walk.photo_address, data=as_files(fields), headers=walker.headers)
    assert answer.status_code in (413, 422)
    assert "too large" in answer.text
    assert CAPTION in html.unescape(answer.text)
    assert not photos(app)


def test_far_too_large_is_told(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    fields = form(walker, walk.photo_address, turned(1).ljust(LIMIT + 3_000_000, b"\0"))
    page = walker.post(walk.photo_address, fields, 413).text
    assert "This file is too large" in page
    assert not photos(app)


def test_exactly_the_limit_fits(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.post(walk.photo_address, form(walker, walk.photo_address, turned(1).ljust(LIMIT, b"\0")))
    assert len(photos(app)) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"caption": "ž" * 1001}, "at most 1,000 characters"),
        ({"people": ""}, "Say who is in the picture."),
        ({"people": "aliens"}, "<h1"),
        ({"id": "junk"}, "<h1"),
        ({"id": ""}, "<h1"),
    ],
)
def test_what_else_is_wrong_is_told_and_the_words_stay(
    app: Flask, walker: Visitor, walk: MadeWalk, wrong: dict[str, str], told: str
) -> None:
    fields = form(walker, walk.photo_address, turned(1), **wrong)
    page = walker.post(walk.photo_address, fields, 422).text
    assert told in page
    assert str(fields["caption"]) in html.unescape(page)
    assert not photos(app)
    again = {**fields, **hidden(page), "caption": CAPTION, "people": "none"}
    assert "1 received" in walker.post(walk.photo_address, again).text


def test_a_form_without_its_token_keeps_nothing(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    sent = form(walker, walk.photo_address, turned(1), csrf_token="")
    assert "send it once more" in walker.post(walk.photo_address, sent, 422).text
    assert not photos(app)


@pytest.mark.parametrize("kind", ["cut off", "header alone"])
def test_an_unreadable_picture_is_kept_and_its_reason_told(
    app: Flask, walker: Visitor, walk: MadeWalk, kind: str
) -> None:
    data = turned(1)[: 700 if kind == "cut off" else 24]
    walker.post(walk.photo_address, form(walker, walk.photo_address, data))
    make_sizes(app)
    page = mine(walker, walk)
    assert "Unreadable" in page
    assert "The file and your words are kept." in page
    assert CAPTION in html.unescape(page)
    (photo,) = photos(app)
    with app.app_context():
        assert app.extensions["store"].original(photo.sha256).read_bytes() == data
        make_organiser(walk.project_id)
    walker.get(f"/plain/photos/{photo.id}/320", 404)
    organiser = Visitor(app)
    log_in(organiser)
    assert "Unreadable" in organiser.get(f"/desk/walks/{walk.walk_id}/photos").text


def test_a_reason_is_told_in_ones_own_language(app: Flask, walk: MadeWalk) -> None:
    walker = Visitor(app, "cs")
    join(walker)
    walker.post(walk.photo_address, form(walker, walk.photo_address, turned(1)[:700]))
    make_sizes(app)
    assert "The file" not in mine(walker, walk)


def test_nothing_of_others_is_shown(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.post(walk.photo_address, form(walker, walk.photo_address, turned(1)))
    other = Visitor(app)
    join(other)
    page = mine(other, walk)
    assert "You have not sent any photo of this walk yet." in page
    assert CAPTION not in html.unescape(page)
