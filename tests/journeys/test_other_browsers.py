"""The app without a signal in Firefox and WebKitGTK, where they are: what was saved survives a kill, and arrives."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

from tests.journeys.conftest import Ground, Site
from tests.journeys.other_browsers import PREFERENCES, Driven, Firefox, WebKit
from tests.journeys.phone import STORED, Line
from tests.journeys.test_phone import CZECH, Known, jpeg, rename_first_stop, sha

GTK = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')"
READY = r"/Ready offline: (\d+) of \1/.test(document.querySelector('[data-part=ready]').textContent)"
SEEN = "document.querySelector(arguments[0])?.checkVisibility()"


@pytest.fixture
def line(site: Site) -> Iterator[Line]:
    with Line(int(site.url.rpartition(":")[2])) as line:
        yield line


@pytest.fixture(params=["firefox", "webkit"])
def driven(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Driven]:
    opens = {"firefox": firefox, "webkit": webkit}[request.param]
    with opens(tmp_path / "profile") as browser:
        yield browser.start()


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    found = os.environ.get("POHLED_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not found:
        pytest.skip("There is no Firefox here: install firefox-esr, or name one in POHLED_FIREFOX.")
    with Firefox(Path(found), profile) as browser:
        yield browser


@contextmanager
def webkit(profile: Path) -> Iterator[WebKit]:
    found = os.environ.get("POHLED_WEBKIT_DRIVER") or shutil.which("WebKitWebDriver")
    python = Path("/usr/bin/python3")
    if not found:
        pytest.skip("There is no WebKitGTK here: install webkit2gtk-driver, or name it in POHLED_WEBKIT_DRIVER.")
    if not python.exists() or subprocess.run([python, "-c", GTK], capture_output=True).returncode:
        pytest.skip("There is no window for WebKitGTK here: install python3-gi and gir1.2-webkit2-4.1.")
    with screen() as display, WebKit(Path(found), profile, python, display) as browser:
        yield browser


@contextmanager
def screen() -> Iterator[str]:
    """A screen that nobody sees; by its name."""
    if not shutil.which("Xvfb"):
        pytest.skip("There is no screen for WebKitGTK: install xvfb.")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "400x800x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as process:
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                yield f":{told.readline().strip()}"
        finally:
            process.kill()


@dataclass(frozen=True)
class Kept:
    """What must be the same after a kill: everything but how often sending was tried."""

    drafts: dict[str, Any]
    items: dict[str, str]
    parts: dict[str, str]
    data: set[str]

    @classmethod
    def on(cls, browser: Driven) -> Self:
        return cls(
            stored(browser, "drafts"),
            {id: row["body"] for id, row in stored(browser, "items").items()},
            {row["part"]: row["sha256"] for row in stored(browser, "bytes").values()},
            set(stored(browser, "data")),
        )


def stored(browser: Driven, shelf: str) -> dict[str, Any]:
    return dict(browser.run(f"return ({STORED})(arguments[0])", shelf))


def sees(browser: Driven, css: str) -> None:
    browser.until(SEEN, css)


def views(browser: Driven, name: str) -> None:
    browser.until("document.body.dataset.shown === arguments[0]", name)


def is_ready(browser: Driven) -> None:
    browser.until("document.body.dataset.ready === 'yes'")


def go_to(browser: Driven, hash: str) -> None:
    browser.run("location.hash = arguments[0]", hash)


def pick(browser: Driven, field: str, within: str = "") -> None:
    """Taps the label that a field lies in."""
    browser.click(f"{within} label:has({field})")


def join(browser: Driven, address: str, code: str) -> None:
    browser.open(f"{address}/j/{code}")
    browser.until("document.querySelector('form[data-module=cover]').dataset.state === 'started'")
    pick(browser, "input[name=perspective][value=ngo]")
    browser.click("button[form=take-part]")
    is_ready(browser)
    views(browser, "agree")
    choices = "[...document.querySelectorAll('section[data-view=agree] [data-purpose]')]"
    for purpose in browser.run(f"return {choices}.map((each) => each.dataset.purpose)"):
        pick(browser, "input[value=yes]", f"section[data-view=agree] [data-purpose={purpose}]")
    browser.click("[data-do=join]")
    views(browser, "code")
    browser.click("[data-foot=code] a")
    views(browser, "home")
    browser.until(READY)


def write(browser: Driven, question: str, words: str) -> None:
    card = f'form[data-question="{question}"]'
    sees(browser, card)
    browser.type(f"{card} textarea[name='{question}']", words)
    browser.until("document.querySelector(arguments[0]).dataset.saved === 'yes'", card)


def speak(browser: Driven) -> None:
    button, says = "[data-view=photo] [data-do=speak]", "[data-view=photo] [data-part=voice-says]"
    browser.click(button)
    browser.until("document.querySelector(arguments[0]).innerText.includes('Stop: 2 s')", button)
    browser.click(button)
    browser.until("document.querySelector(arguments[0]).textContent === 'Saved on this phone'", says)


def everything_received(browser: Driven) -> None:
    go_to(browser, "#tray")
    views(browser, "tray")
    pick(browser, "input[name=originals][value=always]")
    browser.click("[data-part=send]")
    browser.until(
        "document.querySelector('[data-part=sum]').textContent === 'Everything has been received'",
        seconds=60,
    )


def add_photo(browser: Driven, file: Path) -> None:
    go_to(browser, "#photos")
    views(browser, "photos")
    browser.type("[data-part=chosenfiles]", str(file))
    views(browser, "photo")


def test_what_was_saved_without_a_signal_survives_a_kill_and_arrives(
    driven: Driven, site: Site, ground: Ground, line: Line, tmp_path: Path
) -> None:
    address = f"http://127.0.0.1:{line.port}"
    picture = jpeg(1)
    (tmp_path / "photo.jpg").write_bytes(picture["buffer"])
    known = Known(site, ground.walk)
    join(driven, address, ground.walk.code)

    line.cut()
    driven.click('a.stop[href="#stop/1"]')
    sees(driven, 'form[data-question="b.1"]')
    pick(driven, 'input[name="b.1"][value="4"]')
    write(driven, "b.2", CZECH)
    add_photo(driven, tmp_path / "photo.jpg")
    driven.type("#photo-caption", CZECH)
    speak(driven)
    [photo] = [id for id, row in stored(driven, "drafts").items() if row["kind"] == "photo"]
    [here] = [each for each in stored(driven, "settings") if each.startswith("at:")]
    assert stored(driven, "settings")[here]["hash"] == f"#photo/{photo}"
    before = Kept.on(driven)
    assert before.drafts[photo]["body"]["caption"] == {"en": CZECH}
    assert set(before.parts) == {"preview", "original", "sound"}
    assert set(before.parts.values()) == before.data
    driven.kill()

    driven.start().open(f"{address}/start/en")
    is_ready(driven)
    assert driven.run("return location.hash") == f"#photo/{photo}"
    assert driven.run("return document.querySelector('#photo-caption').value") == CZECH
    assert Kept.on(driven) == before
    go_to(driven, "#ask/1/b.1")
    sees(driven, 'form[data-question="b.1"]')
    assert driven.run("return document.querySelector('input[name=\"b.1\"]:checked').value") == "4"
    go_to(driven, "#ask/1/b.2")
    sees(driven, 'form[data-question="b.2"]')
    assert driven.run("return document.querySelector('textarea[name=\"b.2\"]').value") == CZECH
    assert known.answers() == [] and known.photos() == []

    line.mend()
    everything_received(driven)
    assert {row["state"] for row in stored(driven, "items").values()} == {"received"}
    assert set(stored(driven, "data")) == {before.parts["sound"]}  # whoever said it may hear it again
    [answer] = known.answers()
    assert {key: answer[key] for key in ("stop", "b.1", "b.2")} == {"stop": 1, "b.1": 4, "b.2": CZECH}
    [row] = known.photos()
    assert row.caption == {"en": CZECH} and row.original == sha(picture["buffer"])
    assert known.has(picture["buffer"])
    with site.app.app_context():
        has = {part.name: part.sha256 for part in row.parts}
    assert has == before.parts


def test_a_newer_version_waits_for_the_person(driven: Driven, site: Site, ground: Ground, line: Line) -> None:
    name = "document.querySelector('.stops b').textContent === arguments[0]"
    waits = "!document.querySelector('[data-part=newer]').hidden"
    join(driven, f"http://127.0.0.1:{line.port}", ground.walk.code)
    rename_first_stop(site, ground.walk, "The new square")
    for _ in range(2):
        driven.reload()
        is_ready(driven)
        driven.until(name, "The square")
        driven.until(waits)
    driven.click("[data-do=renew]")
    driven.until(name, "The new square")
    is_ready(driven)
    line.cut()
    driven.reload()
    is_ready(driven)
    driven.until(name, "The new square")


def test_a_firefox_that_does_not_want_to_be_recognised_sends_no_stripes(
    tmp_path: Path, site: Site, ground: Ground, line: Line
) -> None:
    picture = jpeg(1)
    (tmp_path / "photo.jpg").write_bytes(picture["buffer"])
    with firefox(tmp_path / "profile") as browser:
        browser.preferences = {**PREFERENCES, "privacy.resistFingerprinting": True}
        join(browser.start(), f"http://127.0.0.1:{line.port}", ground.walk.code)
        add_photo(browser, tmp_path / "photo.jpg")
        assert set(Kept.on(browser).parts) == {"original"}
        everything_received(browser)
    assert Known(site, ground.walk).has(picture["buffer"])
