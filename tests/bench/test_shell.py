"""The measurement of the phone's app itself, small, in a real browser. How fast a machine is, is no test."""

import json
import re
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner
from PIL import Image

from webapp.bench import CannotMeasure
from webapp.bench.lighthouse import NO_LIGHTHOUSE, scores
from webapp.bench.phone import NO_BROWSER, NO_PLAYWRIGHT
from webapp.bench.shell import Camera, Plan, measure
from webapp.cli import pohled

SMALL = Plan(stops=2, answers=2, answer_slow=1, photos=1, photo_slow=1, pixels=(800, 600), many=2)
T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """Runs it in a thread of its own: the journeys may hold Playwright's loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work).result()


def test_what_is_fetched_saved_and_kept_is_measured() -> None:
    said = list[str]()
    figures = [json.loads(figure.as_json()) for figure in apart(lambda: list(measure(SMALL, said.append)))]
    assert [figure["unit"] for figure in figures] == ["kB", "kB", "ms", "ms", "MB"]
    cover, total, saved, kept, grown = (figure["pohled"] for figure in figures)
    assert 0 < cover < total
    assert saved > 0
    assert kept > 0
    assert grown >= 0
    assert all(figure["must_be"] == "<=" for figure in figures)
    every_file_that_came_is_listed_once(said)


def every_file_that_came_is_listed_once(said: list[str]) -> None:
    came = [line.split()[2] for line in said if re.match(r" *[1-9]\d* +\d+  /", line)]
    for part in (
        r"/j/\w+\?language=cs",
        r"/w/\w+/cs\?perspective=\w+",
        r"/words/cs.json\?v=\w+",
        r"/static/dist/app-.+\.js",
        "/sw.js",
    ):
        assert len([each for each in came if re.fullmatch(part, each)]) == 1, part


def test_its_photos_differ_and_are_like_a_cameras(tmp_path: Path) -> None:
    camera = Camera(tmp_path, (400, 300))
    first, second = camera.shoot(), camera.shoot()
    assert first.read_bytes() != second.read_bytes()
    with Image.open(first) as picture:
        assert picture.size == (400, 300)
        assert picture.getexif()[274] == 6
        assert picture.getexif().get_ifd(0x8769)[0x9003] == "2018:06:18 10:00:00"


def test_without_playwright_it_says_in_one_sentence_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    result = CliRunner().invoke(pohled, ["bench", "shell", "--json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert NO_PLAYWRIGHT in result.stderr


def test_without_a_browser_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    result = CliRunner().invoke(pohled, ["bench", "shell"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert NO_BROWSER in result.stderr


@pytest.mark.soak
def test_lighthouse_scores_the_front_page() -> None:
    try:
        found = json.loads(apart(lambda: next(iter(scores(SMALL, 1, lambda _: None)))).as_json())
    except CannotMeasure as error:
        assert str(error) == NO_LIGHTHOUSE
        pytest.skip(NO_LIGHTHOUSE)
    assert found["what"] == "Lighthouse, front page: performance"
    assert found["pohled"] > 0
