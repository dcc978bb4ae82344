"""The ZIP of originals: whole, untouched, harmless in a spreadsheet, and only of those who agreed."""

import csv
import hashlib
import io
import uuid
import zipfile

import pytest
from flask import Flask
from sqlalchemy import select

from tests.client import Visitor
from tests.makers import EMAIL, MadeWalk, log_in, make_organiser, make_participant, make_photo, make_walk
from tests.makers_photo import corners, encoded, exif, gps_block, turned
from webapp.consent.rules import Purpose
from webapp.database import db
from webapp.doors import Role
from webapp.export.formats.table import inert
from webapp.people import queries
from webapp.photo.tables import Download

Rows = list[dict[str, str]]


@pytest.fixture
def author(app: Flask, walk: MadeWalk) -> uuid.UUID:
    with app.app_context():
        return make_participant(walk)


@pytest.fixture
def organiser(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    visitor.get(f"/desk/walks/{walk.walk_id}")
    return visitor


def take(organiser: Visitor, walk: MadeWalk) -> zipfile.ZipFile:
    answer = organiser.get(f"/desk/walks/{walk.walk_id}/originals.zip")
    assert answer.mimetype == "application/zip"
    taken = zipfile.ZipFile(io.BytesIO(answer.data))
    assert taken.testzip() is None
    return taken


def table(taken: zipfile.ZipFile, name: str) -> Rows:
    data = taken.read(name)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_originals_leave_byte_for_byte(app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor) -> None:
    sent = [turned(6), encoded(corners(), "HEIF"), encoded(corners(), "PNG"), encoded(corners(), "WEBP")]
    with app.app_context():
        for data in sent:
            make_photo(app, walk, author, data)
    taken = take(organiser, walk)
    rows = table(taken, "captions.csv")
    assert [taken.read(f"originals/{row['file']}") for row in rows] == sent
    assert [row["sha256"] for row in rows] == [hashlib.sha256(data).hexdigest() for data in sent]
    assert [row["file"].rsplit(".")[-1] for row in rows] == ["jpg", "heic", "png", "webp"]
    assert "left-out.csv" not in taken.namelist()


def test_names_unpack_anywhere(app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor) -> None:
    with app.app_context():
        for orientation in (1, 2, 3):
            make_photo(app, walk, author, turned(orientation), caption={"en": "../../etc/passwd"})
    names = take(organiser, walk).namelist()
    assert len(names) == len({name.casefold() for name in names}) == 5
    assert all(name.isascii() and ".." not in name and not name.startswith("/") for name in names)


def test_the_name_tells_what_it_is(organiser: Visitor, walk: MadeWalk) -> None:
    answer = organiser.get(f"/desk/walks/{walk.walk_id}/originals.zip")
    assert answer.headers["Content-Disposition"] == "attachment; filename=pohled-2018-06-18-originals.zip"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "caption",
    [
        'He said "no", and left; twice',
        "first\nsecond, line",
        "<b>=1+1</b>",
        "🚲 هذا المكان ⁨mixed⁩ čeština",
        " a leading space, and a trailing one ",
        "tab\tinside",
        "'quoted already'",
        "",
    ],
)
def test_captions_are_as_typed(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor, caption: str
) -> None:
    with app.app_context():
        make_photo(app, walk, author, turned(1), caption={"cs": caption} if caption else {})
    (row,) = table(take(organiser, walk), "captions.csv")
    assert row["caption"] == caption
    assert row["language"] == ("cs" if caption else "")


@pytest.mark.parametrize(
    "caption",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        '=HYPERLINK("https://evil.example","here")',
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_caption_that_looks_like_a_formula_is_inert(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor, caption: str
) -> None:
    with app.app_context():
        make_photo(app, walk, author, turned(1), caption={"en": caption})
    (row,) = table(take(organiser, walk), "captions.csv")
    assert row["caption"] == f"'{caption}"


def test_numbers_stay_numbers(app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor) -> None:
    assert inert(-14.5) == -14.5
    south = encoded(corners(), exif=exif(gps=gps_block(33.5, 70.25, "S", "W")))
    with app.app_context():
        make_photo(app, walk, author, south)
    (row,) = table(take(organiser, walk), "captions.csv")
    assert (float(row["lat"]), float(row["lon"])) == pytest.approx((-33.5, -70.25))
    assert row["place_source"] == "camera"


def test_what_was_said_is_told(app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor) -> None:
    data = encoded(corners(), exif=exif({}, {36867: "2018:06:18 10:05:00"}))
    with app.app_context():
        photo_id = make_photo(app, walk, author, data, up=True, down=True, people="released")
    (row,) = table(take(organiser, walk), "captions.csv")
    assert row["photo"] == str(photo_id)
    assert row["participant"] == str(author)
    assert (row["light"], row["people"], row["stop"], row["stop_name"]) == ("up down", "released", "1", "The square")
    assert row["taken_local"] == "2018-06-18T10:05:00"
    assert row["taken_utc"] == "2018-06-18T08:05:00+00:00"
    assert (row["lat"], row["lon"], row["accuracy_m"], row["place_source"]) == ("50.1", "14.43", "60.0", "stop")


def test_an_unreadable_original_leaves_with_its_reason(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    broken = turned(1)[:700]
    with app.app_context():
        make_photo(app, walk, author, broken)
    taken = take(organiser, walk)
    (row,) = table(taken, "captions.csv")
    assert row["unreadable_reason"]
    assert taken.read(f"originals/{row['file']}") == broken


def test_who_did_not_agree_is_left_out_and_listed(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    with app.app_context():
        kept = make_photo(app, walk, author, turned(1))
        unreleased = make_photo(app, walk, author, turned(2), people="unreleased", caption={"en": "A face"})
        refused = make_photo(app, walk, make_participant(walk, frozenset({Purpose.KEEP})), turned(3))
    taken = take(organiser, walk)
    assert [row["photo"] for row in table(taken, "captions.csv")] == [str(kept)]
    assert {row["photo"]: row["reason"] for row in table(taken, "left-out.csv")} == {
        str(unreleased): "somebody can be recognised and has not agreed",
        str(refused): "not agreed",
    }
    assert "A face" not in taken.read("captions.csv").decode()
    assert sum(name.startswith("originals/") for name in taken.namelist()) == 1


def test_one_picture_of_two_people_leaves_for_the_one_who_agreed(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    with app.app_context():
        kept = make_photo(app, walk, author, turned(1))
        make_photo(app, walk, make_participant(walk, frozenset({Purpose.KEEP})), turned(1))
    assert [row["photo"] for row in table(take(organiser, walk), "captions.csv")] == [str(kept)]


def test_photos_of_other_walks_stay_there(app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor) -> None:
    with app.app_context():
        other = make_walk("ELSEWHERE")
        make_photo(app, other, make_participant(other), turned(2))
        kept = make_photo(app, walk, author, turned(1))
    assert [row["photo"] for row in table(take(organiser, walk), "captions.csv")] == [str(kept)]


def test_an_empty_walk_gives_an_empty_table(organiser: Visitor, walk: MadeWalk) -> None:
    taken = take(organiser, walk)
    assert taken.namelist() == ["captions.csv", "not-to-be-passed-on.txt"]
    assert table(taken, "captions.csv") == []


def test_every_download_is_logged(app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor) -> None:
    with app.app_context():
        make_photo(app, walk, author, turned(1))
        make_photo(app, walk, author, turned(2), people="unreleased")
    take(organiser, walk)
    take(organiser, walk)
    with app.app_context():
        account = queries.organiser_by_email(EMAIL)
        assert account is not None
        rows = db.session.scalars(select(Download)).all()
        assert [(row.organiser_id, row.walk_id, row.photos) for row in rows] == [(account.id, walk.walk_id, 1)] * 2


def test_whoever_may_not_take_them_is_not_logged(app: Flask, walk: MadeWalk) -> None:
    with app.app_context():
        make_organiser(walk.project_id, Role.AUTHOR, "author@example.org")
    visitor = Visitor(app)
    log_in(visitor, "author@example.org")
    visitor.get(f"/desk/walks/{walk.walk_id}/originals.zip", 403)
    with app.app_context():
        assert not db.session.scalars(select(Download)).all()
