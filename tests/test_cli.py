"""The commands: what they print, and how they end."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.client import Visitor
from tests.makers import MadeWalk, log_in
from tests.makers_photo import gps_block, turned
from webapp.cli import main, pohled
from webapp.config import Settings

KEYS = ["file", "ok", "type", "width", "height", "orientation", "camera", "sha256", "taken", "place", "reason"]


def run(*args: str, given: str | None = None) -> Result:
    return CliRunner().invoke(pohled, args, input=given)


@pytest.fixture(autouse=True)
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POHLED_HOME", str(settings.home))


def test_inspect_prints_one_json_line_a_file_and_nothing_else(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jpg", tmp_path / "příliš žluťoučký.txt"
    good.write_bytes(turned(6))
    bad.write_text("no picture")
    done = run("photo", "inspect", "--json", str(good), str(bad))
    assert done.exit_code == 0
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(first) == sorted(second) == sorted(KEYS)
    assert first["ok"] and first["file"] == str(good)
    assert (first["width"], first["height"], first["orientation"]) == (640, 480, 6)
    assert not second["ok"] and second["file"] == str(bad) and "not a picture" in second["reason"]
    assert not done.stderr


def test_inspect_in_words(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(turned(1))
    assert run("photo", "inspect", str(file)).stdout.strip() == f"{file}: 640 x 480, no time, no place"


WAY = """<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="50.1" lon="14.4"><time>2018-06-18T12:00:00Z</time></trkpt><trkpt lat="50.2" lon="14.5"/>
<trkpt lat="50.1001" lon="14.4002"><time>2018-06-18T12:01:40Z</time></trkpt></trkseg></trk></gpx>"""


def test_inspect_places_by_a_track_with_the_clock_put_right(tmp_path: Path) -> None:
    way, plain, by_gps, before, late = (tmp_path / name for name in ("way.gpx", "a.jpg", "b.jpg", "c.jpg", "d.jpg"))
    way.write_text(WAY)
    plain.write_bytes(turned(1, DateTimeOriginal="2018:06:18 14:02:22"))
    by_gps.write_bytes(turned(1, gps=gps_block(), DateTimeOriginal="2018:06:18 14:02:22"))
    before.write_bytes(turned(1, DateTimeOriginal="2018:06:18 14:01:31"))
    late.write_bytes(turned(1, DateTimeOriginal="2018:06:18 14:04:13"))
    files = [str(file) for file in (plain, by_gps, before, late)]
    given = ["--track", str(way), "--clock-offset", "-92", "--zone", "Europe/Prague"]
    done = run("photo", "inspect", "--json", *given, *files)
    assert done.exit_code == 0
    inside, camera, edge, outside = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(inside) == sorted(KEYS)
    assert inside["place"] == {"lat": 50.10005, "lon": 14.4001, "accuracy": None, "source": "track", "gap": 50.0}
    told = {"local": "2018-06-18T14:02:22", "offset": None, "utc": "2018-06-18T12:00:50Z", "source": "original"}
    assert inside["taken"] == told
    assert camera["place"]["source"] == "camera"
    assert (edge["place"]["lat"], edge["place"]["gap"]) == (50.1, 1.0)
    assert outside["place"] is None
    assert "1 places have no time" in done.stderr
    words = run("photo", "inspect", *given, str(plain)).stdout
    assert "50.100050, 14.400100 (track), 50.0 s from the track's nearest point" in words


@pytest.mark.parametrize("said", ["nan", "inf", "soon", "1e12"])
def test_no_clock_is_wrong_by_that(said: str) -> None:
    assert run("photo", "inspect", "--clock-offset", said, __file__).exit_code == 2


def test_a_track_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "line.json").write_text('{"type": "LineString", "coordinates": [[14.4, 50.1]]}')
    done = run("photo", "inspect", "--track", str(tmp_path / "line.json"), __file__)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "places without times" in done.stderr


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["photo", "inspect", "--json", "not-there.jpg"], 1),
        (["photo", "inspect", "--track", "not-there.gpx", __file__], 1),
        (["photo", "inspect", "--zone", "Mars/Olympus", "x.jpg"], 2),
        (["photo", "inspect"], 2),
        (["serve", "--tls-cert", __file__], 2),
        (["organiser", "add", "nobody"], 1),
        (["organiser", "add", "a@b.cz", "--role", "owner"], 2),
        (["organiser", "add", "a@b.cz", "--role", "king", "--project", "x"], 1),
        (["test"], 1),
        (["nonsense"], 2),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(args: list[str], status: int) -> None:
    done = run(*args)
    assert done.exit_code == status
    assert not done.stdout
    assert done.stderr.strip().endswith((".", "'.", "?"))
    assert "Traceback" not in done.stderr


def test_an_organiser_added_with_a_role_can_log_in(walk: MadeWalk, visitor: Visitor) -> None:
    done = run(
        *["organiser", "add", "New@Example.org", "--project", str(walk.project_id), "--role", "viewer"],
        *["--password-stdin"],
        given="a long password\n",
    )
    assert done.exit_code == 0, done.stderr
    log_in(visitor, "new@example.org", "a long password")
    assert "A short walk" in visitor.get("/desk").text


def test_a_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("POHLED_MAX_BYTES", "much")
    monkeypatch.setattr("sys.argv", ["pohled", "serve"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == "POHLED_MAX_BYTES takes a whole number above 0, not “much”.\n"
