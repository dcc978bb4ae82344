from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.photo.geotag import choose, offset_delta, offset_text, valid_position, when
from webapp.photo.rules import Place, PlaceSource, TimeSource, UtcSource

PIN = Place(50.1, 14.4, None, PlaceSource.PIN)
SHARP = Place(50.2, 14.4, 50.0, PlaceSource.PHONE)
CAMERA = Place(50.3, 14.4, None, PlaceSource.CAMERA)
TRACK = Place(50.4, 14.4, None, PlaceSource.TRACK, gap=54.0)
BLURRED = Place(50.5, 14.4, 50.1, PlaceSource.PHONE)
STOP = Place(50.6, 14.4, None, PlaceSource.STOP)
LADDER = [PIN, SHARP, CAMERA, TRACK, BLURRED, STOP]

places = st.builds(
    Place,
    st.floats(),
    st.floats(),
    st.one_of(st.none(), st.floats()),
    st.sampled_from(PlaceSource),
    st.one_of(st.none(), st.floats()),
)


@given(st.permutations(LADDER), st.integers(0, len(LADDER) - 1))
def test_the_ladder_holds_in_any_order(shuffled: list[Place], missing: int) -> None:
    left = [place for place in shuffled if place not in LADDER[:missing]]
    assert choose(left) == LADDER[missing]


@given(st.lists(places))
def test_whatever_comes_the_choice_is_one_of_the_valid(candidates: list[Place]) -> None:
    chosen = choose(candidates)
    valid = [place for place in candidates if valid_position(place.lat, place.lon)]
    assert chosen in valid if valid else chosen is None


@given(st.lists(places), places)
def test_an_invalid_candidate_changes_nothing(candidates: list[Place], other: Place) -> None:
    nowhere = Place(0.0, 0.0, other.accuracy, other.source, other.gap)
    assert choose([nowhere, *candidates]) is choose(candidates)


def test_a_fix_of_unknown_error_counts_as_a_large_one() -> None:
    unknown = Place(50.7, 14.4, None, PlaceSource.PHONE)
    broken = Place(50.7, 14.4, float("nan"), PlaceSource.PHONE)
    assert choose([unknown, broken, TRACK]) is TRACK
    assert choose([unknown, STOP]) is unknown


def test_of_two_fixes_the_sharper_one() -> None:
    sharper = Place(50.8, 14.4, 4.0, PlaceSource.PHONE)
    assert choose([SHARP, sharper]) is sharper


def test_no_candidates_no_place() -> None:
    assert choose([]) is None


LOCAL = datetime.fromisoformat("2018-05-30T21:25:39")


def _gps(ahead: timedelta) -> datetime:
    """The GPS instant of a camera whose clock is that far ahead of UTC."""
    return (LOCAL - ahead).replace(tzinfo=UTC)


def test_a_stated_offset_comes_first() -> None:
    taken = when(LOCAL, "+02:00", _gps(timedelta(hours=5)), TimeSource.ORIGINAL)
    assert taken is not None
    assert (taken.offset, taken.utc, taken.utc_from) == ("+02:00", _gps(timedelta(hours=2)), UtcSource.OFFSET)


@pytest.mark.parametrize(
    "ahead",
    [
        timedelta(hours=2, seconds=92),
        timedelta(hours=5, minutes=45),
        timedelta(hours=-9, minutes=-30, seconds=-100),
        timedelta(hours=14),
        timedelta(hours=-12),
        timedelta(seconds=-20),
    ],
)
def test_a_plausible_gps_instant_is_taken(ahead: timedelta) -> None:
    taken = when(LOCAL, None, _gps(ahead), TimeSource.ORIGINAL)
    assert taken is not None
    assert (taken.utc, taken.utc_from, taken.offset) == (_gps(ahead), UtcSource.GPS, None)


@pytest.mark.parametrize(
    "ahead",
    [
        timedelta(hours=-21, minutes=-58),  # a receiver whose date is a day late
        timedelta(hours=26),
        timedelta(hours=2, minutes=7),  # a fix from some minutes before
        timedelta(days=7168),
    ],
)
def test_an_implausible_one_is_not(ahead: timedelta) -> None:
    taken = when(LOCAL, None, _gps(ahead), TimeSource.ORIGINAL)
    assert taken is not None
    assert taken.utc is None
    assert taken.local == LOCAL


def test_gps_alone_gives_an_instant_and_no_wall_clock() -> None:
    taken = when(None, None, _gps(timedelta(0)), TimeSource.ORIGINAL)
    assert taken is not None
    assert (taken.local, taken.source) == (None, TimeSource.GPS)
    assert when(None, "+02:00", None, TimeSource.ORIGINAL) is None


def test_the_first_hour_of_all_has_no_instant() -> None:
    taken = when(datetime.fromisoformat("0001-01-01T00:00:00"), "+02:00", None, TimeSource.ORIGINAL)
    assert taken is not None
    assert taken.utc is None


@given(st.integers(-12 * 60, 14 * 60))
def test_offsets_read_as_they_are_written(minutes: int) -> None:
    delta = timedelta(minutes=minutes)
    assert offset_delta(offset_text(delta)) == delta
