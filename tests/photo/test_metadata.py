import math
import string
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.photo.metadata import (
    Metadata,
    camera,
    clock,
    degrees,
    gps_instant,
    merge,
    number,
    offset,
    text,
    understand,
)

PRAGUE = {"LatRef": "N", "Lat": (50.0, 4.0, 31.8), "LonRef": "E", "Lon": (14.0, 26.0, 16.08)}

anything = st.one_of(
    st.none(),
    st.text(string.printable + "\0é\u202e"),
    st.binary(),
    st.integers(),
    st.floats(),
    st.fractions(),
    st.lists(st.floats()),
    st.tuples(st.integers(), st.binary()),
)
NAMES = [
    *("Make", "Model", "Orientation", "Original", "Digitized", "OffsetOriginal", "OffsetDigitized"),
    *("LatRef", "Lat", "LonRef", "Lon", "Time", "Date", "Error"),
]


@given(st.dictionaries(st.sampled_from(NAMES), anything))
def test_no_value_however_odd_breaks_understanding(tags: dict[str, object]) -> None:
    understand(tags)


@pytest.mark.parametrize(
    "make, model, name",
    [
        ("NIKON CORPORATION", "NIKON D5000", "NIKON D5000"),
        ("EASTMAN KODAK COMPANY", "KODAK CX7530", "KODAK CX7530"),
        ("Jolla", "Jolla", "Jolla"),
        ("Apple", "iPhone 12 Pro", "Apple iPhone 12 Pro"),
        ("samsung", "", "samsung"),
        ("", "SM-G930F", "SM-G930F"),
        ("", "", None),
    ],
)
def test_the_camera_is_named_once(make: str, model: str, name: str | None) -> None:
    assert camera(make, model) == name


@pytest.mark.parametrize(
    "value, local",
    [
        ("2018:05:30 21:25:39", datetime.fromisoformat("2018-05-30T21:25:39")),
        ("2018-05-30T21:25:39+02:00", datetime.fromisoformat("2018-05-30T21:25:39")),
        ("2018:05:30 21:25", datetime.fromisoformat("2018-05-30T21:25:00")),
        ("2018: 5: 3  1: 2: 3", datetime.fromisoformat("2018-05-03T01:02:03")),
        ("0000:00:00 00:00:00", None),
        ("2018:13:40 00:00:00", None),
        ("2018:02:30 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("2018:05:30", None),
        ("", None),
    ],
)
def test_wall_clocks(value: str, local: datetime | None) -> None:
    assert clock(value) == local


@pytest.mark.parametrize(
    "value, stated",
    [
        ("+02:00", "+02:00"),
        ("-05:30", "-05:30"),
        ("+0545", "+05:45"),
        ("Z", "+00:00"),
        ("+15:00", None),
        ("-13:00", None),
        ("+02:75", None),
        ("02:00", None),
        ("   :  ", None),
    ],
)
def test_offsets(value: str, stated: str | None) -> None:
    assert offset(value) == stated


def test_the_offset_of_the_last_change_is_not_the_offset_of_the_picture() -> None:
    found = understand({"Original": "2018:05:30 21:25:39", "Offset": "+09:00"})
    assert found.taken is not None
    assert found.taken.offset is None


def test_digitized_and_its_offset_stand_in_for_the_original() -> None:
    found = understand({"Digitized": "2018:05:30 21:25:39", "OffsetDigitized": "+02:00", "OffsetOriginal": "+09:00"})
    assert found.taken is not None
    assert found.taken.as_json() == {
        "local": "2018-05-30T21:25:39",
        "offset": "+02:00",
        "utc": "2018-05-30T19:25:39Z",
        "source": "digitized",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"LatRef": None},
        {"LonRef": "\0"},
        {"LonRef": "X"},
        {"LatRef": "E"},
        {"Lat": (math.nan, math.nan, math.nan)},
        {"Lat": (50.0, math.nan, 0.0)},
        {"Lat": (91.0, 0.0, 0.0)},
        {"Lon": (180.0, 1.0, 0.0)},
        {"Lat": (-50.0, 4.0, 31.8)},
        {"Lat": (0.0, 0.0, 0.0), "Lon": (0.0, 0.0, 0.0)},
        {"Lat": ()},
        {"Lat": None},
        {"Lat": (1.0, 2.0, 3.0, 4.0)},
    ],
)
def test_no_place_from_half_a_position(changes: dict[str, object]) -> None:
    assert understand({**PRAGUE, **changes}).place is None


@pytest.mark.parametrize(
    "lat_ref, lon_ref, north, east",
    [("N", "E", 1, 1), ("S", "W", -1, -1), ("s\0", " w ", -1, -1), (b"N\0", b"W\0", 1, -1)],
)
def test_hemispheres(lat_ref: object, lon_ref: object, north: int, east: int) -> None:
    place = understand({**PRAGUE, "LatRef": lat_ref, "LonRef": lon_ref}).place
    assert place is not None
    assert (place.lat, place.lon) == pytest.approx((north * 50.0755, east * 14.4378))


def test_on_the_equator_is_a_place() -> None:
    place = understand({**PRAGUE, "Lat": (0.0, 0.0, 0.0)}).place
    assert place is not None
    assert place.lat == 0


@pytest.mark.parametrize("error, accuracy", [(4.7, 4.7), (0.0, None), (math.nan, None), (None, None), (-1, None)])
def test_the_error_is_kept_where_it_is_one(error: object, accuracy: float | None) -> None:
    place = understand({**PRAGUE, "Error": error}).place
    assert place is not None
    assert place.accuracy == accuracy


def test_degrees_alone_are_enough() -> None:
    assert degrees([50.5], "N", "NS") == 50.5
    assert degrees([50.0, 30.0], "S", "NS") == -50.5


@pytest.mark.parametrize(
    "date, time",
    [
        ("2018:05:30", [25.0, 0.0, 0.0]),
        ("2018:05:30", [math.nan] * 3),
        ("2018:05:30", []),
        ("2018:05:40", [1.0, 0.0, 0.0]),
        ("", [1.0, 0.0, 0.0]),
        ("1970:01:01", [0.0, 0.0, 0.0]),
        ("9999:12:31", [23.0, 59.0, 60.5]),
    ],
)
def test_no_instant_from_broken_gps_time(date: str, time: list[float]) -> None:
    assert gps_instant(date, time) is None


def test_values_from_either_reader_read_alike() -> None:
    assert text(b"N\0garbage") == text(" N ") == "N"
    assert text("Pixel\n\x1b[31m8\u202e") == "Pixel [31m8"
    assert math.isnan(number((1, 2)))
    assert number([3]) == 3.0


def test_pillow_wins_over_exifread_and_the_difference_is_noted() -> None:
    pillow = Metadata(orientation=6, original=None)
    other = Metadata(orientation=1, original=datetime.fromisoformat("2018-01-01T00:00:00"), camera="Jolla")
    found, notes = merge(pillow, other)
    assert (found.orientation, found.original, found.camera) == (
        6,
        datetime.fromisoformat("2018-01-01T00:00:00"),
        "Jolla",
    )
    assert notes == ("orientation: Pillow 6, exifread 1",)
