"""The commands: what they print, and how they end."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.client import Visitor
from tests.makers import MadeWalk, log_in
from tests.makers_photo import turned
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


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["photo", "inspect", "--json", "not-there.jpg"], 1),
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
