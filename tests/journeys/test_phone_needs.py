"""When a phone needs its owner: what waits, what was refused, no room, an older app, a phone lent, lost, shut out.

Each is drawn, looked at by axe in light and dark and on narrow screens, reached by the keyboard, and read in the
tree that a screen reader gets. `SHOTS=folder` keeps pictures of them.
"""

import os
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PHONE, Site, _served
from tests.journeys.phone import STORED
from tests.journeys.take_pictures import App
from tests.journeys.test_access import tab_to
from tests.journeys.test_phone import jpeg
from tests.journeys.test_phone_access import TONGUES, Look, heading, picture
from tests.makers import MadeWalk, make_walk
from webapp import create_app
from webapp.config import Settings
from webapp.database import transaction
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.walk import changes as walk_changes
from webapp.walk import queries as walk_queries
from webapp.walk.changes import NewStop, WalkDetails

WALK = "NEEDSYOU"
NO_ROOM = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...row) {
    if (this.name === 'data') throw new DOMException('no', 'QuotaExceededError');
    return put.apply(this, row);
  };
}"""


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, MadeWalk]]:
    variables = {"POHLED_HOME": str(tmp_path_factory.mktemp("home")), "POHLED_LANGUAGES": ",".join(TONGUES)}
    app = create_app(Settings.read(variables))
    with app.app_context():
        walk = make_walk(WALK)
    with _served(variables, tmp_path_factory.mktemp("log") / "server.log") as url:
        yield Site(url, app), walk


class Needs:
    """One phone, from one need to the next."""

    def __init__(self, page: Page, site: Site, walk: MadeWalk, language: str) -> None:
        self.page, self.site, self.walk = page, site, walk
        self.app = App(page, site.url, WALK, language)

    def waiting(self) -> None:
        """Without a signal: an answer and a photo."""
        self.app.open_cover()
        self.app.begin()
        self.app.join()
        self.app.show("home")
        self.page.locator("[data-part=ready].got").wait_for()
        self.app.offline = True
        self.app.answer(1, *self.app.cards()[0])
        self.photo()
        self.app.show("tray")
        expect(self.page.locator("[data-part=items] li")).to_have_count(2)

    def photo(self) -> None:
        self.app.show(f"ask/1/{self.app.cards()[0][0]}")
        self.app.add_photo(picture(1))
        self.page.locator("#photo-caption").fill("A bench")
        self.page.locator("[data-view=photo] [data-do=next]").click()
        self.page.locator("input[name=photo-people]").first.check()
        self.page.locator("[data-view=photo] [data-do=done]").click()
        self.app.until("() => document.body.dataset.shown === 'ask'")

    def refused(self) -> None:
        """The organisers no longer want photos at this stop, and say so to a phone that did not know."""
        self.wanted(False)
        self.app.offline = False
        self.page.locator("[data-part=send]").click()
        expect(self.page.locator("[data-part=items] li")).to_have_count(1)
        expect(self.page.locator("[data-part=items] button")).to_be_visible()

    def wanted(self, photos: bool) -> None:
        with self.site.app.app_context(), transaction():
            walk = walk_queries.walk(self.walk.walk_id)
            walk_changes.edit_walk(
                walk,
                WalkDetails(walk.title, walk.district, walk.meeting_point, walk.starts, walk.minutes),
                [(each.id, NewStop(each.name, each.lat, each.lon, None, photos)) for each in walk.stops],
            )

    def full(self) -> None:
        """The browser gives no more room (`test_phone_faults.py` takes it away in earnest)."""
        self.wanted(True)
        self.page.evaluate(NO_ROOM)
        self.app.show("photos")
        self.page.locator("[data-part=chosenfiles]").set_input_files([jpeg(1)])
        expect(self.page.get_by_role("alert")).to_be_visible()

    def older(self) -> None:
        """The project has changed its pages since."""
        self.page.reload()
        self.app.until("() => document.body.dataset.ready === 'yes'")
        self.app.show("home")
        expect(self.page.locator("[data-part=newer]")).to_be_visible()

    def lent(self) -> None:
        """A second person, beside the first one."""
        self.app.show("me")
        self.page.locator("[data-part=people] a").click()
        self.app.join()
        self.app.show("me")
        expect(self.page.locator("[data-part=whom] button")).to_have_count(2)

    def shut_out(self) -> None:
        """The phone was said to be lost, and its owner got a new code."""
        [person] = [row for _, row in self.page.evaluate(STORED, "people") if self.is_current(row["id"])]
        with self.site.app.app_context(), transaction():
            found = people_queries.participant(uuid.UUID(person["id"]))
            assert found
            self.code = people_changes.shut_out(found, person["device"])
        self.app.answer(1, *self.app.cards()[0])
        self.app.show("tray")
        expect(self.page.locator("[data-part=shut]")).to_be_visible()

    def is_current(self, person: str) -> bool:
        return ("current", person) in [tuple(each) for each in self.page.evaluate(STORED, "settings")]

    def recover(self) -> None:
        """Where the code is given."""
        self.page.locator("[data-part=shut] a").click()
        self.page.locator("body[data-module=recover][data-state=started]").wait_for()


def open_page(browser: Browser, size: Any = PHONE, scheme: Any = "light") -> Page:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    return context.new_page()


def test_each_need_is_drawn_said_and_reached_by_the_keyboard(browser: Browser, ground: tuple[Site, MadeWalk]) -> None:
    page = open_page(browser)
    needs, look = Needs(page, *ground, "en"), Look(page)

    def reads(*said: str) -> None:
        tree = page.locator("body").aria_snapshot()
        for each in said:
            assert re.search(each, tree), f"a screen reader does not hear “{each}”:\n{tree}"

    needs.waiting()
    look("tray, waiting")
    reads(r'status:\n\s+- link ".*2 on this phone.*received', r'heading "2 things wait on this phone" \[level=1\]')
    reads("paragraph: A bench", "paragraph: Answers to a checklist", 'button "Send everything now')
    tab_to(page, "[data-part=send]")

    needs.refused()
    look("tray, refused")
    reads("1 needs you", "paragraph: A bench", 'paragraph: "No photos at this stop', 'button "Try again"')
    tab_to(page, "[data-part=items] button, [data-part=items] a")

    needs.full()
    look("no room")
    reads(r"alert:\s+- paragraph: There is no more room for pictures")
    page.keyboard.press("Escape")

    needs.older()
    look("an older app")
    reads("There is a newer version of these pages", 'button "Use it now"')
    tab_to(page, "[data-do=renew]")

    needs.lent()
    look("lent")
    reads('heading "Who is using this phone\\?"', 'button "Who joined on', 'button "Now: who joined on', "Lend this phone to somebody else")
    tab_to(page, "[data-part=whom] button:not([aria-current])")
    page.keyboard.press("Enter")
    heading(page, "home")

    needs.shut_out()
    look("shut out")
    reads("This phone has been shut out", 'link "I have a recovery code"')
    tab_to(page, "[data-part=shut] a")

    needs.recover()
    look("a recovery code")
    reads('textbox "Recovery code"', 'button "Continue"')
    tab_to(page, "#recovery")
    assert needs.code
    page.keyboard.type(needs.code)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    needs.app.until("() => document.body.dataset.ready === 'yes'")
    needs.app.show("tray")
    expect(page.locator("[data-part=shut]")).to_be_hidden()
    page.context.close()
    assert not look.wrong, "\n".join(dict.fromkeys(look.wrong))


STEPS: list[tuple[str, Callable[[Needs], None]]] = [
    ("tray", Needs.waiting),
    ("refused", Needs.refused),
    ("full", Needs.full),
    ("older", Needs.older),
    ("lent", Needs.lent),
    ("shut-out", Needs.shut_out),
    ("recover", Needs.recover),
]


@pytest.mark.skipif("SHOTS" not in os.environ, reason="pictures of each need are taken with SHOTS=folder")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["cs", "ar-XB", "en-XA"])
@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["360", "1280"])
def test_pictures(
    browser: Browser, ground: tuple[Site, MadeWalk], scheme: str, language: str, size: dict[str, int]
) -> None:
    folder = Path(os.environ["SHOTS"])
    page = open_page(browser, size, scheme)
    needs = Needs(page, *ground, language)
    for name, step in STEPS:
        step(needs)
        page.wait_for_timeout(300)
        page.screenshot(path=folder / f"{name}-{language}-{scheme}-{size['width']}.png")
    page.context.close()
