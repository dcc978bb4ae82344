"""A phone from one need to the next: what waits, what was refused, no room, an older app, lent, lost.

`python -m tests.journeys.needs FOLDER` takes pictures of them all, in the languages that are hardest on a layout.
"""

import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.conftest import PHONE, Site, _served
from tests.journeys.phone import STORED
from tests.journeys.take_pictures import App
from tests.journeys.test_phone import jpeg
from tests.journeys.test_phone_access import TONGUES, picture
from tests.makers import MadeWalk, make_walk
from webapp import create_app
from webapp.bench.phone import QUIET, find_browser
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


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Site, MadeWalk]]:
    """A server with one walk, in every language."""
    variables = {"POHLED_HOME": str(folder / "home"), "POHLED_LANGUAGES": ",".join(TONGUES)}
    app = create_app(Settings.read(variables))
    with app.app_context():
        walk = make_walk(WALK)
    with _served(variables, folder / "server.log") as url:
        yield Site(url, app), walk


class Needs:
    """One phone, from one need to the next."""

    def __init__(self, page: Page, site: Site, walk: MadeWalk, language: str) -> None:
        self.page, self.site, self.walk = page, site, walk
        self.app = App(page, site.url, WALK, language)

    def waiting(self) -> None:
        """Without a signal: an answer and a photo."""
        self.wanted(True)
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
        self.page.evaluate(NO_ROOM)
        self.app.show("photos")
        self.page.locator("[data-part=chosenfiles]").set_input_files([jpeg(1)])
        expect(self.page.get_by_role("alert")).to_be_visible()

    def older(self) -> None:
        """The project has changed its pages since."""
        self.wanted(False)
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
        self.app.answer(1, *self.app.cards()[0], 2)
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


STEPS: list[tuple[str, Callable[[Needs], None]]] = [
    ("tray", Needs.waiting),
    ("refused", Needs.refused),
    ("full", Needs.full),
    ("older", Needs.older),
    ("lent", Needs.lent),
    ("shut-out", Needs.shut_out),
    ("recover", Needs.recover),
]


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as (site, walk), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        for language in ("cs", "ar-XB", "en-XA"):
            for size in (PHONE, {"width": 1280, "height": 800}):
                for scheme in ("light", "dark"):
                    needs = Needs(open_page(browser, size, scheme), site, walk, language)
                    for name, step in STEPS:
                        step(needs)
                        needs.page.wait_for_timeout(300)
                        needs.page.screenshot(path=folder / f"{name}-{language}-{scheme}-{size['width']}.png")
                    needs.page.context.close()


if __name__ == "__main__":
    main()
