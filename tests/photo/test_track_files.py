import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.photo.intake import CannotRead, Limits, Reader
from webapp.photo.track import MOST_POINTS, Track, TrackFound
from webapp.photo.track_files import NoTrack, read_track
from webapp.walk.track_trouble import TrackTrouble

T = "2018-06-18T12:00:0"
GPX = '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk>{}</trk></gpx>'
KML = '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>{}</Document></kml>'


def trkpt(lat: object, lon: object, time: object, more: str = "") -> str:
    return f'<trkpt lat="{lat}" lon="{lon}"><time>{time}</time>{more}</trkpt>'


def gpx(*points: str) -> bytes:
    return GPX.format(f"<trkseg>{''.join(points)}</trkseg>").encode()


def seen(track: Track) -> list[list[tuple[str, float, float]]]:
    return [
        [(datetime.fromtimestamp(at / 1000, UTC).isoformat(), lat, lon) for at, lat, lon, _ in line]
        for line in track.lines
    ]


def refused(data: bytes) -> TrackTrouble:
    with pytest.raises(NoTrack) as caught:
        read_track(data)
    assert caught.value.trouble.sentence.endswith(".")
    return caught.value.trouble


ONE, TWO = trkpt(50.1, 14.4, T + "0Z"), trkpt(50.2, 14.5, T + "5Z")
WAY = [[("2018-06-18T12:00:00+00:00", 50.1, 14.4), ("2018-06-18T12:00:05+00:00", 50.2, 14.5)]]


@pytest.mark.parametrize(
    "data",
    [
        gpx(ONE, TWO),
        gpx(TWO, ONE),
        gpx(ONE, ONE, TWO, TWO),
        GPX.format(f"<trkseg>{ONE}</trkseg><trkseg/><trkseg>{TWO}</trkseg>").encode(),
        gpx(ONE, TWO).replace(b"1/1", b"1/0").replace(b'"1.1"', b'"1.0"'),
        gpx(ONE, TWO).replace(b' xmlns="http://www.topografix.com/GPX/1/1"', b""),
        b"\xef\xbb\xbf\n<!-- a comment -->" + gpx(ONE, TWO),
        b'<?xml version="1.0" encoding="utf-8"?>\r\n' + gpx(ONE, TWO),
        ('<?xml version="1.0" encoding="UTF-16"?>' + gpx(ONE, TWO).decode()).encode("utf-16"),
        b'<?xml version="1.0" encoding="ISO-8859-1"?>'
        + gpx("<name>Letná, ½</name>".encode("latin-1").decode("latin-1"), ONE, TWO).decode().encode("latin-1"),
        gpx(trkpt(50.1, 14.4, "2018-06-18T14:00:00+02:00"), trkpt("5.02e1", " 14.5 ", " 2018-06-18T12:00:05.000Z\n")),
    ],
)
def test_a_gpx_is_read_however_it_is_written(data: bytes) -> None:
    assert seen(read_track(data)[0]) == WAY


def test_points_that_cannot_be_are_left_out_and_counted() -> None:
    bad = [
        trkpt("NaN", 14.4, T + "1Z"),
        trkpt("inf", 14.4, T + "1Z"),
        trkpt(91, 14.4, T + "1Z"),
        trkpt(50, 180.5, T + "1Z"),
        trkpt(0, 0, T + "1Z"),
        trkpt("50,1", "14,4", T + "1Z"),
        trkpt("", "", T + "1Z"),
        trkpt(50, 14, "yesterday"),
        trkpt(50, 14, "2018-06-18"),
        trkpt(50, 14, "0001-01-01T00:00:00+14:00"),
        trkpt(50, 14, "9999-12-31T23:59:59-14:00"),
        trkpt(50, 14, "2018-13-18T12:00:00Z"),
    ]
    track, found = read_track(gpx(ONE, *bad, '<trkpt lat="1" lon="2"/>', TWO))
    assert seen(track) == WAY
    assert found == TrackFound(points=2, timeless=1, dropped=len(bad), zoneless=0)
    assert refused(gpx(*bad)) is TrackTrouble.UNSOUND


def test_times_without_a_zone_are_utc_and_counted() -> None:
    track, found = read_track(gpx(trkpt(50.1, 14.4, T + "0"), TWO))
    assert seen(track) == WAY
    assert found.zoneless == 1


def test_an_error_is_kept_where_metres_are_stated_and_hdop_is_none() -> None:
    stated = trkpt(
        50.1, 14.4, T + "0Z", "<hdop>1.2</hdop><extensions><a:accuracy xmlns:a='x'>7.5</a:accuracy></extensions>"
    )
    guessed = trkpt(50.2, 14.5, T + "5Z", "<hdop>1.2</hdop>")
    ((one, two),) = read_track(gpx(stated, guessed))[0].lines
    assert one.error == 7.5
    assert math.isnan(two.error)


def test_a_plan_is_no_track() -> None:
    route = (
        '<gpx><rte><rtept lat="50" lon="14"/></rte><wpt lat="1" lon="2"><time>2018-06-18T12:00:00Z</time></wpt></gpx>'
    )
    assert refused(route.encode()) is TrackTrouble.NO_TIMES
    assert refused(b"<gpx/>") is TrackTrouble.NO_POINTS


BOMB = "".join(f'<!ENTITY a{each} "{f"&a{each - 1};" * 10}">' for each in range(1, 12))


@pytest.mark.parametrize(
    "before",
    [
        f'<!DOCTYPE gpx [<!ENTITY a0 "ha">{BOMB}]>',
        '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE gpx SYSTEM "http://192.0.2.1/evil.dtd">',
        '<!DOCTYPE gpx [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
)
@pytest.mark.parametrize("name", ["&a11;", "&x;", "plain"])
def test_entities_are_neither_expanded_nor_fetched(before: str, name: str) -> None:
    data = before + gpx(f"<name>{name}</name>", ONE, TWO).decode()
    assert refused(data.encode()) in (TrackTrouble.OWN_WORDS, TrackTrouble.DAMAGED)


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", TrackTrouble.EMPTY),
        (b" \n\t ", TrackTrouble.EMPTY),
        (b"\0" * 500, TrackTrouble.EMPTY),
        (b"PK\x03\x04rest", TrackTrouble.PACKED),
        (b"$GPRMC,123519,A,4807.038,N", TrackTrouble.OTHER_KIND),
        (b"<TrainingCenterDatabase xmlns='x'/>", TrackTrouble.OTHER_KIND),
        (b"lat,lon\n50,14", TrackTrouble.NOT_A_TRACK),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", TrackTrouble.NOT_A_TRACK),
        (b"<svg/>", TrackTrouble.NOT_A_TRACK),
        (b"[1, 2]", TrackTrouble.NOT_A_TRACK),
        (b'{"type": "Topology"}', TrackTrouble.NOT_A_TRACK),
        (b"<", TrackTrouble.DAMAGED),
        (b"<!-- nothing -->", TrackTrouble.DAMAGED),
        (b"{", TrackTrouble.DAMAGED),
        (b"{" * 100_000, TrackTrouble.DAMAGED),
        (b'{"a":' * 100_000, TrackTrouble.DAMAGED),
        (b"<gpx>" + b"<a>" * 100_000, TrackTrouble.DAMAGED),
        (gpx(ONE, TWO)[:-20], TrackTrouble.DAMAGED),
        (gpx(ONE).replace(b"</time>", b"</tim>"), TrackTrouble.DAMAGED),
        (b'<?xml version="1.0" encoding="no-such"?>' + gpx(ONE), TrackTrouble.DAMAGED),
    ],
)
def test_what_is_no_track_is_refused_with_its_reason(data: bytes, trouble: TrackTrouble) -> None:
    assert refused(data) is trouble


def test_more_points_than_a_day_has_are_refused() -> None:
    assert refused(gpx(*[ONE] * (MOST_POINTS + 1))) is TrackTrouble.TOO_MANY_POINTS


WHENS = f"<when>{T}0Z</when><when>{T}5Z</when>"
COORDS = "<gx:coord>14.4 50.1 200</gx:coord><gx:coord>14.5 50.2</gx:coord>"


@pytest.mark.parametrize(
    "inside",
    [
        f"<Placemark><gx:Track>{WHENS}{COORDS}</gx:Track></Placemark>",
        "<Folder><Placemark><gx:MultiTrack>"
        f"<gx:Track><when>{T}0Z</when><gx:coord>14.4 50.1 0</gx:coord></gx:Track>"
        f"<gx:Track><when>{T}5Z</when><gx:coord>14.5 50.2 0</gx:coord></gx:Track>"
        "</gx:MultiTrack></Placemark></Folder>",
        f"<Placemark><TimeStamp><when>{T}0Z</when></TimeStamp><Style/>"
        "<Point><coordinates>14.4,50.1,0</coordinates></Point></Placemark>"
        "<Placemark><Point><coordinates> 14.5,50.2 </coordinates></Point>"
        f"<TimeStamp><when>{T}5Z</when></TimeStamp></Placemark>",
    ],
)
def test_a_kml_with_times_is_read(inside: str) -> None:
    assert seen(read_track(KML.format(inside).encode())[0]) == WAY


def test_a_line_of_a_kml_says_where_and_not_when() -> None:
    line = "<Placemark><LineString><coordinates>14.4,50.1 14.5,50.2</coordinates></LineString></Placemark>"
    trouble = refused(KML.format(line).encode())
    assert trouble is TrackTrouble.NO_TIMES
    assert "places without times" in trouble.sentence


def test_as_many_times_as_places_or_nothing() -> None:
    assert (
        refused(KML.format(f"<gx:Track>{WHENS}<gx:coord>1 2</gx:coord></gx:Track>").encode()) is TrackTrouble.UNEQUAL
    )
    assert refused(line(["2018-06-18T12:00:00Z"])) is TrackTrouble.UNEQUAL


PLACES = [[14.4, 50.1, 200.0], [14.5, 50.2]]
TIMES: list[Any] = [T + "0Z", T + "5Z"]
SECONDS = [int(datetime.fromisoformat(each).timestamp()) for each in TIMES]


def feature(shape: str, coordinates: object, said: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": shape, "coordinates": coordinates}, "properties": said}


def line(times: object, key: str = "coordTimes") -> bytes:
    return json.dumps(feature("LineString", PLACES, {key: times})).encode()


@pytest.mark.parametrize(
    "whole",
    [
        feature("LineString", PLACES, {"coordTimes": TIMES}),
        feature("LineString", PLACES, {"coordinateProperties": {"times": TIMES}}),
        feature("LineString", PLACES, {"times": SECONDS}),
        feature("LineString", PLACES, {"timestamps": [1000 * each for each in SECONDS]}),
        feature("MultiPoint", PLACES, {"time": [float(each) for each in SECONDS]}),
        feature("MultiLineString", [[each] for each in PLACES], {"coordTimes": [[each] for each in TIMES]}),
        feature("MultiLineString", [[each] for each in PLACES], {"coordinateProperties": {"times": TIMES}}),
        {
            "type": "FeatureCollection",
            "features": [
                feature("Point", PLACES[1], {"timestamp": SECONDS[1]}),
                feature("Polygon", [], {}),
                feature("Point", PLACES[0], {"time": TIMES[0]}),
            ],
        },
    ],
)
def test_a_geojson_is_read_in_its_usual_forms(whole: dict[str, Any]) -> None:
    assert seen(read_track(json.dumps(whole).encode())[0]) == WAY


def test_a_line_of_a_geojson_without_times_says_so() -> None:
    bare = {"type": "LineString", "coordinates": PLACES}
    assert refused(json.dumps(bare).encode()) is TrackTrouble.NO_TIMES
    assert refused(json.dumps(feature("LineString", PLACES, None)).encode()) is TrackTrouble.NO_TIMES


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "1e999", "true", "null", '"fifty"', "[]", "{}", "9" * 5000])
def test_no_number_of_a_geojson_fails(odd: str) -> None:
    line = f'"coordinates":[[{odd},50],[14,{odd}],{odd}],"properties":{{"times":[{odd},{odd},0]}}'
    data = f'{{"type":"LineString",{line}}}'
    refused(data.encode())
    point = f'{{"type":"Feature","geometry":{{"type":"Point","coordinates":[14,50]}},"properties":{{"time":{odd}}}}}'
    refused(point.encode())


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "features", "geometry", "coordinates", "properties", "coordTimes", "time"]),
                inner | st.sampled_from(["Feature", "FeatureCollection", "LineString", "MultiLineString", "Point"]),
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_json_it_is_read_or_refused(whole: object) -> None:
    try:
        read_track(json.dumps(whole).encode())
    except NoTrack as error:
        assert error.trouble.sentence


@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 40))
def test_whatever_is_broken_in_a_gpx_it_is_read_or_refused(junk: bytes, where: int, gone: int) -> None:
    data = gpx(ONE, TWO)
    try:
        read_track(data[:where] + junk + data[where + gone :])
    except NoTrack as error:
        assert error.trouble.sentence


def test_the_shared_files_are_read(corpus: Path) -> None:
    quirks = corpus / "gpx_quirks"
    backwards, _ = read_track((quirks / "gpx10_latin1_backwards_in_time.gpx").read_bytes())
    assert (len(backwards), backwards.starts.isoformat()) == (9, "2003-05-24T17:09:04+00:00")
    google, _ = read_track((quirks / "track.kml").read_bytes())
    assert seen(google)[0][0] == ("2013-11-13T09:03:34.245000+00:00", 34.166232, -106.026069)


@pytest.fixture(scope="module")
def reader() -> Any:
    with Reader(limits=Limits(seconds=5)) as made:
        yield made


def test_the_child_reads_a_track(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "way.gpx").write_bytes(gpx(ONE, TWO))
    track, found = reader.track(tmp_path / "way.gpx")
    assert (seen(track), found.points) == (WAY, 2)


def test_the_child_refuses_and_goes_on(reader: Reader, tmp_path: Path) -> None:
    with (tmp_path / "large.gpx").open("wb") as file:
        file.truncate(200_000_000)
    (tmp_path / "wide.gpx").write_bytes(b"<gpx><a>" + b"x" * 29_000_000 + b"</a></gpx>")
    (tmp_path / "deep.json").write_bytes(b"[" * 20_000_000)
    (tmp_path / "notes.txt").write_bytes(b"not a track")
    for name, troubles in (
        ("large.gpx", {TrackTrouble.TOO_LARGE}),
        ("wide.gpx", {TrackTrouble.DAMAGED, TrackTrouble.NO_POINTS}),
        ("deep.json", {TrackTrouble.DAMAGED, TrackTrouble.NOT_A_TRACK}),
        ("notes.txt", {TrackTrouble.NOT_A_TRACK}),
    ):
        with pytest.raises(CannotRead) as caught:
            reader.track(tmp_path / name)
        assert caught.value.trouble in troubles
    (tmp_path / "way.gpx").write_bytes(gpx(ONE))
    assert len(reader.track(tmp_path / "way.gpx")[0]) == 1


def test_a_track_that_needs_too_much_is_refused(tmp_path: Path) -> None:
    many = "[14,50]," * 2_000_000
    (tmp_path / "much.json").write_text(f'{{"type":"LineString","coordinates":[{many}[1,2]]}}')
    with Reader(limits=Limits(memory=300_000_000)) as small, pytest.raises(CannotRead) as caught:
        small.track(tmp_path / "much.json")
    assert caught.value.trouble in (TrackTrouble.TOO_MUCH_MEMORY, TrackTrouble.DAMAGED)
