"""Tracks of a walk at the desk, clocks of cameras, and why a photo is where and when it is."""

import csv
import html
import io
import json
import re
import uuid
import zipfile
from typing import Any

import pytest
from flask import Flask

from tests.client import Visitor
from tests.makers import EMAIL, PASSWORD, MadeWalk, log_in, make_organiser, make_participant, make_photo
from tests.makers_photo import gps_block, turned
from tests.photo import test_locating as told
from tests.photo.test_locating import MIDDLE, shot
from webapp.doors import Role
from webapp.photo import queries as photo_queries
from webapp.photo.rules import Place
from webapp.photo.track import LARGEST_TRACK

WAY = b"""<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="50.1" lon="14.43"><time>2018-06-18T10:00:00Z</time></trkpt>
<trkpt lat="50.101" lon="14.432"><time>2018-06-18T10:01:40Z</time></trkpt>
<trkpt lat="95" lon="14.432"><time>2018-06-18T10:01:41Z</time></trkpt>
</trkseg></trk></gpx>"""


@pytest.fixture
def organiser(app: Flask, walk: MadeWalk) -> Visitor:
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


@pytest.fixture
def author(app: Flask, walk: MadeWalk) -> uuid.UUID:
    with app.app_context():
        return make_participant(walk)


def add(app: Flask, walk: MadeWalk, author: uuid.UUID, data: bytes, **more: Any) -> uuid.UUID:
    with app.app_context():
        return make_photo(app, walk, author, data, **more)


def bring(app: Flask, walk: MadeWalk) -> None:
    with app.app_context():
        told.bring(walk)


def place(app: Flask, photo_id: uuid.UUID) -> Place | None:
    with app.app_context():
        return told.place(photo_id)


def clocks(app: Flask, author: uuid.UUID) -> int:
    with app.app_context():
        return len(photo_queries.clocks_of(author))


def test_an_organiser_brings_a_track_sees_it_and_takes_it_away(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    photo = add(app, walk, author, shot(), stop_id=None)
    address = f"/desk/walks/{walk.walk_id}/tracks"
    assert "There is no track of this walk yet" in organiser.get(address).text
    page = organiser.send(address, {"file": (WAY, "walks/<b>evening.gpx"), "carried": ""}).text
    assert "1 photo has its place from a track." in page
    assert ">&lt;b&gt;evening.gpx<" in page
    assert "2 points" in page
    assert "1 point has no place on Earth" in page
    assert EMAIL in page
    assert 'class="walked"' in page
    assert place(app, photo) == MIDDLE
    shown = organiser.get(f"/desk/photos/{photo}").text
    assert "by the walk’s track" in shown
    assert "50 s from its nearest point" in shown
    track_id = re.search(r'name="id" value="([^"]*)"', page)
    assert track_id
    gone = {**hidden_of(organiser, address), "id": track_id[1]}
    page = organiser.post(f"{address}/delete", gone).text
    assert "taken away" in page
    assert place(app, photo) is None
    organiser.post(f"{address}/delete", gone)


def test_files_say_that_a_track_placed_a_photo_and_how_far_its_nearest_point_is(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    bring(app, walk)
    add(app, walk, author, shot(), stop_id=None)
    data = organiser.get(f"/desk/walks/{walk.walk_id}/photos.csv").data.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(data))
    assert (row["lat"], row["place_source"], row["place_gap_s"]) == ("50.1005", "track", "50.0")
    assert row["taken_utc"] == "2018-06-18T10:00:50+00:00"


def test_a_track_may_be_a_participants_and_comes_with_their_data(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    address = f"/desk/walks/{walk.walk_id}/tracks"
    page = organiser.send(address, {"file": (WAY, "way.gpx"), "carried": str(author)}).text
    assert "Carried by participant 1" in page
    data = organiser.get(f"/desk/participants/{author}/data.zip").data
    person = json.loads(zipfile.ZipFile(io.BytesIO(data)).read("person.json"))
    (told,) = person["tracks"]
    assert told["points"][0] == {"at": "2018-06-18T10:00:00+00:00", "lat": 50.1, "lon": 14.43, "accuracy": None}
    assert len(told["points"]) == 2


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "The file is empty."),
        (b"lat,lon", "not a track that we can read"),
        (b"PK\x03\x04", "This file is packed"),
        (WAY.replace(b"time>", b"cmt>"), "places without times"),
        (b'<!DOCTYPE gpx [<!ENTITY a "b">]>' + WAY, "definitions of its own"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_kept(
    walk: MadeWalk, organiser: Visitor, file: bytes, said: str
) -> None:
    address = f"/desk/walks/{walk.walk_id}/tracks"
    page = organiser.send(address, {"file": (file, "way.gpx"), "carried": ""}, 422).text
    assert said in html.unescape(page)
    assert "There is no track of this walk yet" in page


@pytest.mark.parametrize(
    ("more", "status", "said"), [(1, 422, "The file is larger than"), (2_000_000, 413, "too large")]
)
def test_a_file_that_is_too_large_is_said_and_nothing_kept(
    walk: MadeWalk, organiser: Visitor, more: int, status: int, said: str
) -> None:
    address = f"/desk/walks/{walk.walk_id}/tracks"
    large = WAY + b" " * (LARGEST_TRACK - len(WAY) + more)
    assert said in html.unescape(organiser.send(address, {"file": (large, "way.gpx"), "carried": ""}, status).text)
    assert "There is no track of this walk yet" in organiser.get(address).text


def test_no_file_is_said(walk: MadeWalk, organiser: Visitor) -> None:
    page = organiser.send(f"/desk/walks/{walk.walk_id}/tracks", {"carried": ""}, 422).text
    assert "Choose a file first." in page


def test_nobody_of_another_walk_can_have_carried_it(walk: MadeWalk, organiser: Visitor) -> None:
    form = {"file": (WAY, "way.gpx"), "carried": str(uuid.uuid4())}
    organiser.send(f"/desk/walks/{walk.walk_id}/tracks", form, 422)


def test_a_track_that_fits_no_photo_asks_whether_it_is_the_right_one(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    add(app, walk, author, shot(4000))
    bring(app, walk)
    assert "No photo of this walk was taken while it ran" in organiser.get(f"/desk/walks/{walk.walk_id}/tracks").text


def test_a_curator_sees_tracks_and_brings_none(app: Flask, walk: MadeWalk, author: uuid.UUID) -> None:
    bring(app, walk)
    with app.app_context():
        make_organiser(walk.project_id, Role.CURATOR, "curator@example.org")
    curator = Visitor(app)
    log_in(curator, "curator@example.org", PASSWORD)
    page = curator.get(f"/desk/walks/{walk.walk_id}/tracks").text
    assert "way.gpx" in page
    assert "Bring a track" not in page
    assert "Take away" not in page


def test_the_why_of_a_photo_names_every_source_and_the_one_that_counts(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    bring(app, walk)
    photo = add(app, walk, author, shot())
    page = html.unescape(organiser.get(f"/desk/photos/{photo}/why").text)
    assert "Where a track of the walk was at that moment." in page
    assert "50 s from the track’s nearest point" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "The stop at which the photo was taken" in page
    assert page.count("counts</span>") == 1
    assert page.index("by the walk’s track") < page.index("the stop")
    assert "2018-06-18 12:00:50" in page
    assert "2018-06-18 10:00:50 UTC" in page
    assert "from the camera’s clock and the zone of the project" in page
    assert f"/desk/photos/{photo}/why" in organiser.get(f"/desk/photos/{photo}").text


def test_the_why_of_a_photo_of_which_nothing_is_known(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    photo = add(app, walk, author, turned(1), stop_id=None)
    page = organiser.get(f"/desk/photos/{photo}/why").text
    assert "Nobody and nothing named a place" in page
    assert "The file holds no time" in page


@pytest.mark.parametrize(("lat", "far"), [(50.1, False), (50.2, True)])
def test_a_place_far_from_stops_and_tracks_is_marked(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor, lat: float, far: bool
) -> None:
    bring(app, walk)
    photo = add(app, walk, author, shot(gps=gps_block(lat, 14.43)))
    assert ("from the walk’s stops and tracks. Somebody" in organiser.get(f"/desk/photos/{photo}/why").text) is far
    assert ("More than 2 km from the walk" in organiser.get(f"/desk/photos/{photo}").text) is far


def test_a_clock_in_the_picture_puts_the_camera_right_and_can_be_undone(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    bring(app, walk)
    photo = add(app, walk, author, shot(92 + 70), stop_id=None)
    assert place(app, photo) is None
    why = f"/desk/photos/{photo}/why"
    form = {**hidden_of(organiser, why), "shown": "2018-06-18T12:01:10"}
    page = html.unescape(organiser.post(f"/desk/photos/{photo}/clock", form).text).replace("\N{NO-BREAK SPACE}", " ")
    assert "−1 min 32 s" in page
    assert "Nikon P6000" in page
    assert place(app, photo).gap == 30.0  # type: ignore[union-attr]
    page = organiser.post(f"/desk/photos/{photo}/clock", {**form, "shown": "2018-06-18T12:01:20"}).text
    assert place(app, photo).gap == 20.0, "read once more, it replaces what was read before"  # type: ignore[union-attr]
    organiser.post(f"/desk/photos/{photo}/clock", {**hidden_of(organiser, why), "leave": "y"})
    assert place(app, photo) is None


@pytest.mark.parametrize("shown", ["", "noon", "1890-01-01T00:00:00", "9999-12-31T23:59:59", "0001-01-01T00:00"])
def test_a_time_that_cannot_be_is_refused(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor, shown: str
) -> None:
    photo = add(app, walk, author, shot())
    form = {**hidden_of(organiser, f"/desk/photos/{photo}/why"), "shown": shown}
    organiser.post(f"/desk/photos/{photo}/clock", form, 422)
    assert clocks(app, author) == 0


def test_a_time_from_gps_has_no_clock_to_put_right(
    app: Flask, walk: MadeWalk, author: uuid.UUID, organiser: Visitor
) -> None:
    bring(app, walk)
    gps = {**gps_block(), 29: "2018:06:18", 7: (10.0, 0.0, 50.0)}
    photo = add(app, walk, author, shot(50 + 92, gps=gps))
    page = organiser.get(f"/desk/photos/{photo}/why").text
    assert "from GPS, which needs no clock" in html.unescape(page)
    assert "Put the clock right" not in page
    form = {**hidden_of(organiser, f"/desk/photos/{photo}/why"), "shown": "2018-06-18T12:00:50"}
    organiser.post(f"/desk/photos/{photo}/clock", form, 422)


def hidden_of(visitor: Visitor, address: str) -> dict[str, str]:
    """The form's token."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', visitor.get(address).text)
    assert token
    return {"csrf_token": token[1]}
