"""Where tracks and clocks of cameras put photos, whatever comes first and whatever goes."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.makers import EMAIL, MadeWalk, make_call, make_participant, make_photo
from tests.makers_photo import gps_block, turned
from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.database import now, transaction
from webapp.gallery import queries as gallery_queries
from webapp.gallery.rules import Wanted, Where
from webapp.people import queries as people_queries
from webapp.photo import locating
from webapp.photo import queries as photo_queries
from webapp.photo.rules import Place, PlaceSource
from webapp.photo.track import Point, Track, TrackFound, joined, milliseconds
from webapp.project import queries as project_queries
from webapp.upkeep.jobs import erase_now, take_back_photo

NOON = datetime(2018, 6, 18, 10, tzinfo=UTC)  # in Prague
WAY = b"""<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="50.1" lon="14.43"><time>2018-06-18T10:00:00Z</time></trkpt>
<trkpt lat="50.101" lon="14.432"><time>2018-06-18T10:01:40Z</time></trkpt>
<trkpt lat="95" lon="14.432"><time>2018-06-18T10:01:41Z</time></trkpt>
</trkseg></trk></gpx>"""


def track(lat: float = 50.1) -> Track:
    found = joined(
        [[Point(milliseconds(NOON), lat, 14.43), Point(milliseconds(NOON) + 100_000, lat + 0.001, 14.432)]]
    )
    assert found is not None
    return found


def bring(walk: MadeWalk, lat: float = 50.1, carried: uuid.UUID | None = None) -> uuid.UUID:
    account = people_queries.organiser_by_email(EMAIL)
    assert account is not None
    with transaction():
        return locating.bring_track(walk.walk_id, track(lat), TrackFound(2), "way.gpx", account.id, carried).id


def shot(after: float = 50, **more: object) -> bytes:
    """A picture by a camera in Prague, so many seconds after noon by its clock."""
    local = NOON + timedelta(hours=2, seconds=after)
    return turned(1, DateTimeOriginal=f"{local:%Y:%m:%d %H:%M:%S}", Make="Nikon", Model="P6000", **more)


def place(photo_id: uuid.UUID) -> Place | None:
    photo = photo_queries.photo(photo_id)
    assert photo is not None
    return photo_queries.place_of(photo)


def source(photo_id: uuid.UUID) -> str | None:
    found = place(photo_id)
    return found.source.value if found else None


MIDDLE = Place(50.1005, 14.431, None, PlaceSource.TRACK, 50.0)


@pytest.fixture
def author(inside: None, walk: MadeWalk) -> uuid.UUID:
    return make_participant(walk)


def test_a_track_places_photos_that_came_before_and_that_come_later(
    app: Flask, walk: MadeWalk, author: uuid.UUID
) -> None:
    before = make_photo(app, walk, author, shot(), stop_id=None)
    assert place(before) is None
    bring(walk)
    assert place(before) == MIDDLE
    later = make_photo(app, walk, author, shot(51), stop_id=None)
    assert source(later) == "track"
    stopped = make_photo(app, walk, author, shot(52))
    assert source(stopped) == "track", "a track goes before the stop"
    own = make_photo(app, walk, author, shot(53, gps=gps_block()))
    assert source(own) == "camera"
    elsewhen = make_photo(app, walk, author, shot(4000), stop_id=None)
    assert place(elsewhen) is None
    untimed = make_photo(app, walk, author, turned(1), stop_id=None)
    assert place(untimed) is None


def test_a_photo_of_a_call_is_on_no_track(app: Flask, walk: MadeWalk, author: uuid.UUID) -> None:
    call = make_call(walk.project_id)
    bring(walk)
    photo = make_photo(app, walk, author, shot(), walk_id=None, stop_id=None, call_id=call)
    assert place(photo) is None


def test_what_a_track_said_goes_with_it(app: Flask, walk: MadeWalk, author: uuid.UUID) -> None:
    photo = make_photo(app, walk, author, shot(), stop_id=None)
    mine = bring(walk)
    assert bring(walk) == mine, "the same track is here once"
    with transaction():
        locating.take_track_away(walk.walk_id, mine)
    assert place(photo) is None


def test_a_photo_taken_back_keeps_no_place(app: Flask, walk: MadeWalk, author: uuid.UUID) -> None:
    bring(walk)
    photo = make_photo(app, walk, author, shot(), stop_id=None)
    take_back_photo(author, photo)
    row = photo_queries.photo(photo)
    assert row is not None
    assert (row.track_lat, row.track_lon, row.track_gap, row.clock) == (None, None, None, None)


def test_a_track_that_is_somebodys_goes_with_them(app: Flask, walk: MadeWalk, author: uuid.UUID) -> None:
    photo = make_photo(app, walk, author, shot(), stop_id=None)
    carrier = make_participant(walk)
    bring(walk, carried=carrier)
    assert source(photo) == "track"
    erase_now(carrier)
    assert place(photo) is None
    assert photo_queries.tracks_of(walk.walk_id) == []


def test_a_no_to_keeping_ends_the_use_of_ones_track_and_a_yes_begins_it_again(
    app: Flask, walk: MadeWalk, author: uuid.UUID
) -> None:
    photo = make_photo(app, walk, author, shot(), stop_id=None)
    carrier = make_participant(walk)
    bring(walk, carried=carrier)
    (text,) = consent_queries.current_texts(walk.project_id, ["keep"])
    for yes, expected in ((False, None), (True, "track")):
        with transaction():
            consent_changes.say(carrier, [Decision(Purpose.KEEP, yes, text.id, "en", now())])
        assert source(photo) == expected
        assert len(photo_queries.tracks_of(walk.walk_id)) == yes


def test_the_erased_author_leaves_tracks_of_others(app: Flask, walk: MadeWalk, author: uuid.UUID) -> None:
    make_photo(app, walk, author, shot(), stop_id=None)
    bring(walk)
    photo = photo_queries.own_photos(author)[0]
    account = people_queries.organiser_by_email(EMAIL)
    assert account is not None
    with transaction():
        locating.put_clock_right(photo, "Nikon P6000", 10, account.id)
    erase_now(author)
    assert len(photo_queries.tracks_of(walk.walk_id)) == 1
    assert photo_queries.clocks_of(author) == []


def test_another_zone_of_the_project_moves_photos_on_the_track(app: Flask, walk: MadeWalk, author: uuid.UUID) -> None:
    photo = make_photo(app, walk, author, shot(), stop_id=None)
    bring(walk)
    with transaction():
        project = project_queries.project(walk.project_id)
        assert project is not None
        project.zone = "Europe/London"
        locating.locate_project(walk.project_id)
    assert place(photo) is None


def test_a_filter_for_a_known_place_finds_what_a_track_placed(app: Flask, walk: MadeWalk, author: uuid.UUID) -> None:
    photo = make_photo(app, walk, author, shot(), stop_id=None)
    bring(walk)
    for placed, expected in ((True, [photo]), (False, [])):
        found = gallery_queries.page(walk.project_id, 9, Wanted(placed=placed), Where())
        assert [each.id for each in found.photos] == expected


def test_a_clock_put_right_moves_all_photos_of_that_camera_and_no_others(
    app: Flask, walk: MadeWalk, author: uuid.UUID
) -> None:
    bring(walk)
    fast = [make_photo(app, walk, author, shot(92 + after), stop_id=None) for after in (20, 90)]
    other_camera = make_photo(
        app, walk, author, turned(1, DateTimeOriginal="2018:06:18 12:00:50", Make="Canon", Model="A1"), stop_id=None
    )
    other_person = make_photo(app, walk, make_participant(walk), shot(49), stop_id=None)
    account = people_queries.organiser_by_email(EMAIL)
    photo = photo_queries.photo(fast[0])
    assert account is not None
    assert photo is not None
    with transaction():
        locating.put_clock_right(photo, "Nikon P6000", -92, account.id)
    assert [place(each).gap for each in fast] == [20.0, 10.0]  # type: ignore[union-attr]
    assert [place(each).gap for each in (other_camera, other_person)] == [50.0, 49.0]  # type: ignore[union-attr]
    later = make_photo(app, walk, author, shot(92 + 30), stop_id=None)
    assert place(later).gap == 30.0  # type: ignore[union-attr]
    facts = photo_queries.facts_of(photo_queries.photo(later))  # type: ignore[arg-type]
    taken = facts.in_zone("Europe/Prague").taken if facts else None
    assert taken is not None
    assert (taken.utc, taken.local) == (NOON + timedelta(seconds=30), datetime(2018, 6, 18, 12, 2, 2))  # noqa: DTZ001
    with transaction():
        locating.leave_clock(author, "Nikon P6000")
    assert [source(each) for each in (*fast, later)] == ["track", None, "track"]


def test_a_picture_that_says_no_time_is_placed_by_its_records(app: Flask, walk: MadeWalk, author: uuid.UUID) -> None:
    """What was painted over on the phone has no EXIF left."""
    taken = (NOON + timedelta(seconds=50)).isoformat()
    said = make_photo(app, walk, author, turned(1), taken=taken)
    silent = make_photo(app, walk, author, turned(3))
    bring(walk)
    assert place(said) == MIDDLE
    assert source(silent) != PlaceSource.TRACK
