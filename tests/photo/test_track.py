import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from webapp.photo.geotag import along, by_track
from webapp.photo.rules import Facts, Place, PlaceSource, Taken, TimeSource, UtcSource
from webapp.photo.track import APART, BEYOND, Line, Point, Track, instant, joined, milliseconds, point

NOON = datetime(2018, 6, 18, 12, tzinfo=UTC)
AT = milliseconds(NOON)


def track(*points: tuple[float, float, float]) -> Track:
    """Seconds after noon, latitude, longitude."""
    made = joined([[Point(AT + round(after * 1000), lat, lon) for after, lat, lon in points]])
    assert made is not None
    return made


def at(found: Track, after: float) -> Place | None:
    return found.place_at(NOON + timedelta(seconds=after))


def test_between_two_points_the_way_is_walked_evenly() -> None:
    way = track((0, 50.0, 14.0), (100, 50.001, 14.002))
    assert at(way, 25) == Place(50.00025, 14.0005, None, PlaceSource.TRACK, 25.0)
    assert at(way, 75) == Place(50.00075, 14.0015, None, PlaceSource.TRACK, 25.0)
    assert at(way, 100) == Place(50.001, 14.002, None, PlaceSource.TRACK, 0.0)


def test_points_more_than_five_minutes_apart_leave_a_hole() -> None:
    assert at(track((0, 50.0, 14.0), (300, 50.001, 14.0)), 150) is not None
    hole = track((0, 50.0, 14.0), (300.001, 50.001, 14.0))
    assert at(hole, 150) is None
    assert at(hole, 1) is None
    assert at(hole, 0) is not None
    assert hole.holes == [(NOON, NOON + timedelta(seconds=300.001))]


def test_beyond_an_end_its_point_with_the_gap_and_nothing_after_a_minute() -> None:
    way = track((0, 50.0, 14.0), (100, 50.001, 14.0))
    assert at(way, 154) == Place(50.001, 14.0, None, PlaceSource.TRACK, 54.0)
    assert at(way, -0.4) == Place(50.0, 14.0, None, PlaceSource.TRACK, 0.4)
    assert at(way, 160) is not None
    assert at(way, 160.001) is None
    assert at(way, -60.001) is None


def test_the_shorter_way_leads_over_the_180th_meridian() -> None:
    way = track((0, -16.8, 179.999), (10, -16.8, -179.999))
    for after, lon in ((2.5, 179.9995), (7.5, -179.9995)):
        place = at(way, after)
        assert place is not None
        assert place.lon == pytest.approx(lon)
    middle = at(way, 5)
    assert middle is not None
    assert abs(middle.lon) == 180


def test_a_stated_error_holds_near_its_point_only() -> None:
    found = joined([[Point(AT, 50.0, 14.0, 4.0), Point(AT + 60_000, 50.001, 14.0, 9.5)]])
    assert found is not None
    near, far = at(found, 10), at(found, 30)
    assert near is not None
    assert near.accuracy == 9.5
    assert far is not None
    assert far.accuracy is None


def test_points_at_one_time_do_not_disturb_each_other() -> None:
    way = track((0, 50.0, 14.0), (10, 50.0001, 14.0), (10, 59.0, 24.0), (20, 50.0002, 14.0))
    assert len(way) == 3
    assert at(way, 10) == Place(50.0001, 14.0, None, PlaceSource.TRACK, 0.0)


def test_two_receivers_at_the_same_time_are_not_mixed() -> None:
    here = [Point(AT + 10_000 * each, 50.0, 14.0) for each in range(10)]
    there = [Point(AT + 5_000 + 10_000 * each, 51.0, 14.0) for each in range(10)]
    found = joined([here, there])
    assert found is not None
    places = [at(found, second) for second in range(0, 95)]
    assert {place.lat for place in places if place} == {50.0, 51.0}


def test_parts_that_follow_each_other_are_one_way() -> None:
    later, earlier = [Point(AT + 60_000, 50.001, 14.0)], [Point(AT, 50.0, 14.0)]
    found = joined([later, [], earlier])
    assert found is not None
    assert at(found, 30) == Place(50.0005, 14.0, None, PlaceSource.TRACK, 30.0)


def test_no_points_no_track() -> None:
    assert joined([]) is None
    assert joined([[], []]) is None


instants = st.integers(
    milliseconds(datetime(1980, 1, 1, tzinfo=UTC)), milliseconds(datetime(2099, 12, 31, tzinfo=UTC))
)
points = st.builds(
    Point,
    st.one_of(instants, st.integers(AT, AT + 3_600_000)),
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.one_of(st.just(math.nan), st.floats(0.1, 1000)),
)
runs = st.lists(st.lists(points, max_size=8), max_size=4)


@given(runs, st.one_of(instants, st.integers(AT - 90_000, AT + 3_690_000)))
def test_a_place_lies_between_neighbours_near_in_time_or_at_an_end(parts: list[list[Point]], moment: int) -> None:
    found = joined(parts)
    assume(found)
    assert found is not None
    place = found.place_at(instant(moment))
    every = [each for part in parts for each in part]
    if place is None:
        assert all(each.at != moment for each in every)
        return
    assert place.source is PlaceSource.TRACK
    assert place.gap is not None
    assert -90 <= place.lat <= 90
    assert -180 <= place.lon <= 180
    nearest = min(abs(each.at - moment) for each in every) / 1000
    assert nearest - 0.06 <= place.gap <= max(APART / 2, BEYOND)
    around = [each for each in every if abs(each.at - moment) <= APART * 1000]
    assert min(each.lat for each in around) - 1e-6 <= place.lat <= max(each.lat for each in around) + 1e-6


@given(runs)
def test_the_order_of_points_in_a_part_does_not_matter(parts: list[list[Point]]) -> None:
    once = [list({each.at: each for each in part}.values()) for part in parts]
    mixed = [sorted(part, key=lambda each: hash((each.lat, each.at))) for part in once]
    assert repr(joined(once)) == repr(joined(mixed))


@given(runs)
def test_what_is_packed_comes_back(parts: list[list[Point]]) -> None:
    found = joined(parts)
    assume(found)
    assert found is not None
    back = Track.unpack(found.pack())
    assert [[tuple(column) for column in line.columns[:3]] for line in back.lines] == [
        [tuple(column) for column in line.columns[:3]] for line in found.lines
    ]
    assert (back.starts, back.ends, len(back)) == (found.starts, found.ends, len(found))


@pytest.mark.parametrize("packed", [b"", b"x", Line.of([Point(AT, 1, 2)]).times.tobytes()])
def test_what_was_never_packed_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="track"):
        Track.unpack(packed)


@pytest.mark.parametrize(
    ("when", "lat", "lon"),
    [
        (None, 50.0, 14.0),
        (datetime(1979, 12, 31, tzinfo=UTC), 50.0, 14.0),
        (datetime(2155, 1, 1, tzinfo=UTC), 50.0, 14.0),
        (NOON, math.nan, 14.0),
        (NOON, 90.001, 14.0),
        (NOON, 50.0, 180.001),
        (NOON, 0.0, 0.0),
    ],
)
def test_no_point_of_what_cannot_be(when: datetime | None, lat: float, lon: float) -> None:
    assert point(when, lat, lon) is None


def facts(taken: Taken | None, place: Place | None = None) -> Facts:
    return Facts(True, "image/jpeg", 1, 1, 1, None, "", 1, taken, place, None)


LOCAL = datetime(2018, 6, 18, 14, 1, 32)  # noqa: DTZ001 -- a wall clock
BY_ZONE = Taken(LOCAL, None, None, TimeSource.ORIGINAL)
WAY = track((0, 50.0, 14.0), (60, 50.001, 14.0))


def test_a_wrong_clock_is_put_right_before_the_track_is_asked() -> None:
    placed = along(WAY, facts(BY_ZONE).in_zone("Europe/Prague").put_right(-92))
    assert placed.taken is not None
    assert (placed.taken.local, placed.taken.utc) == (LOCAL, NOON)
    assert placed.place == Place(50.0, 14.0, None, PlaceSource.TRACK, 0.0)
    assert along(WAY, facts(BY_ZONE).put_right(-92).in_zone("Europe/Prague")) == placed


def test_an_instant_from_gps_is_not_moved() -> None:
    gps = Taken(LOCAL, None, NOON, TimeSource.ORIGINAL, UtcSource.GPS)
    assert facts(gps).put_right(-92) == facts(gps)
    alone = Taken(None, None, NOON, TimeSource.GPS, UtcSource.GPS)
    assert facts(alone).put_right(-92) == facts(alone)


def test_a_stated_offset_does_not_make_a_clock_right() -> None:
    stated = Taken(LOCAL, "+02:00", NOON + timedelta(seconds=92), TimeSource.ORIGINAL, UtcSource.OFFSET)
    moved = stated.put_right(-92)
    assert moved.utc == NOON
    assert moved.put_right(-92) == moved, "said twice, it counts once"
    assert moved.put_right(0) == stated


@given(st.datetimes(), st.floats(-2e9, 2e9))
def test_no_offset_and_no_year_fails(local: datetime, seconds: float) -> None:
    Taken(local, None, None, TimeSource.ORIGINAL).put_right(seconds).in_zone("Europe/Prague").put_right(-seconds)


def test_what_the_camera_says_goes_before_the_track() -> None:
    camera = Place(50.5, 14.5, None, PlaceSource.CAMERA)
    assert along(WAY, facts(BY_ZONE, camera).in_zone("Europe/Prague")).place == camera


def test_without_an_instant_there_is_no_place() -> None:
    assert along(WAY, facts(None)).place is None
    assert along(WAY, facts(BY_ZONE)).place is None, "the zone is not known"


def test_of_several_tracks_the_one_with_the_nearest_point() -> None:
    sparse, dense = track((0, 50.0, 14.0), (200, 50.0, 14.0)), track((90, 51.0, 14.0), (95, 51.0, 14.0))
    place = by_track([sparse, dense], NOON + timedelta(seconds=92))
    assert place is not None
    assert place.lat == 51.0
    assert by_track([], NOON) is None
    assert by_track([sparse], None) is None


def test_the_gap_is_told_and_read_again() -> None:
    place = at(WAY, -54)
    assert place is not None
    told = place.as_json()
    assert told == {"lat": 50.0, "lon": 14.0, "accuracy": None, "source": "track", "gap": 54.0}
    assert Place.from_json(told) == place
    assert "gap" not in (Place(1, 2, None, PlaceSource.CAMERA).as_json() or {})
