"""Takes the pictures of the organisers' pages for docs/pictures: `python -m tests.journeys.take_desk_pictures`."""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.journeys.take_pictures import keep
from tests.server import Served
from webapp.bench.phone import QUIET, find_browser
from webapp.demo import EMAIL

SIZE = {"width": 1280, "height": 800}
COLOURS = 128
MADE = 120_000  # milliseconds
ID = "[0-9a-f-]{36}"


class Desk:
    """The demo organiser's browser; pages are found by the addresses of the links that lead there."""

    def __init__(self, page: Page, server: Served) -> None:
        self.page = page
        said = re.search(r"the password (\w+)", server.log.read_text())
        assert said, "the demo names no password"
        page.goto(f"{server.address}/desk/login")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(said[1])
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(re.compile(f"/desk/projects/{ID}$"))
        self.project = page.url

    def follow(self, *ways: str, since: str = "") -> None:
        """From the project's page by the first link that matches each of these addresses in turn."""
        self.page.goto(since or self.project)
        for way in ways:
            links: list[str] = self.page.eval_on_selector_all("a[href]", "links => links.map(each => each.href)")
            self.page.goto(next(link for link in links if re.search(way, link)))

    def look(self, name: str) -> None:
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(300)  # for what is drawn after it has come
        keep(self.page, f"desk-{name}", COLOURS)

    def make(self, format_: str) -> None:
        """Asks for a file, and waits for it."""
        done = self.page.locator("[data-part=done] li.ready")
        already = done.count()
        self.page.locator(f"form[aria-labelledby=format-{format_}] button").click()
        done.nth(already).wait_for(timeout=MADE)


def tour(desk: Desk) -> None:
    desk.look("project")
    desk.follow(f"/desk/walks/{ID}/edit$")
    desk.look("plan")
    desk.follow(f"/desk/walks/{ID}/edit$", f"/desk/walks/{ID}/checklists$")
    desk.look("checklists")
    desk.follow(f"/desk/walks/{ID}/poster$")
    desk.look("poster")
    desk.follow(f"/desk/walks/{ID}$")
    desk.look("results")
    desk.follow(f"/desk/calls/{ID}$")
    desk.look("call")
    desk.follow(f"/desk/projects/{ID}/photos$")
    desk.look("photos")
    desk.follow(f"/desk/projects/{ID}/participants$", f"/desk/projects/{ID}/register$")
    desk.look("register")
    desk.follow(f"/desk/meetings/{ID}/groups$")
    desk.look("board")
    board = desk.page.url
    desk.follow(r"/show\?group=", since=board)
    desk.look("show")
    desk.follow(f"/desk/meetings/{ID}/minutes$", since=board)
    desk.look("minutes")
    for name in ("table", "shortlist"):
        desk.follow(f"/desk/projects/{ID}/exhibitions$", f"/desk/exhibitions/{ID}/{name}$")
        desk.look(name)
    desk.follow(f"/desk/projects/{ID}/files$")
    for format_ in ("panels", "cards", "print"):
        desk.make(format_)
    desk.follow(f"/desk/projects/{ID}/files$")
    desk.look("files")


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Served(Path(folder) / "home", "demo", {"POHLED_LANGUAGES": "cs,en,uk,vi,ru"}) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        tour(Desk(browser.new_page(viewport=SIZE, locale="en-GB", reduced_motion="reduce"), server))  # type: ignore[arg-type]
        browser.close()


if __name__ == "__main__":
    main()
