import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.photo.rules import (
    Facts,
    Place,
    PlaceSource,
    Reason,
    Taken,
    TimeSource,
    UtcSource,
    sniff,
    valid_position,
)

LOCAL = datetime.fromisoformat("2018-05-30T21:25:39")


def facts(**changes: object) -> Facts:
    usual: dict[str, object] = {
        "ok": True,
        "type": "image/jpeg",
        "width": 4032,
        "height": 3024,
        "orientation": 1,
        "camera": "LGE Nexus 5X",
        "sha256": "ab" * 32,
        "bytes": 12,
        "taken": Taken(
            LOCAL, None, datetime(2018, 5, 30, 19, 25, 24, tzinfo=UTC), TimeSource.ORIGINAL, UtcSource.GPS
        ),
        "place": Place(56.15, 10.19, 4.5, PlaceSource.CAMERA),
        "reason": None,
        "notes": ("a note",),
    }
    return Facts(**{**usual, **changes})  # type: ignore[arg-type]


def test_facts_as_json_have_the_keys_that_inspect_promises() -> None:
    value = facts().as_json()
    assert " ".join(value) == "ok type width height orientation camera sha256 taken place reason"
    assert value["taken"] == {
        "local": "2018-05-30T21:25:39",
        "offset": None,
        "utc": "2018-05-30T19:25:24Z",
        "source": "original",
    }
    assert value["place"] == {"lat": 56.15, "lon": 10.19, "accuracy": 4.5, "source": "camera"}


def test_facts_come_back_whole_from_their_record() -> None:
    assert Facts.from_json(json.loads(json.dumps(facts().as_record()))) == facts()


def test_facts_come_back_from_the_inspect_line() -> None:
    again = Facts.from_json(facts().as_json())
    assert again.as_json() == facts().as_json()


@given(st.floats(), st.floats(), st.one_of(st.none(), st.floats()))
def test_neither_nan_nor_infinity_reaches_json(lat: float, lon: float, accuracy: float | None) -> None:
    value = facts(place=Place(lat, lon, accuracy, PlaceSource.CAMERA)).as_json()
    json.dumps(value, allow_nan=False)
    assert (value["place"] is not None) == valid_position(lat, lon)


@pytest.mark.parametrize(
    "lat, lon", [(0, 0), (90.001, 0), (0, 180.1), (math.nan, 1), (1, math.inf), (-91, 3), (213.64, 14)]
)
def test_impossible_positions(lat: float, lon: float) -> None:
    assert not valid_position(lat, lon)


@pytest.mark.parametrize("lat, lon", [(0, 14), (50, 0), (-90, 180), (90, -180), (50.1, 14.4)])
def test_possible_positions(lat: float, lon: float) -> None:
    assert valid_position(lat, lon)


def test_a_zone_gives_the_instant_only_where_the_file_does_not() -> None:
    unknown = Taken(LOCAL, None, None, TimeSource.ORIGINAL)
    placed = unknown.in_zone("Europe/Prague")
    assert placed.as_json()["utc"] == "2018-05-30T19:25:39Z"
    assert placed.offset is None
    assert placed.utc_from is UtcSource.ZONE
    assert placed.in_zone("Asia/Tokyo") == placed


def test_winter_and_summer_differ() -> None:
    winter = Taken(datetime.fromisoformat("2018-01-30T12:00:00"), None, None, TimeSource.ORIGINAL)
    assert winter.in_zone("Europe/Prague").as_json()["utc"] == "2018-01-30T11:00:00Z"


def test_an_unknown_zone_is_refused() -> None:
    for name in ("Europe/Nowhere", "", "../../etc/passwd", "\0"):
        with pytest.raises(ValueError, match="time zone"):
            Taken(LOCAL, None, None, TimeSource.ORIGINAL).in_zone(name)


def test_a_year_at_the_end_of_time_has_no_instant_but_no_error() -> None:
    first = Taken(datetime.fromisoformat("0001-01-01T00:00:00"), None, None, TimeSource.ORIGINAL)
    assert first.in_zone("Asia/Tokyo").utc is None


def test_every_reason_is_a_sentence() -> None:
    sentences = {reason.sentence for reason in Reason}
    assert len(sentences) == len(Reason)
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in sentences)


def _ftyp(*brands: bytes) -> bytes:
    body = b"ftyp" + brands[0] + b"\0\0\0\0" + b"".join(brands[1:])
    return (len(body) + 4).to_bytes(4, "big") + body


@pytest.mark.parametrize(
    "head, kind",
    [
        (b"\xff\xd8\xff\xe1", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (_ftyp(b"heic", b"mif1"), "image/heic"),
        (_ftyp(b"hevc", b"msf1"), "image/heic"),
        (_ftyp(b"mif1", b"mif1", b"heic"), "image/heic"),
        (_ftyp(b"mif1", b"mif1"), "image/heif"),
        (_ftyp(b"mif1", b"mif1", b"avif"), "image/avif"),
        (_ftyp(b"avif", b"mif1", b"miaf"), "image/avif"),
        (_ftyp(b"mp42", b"isom"), None),
        (_ftyp(b"qt  ", b"mif1"), None),
        (b"GIF89a", None),
        (b"RIFF\x10\0\0\0WAVEfmt ", None),
        (b"%PDF-1.7", None),
        (b"<svg>", None),
        (b"\xff\xd8", None),
        (b"", None),
    ],
)
def test_the_kind_is_told_by_content(head: bytes, kind: str | None) -> None:
    assert sniff(head) == kind


@given(st.binary(max_size=64))
def test_sniffing_takes_any_bytes(head: bytes) -> None:
    sniff(head)
    sniff(b"\0\0\0\x20ftypmif1" + head)
