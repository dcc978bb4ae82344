"""The map of photos in a real browser, without its tiles: the list follows it, and leads to it by the keyboard."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, Ground, OpenPage, Site
from tests.makers import PASSWORD, make_participant, make_photo
from tests.makers_photo import turned
from webapp.database import now
from webapp.photo.changes import Fix


def open_map(site: Site, ground: Ground, open_page: OpenPage, javascript: bool = True) -> Page:
    """Three photos close together, one far away, and one whose phone was not sure."""
    with site.app.app_context():
        author = make_participant(ground.walk)
        for number, lat in enumerate((50.1, 50.10001, 50.10002, 50.2), 1):
            make_photo(
                site.app, ground.walk, author, turned(number), pin=(lat, 14.43), caption={"en": f"Pic {number}"}
            )
        unsure = Fix(50.15, 14.5, 800.0, now())
        make_photo(site.app, ground.walk, author, turned(5), fix=unsure, stop_id=None, caption={"en": "Pic 5"})
    page = open_page(javascript=javascript, size=DESK)
    page.context.route("https://tile.openstreetmap.org/**", lambda route: route.abort())
    page.goto("/desk/login")
    page.locator("#email").fill(ground.email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").click()
    page.goto(f"/desk/projects/{ground.walk.project_id}/photos")
    page.get_by_role("link", name="On the map").click()
    return page


def listed(page: Page) -> list[str]:
    return re.findall(r"Pic \d", " ".join(page.locator(".maplist li").all_inner_texts()))


def test_the_list_follows_the_map_and_leads_to_it(site: Site, ground: Ground, open_page: OpenPage) -> None:
    page = open_map(site, ground, open_page)
    expect(page.locator(".planmap.plain")).to_be_visible()
    expect(page.get_by_text("The map cannot be reached, so this is a plain drawing.")).to_be_visible()
    says = page.locator("[data-part=says]")
    expect(says).to_have_text("5 photos in this part of the map")
    assert listed(page) == ["Pic 5", "Pic 4", "Pic 3", "Pic 2", "Pic 1"]
    expect(page.locator(".bunch", has_text="3").first).to_be_visible()
    expect(page.locator("path.doubt")).to_have_count(1)
    expect(page.locator(".maplist li").first).to_contain_text("(by the phone, within 800 m)")

    page.locator(".planmap .bunch").click()
    expect(says).to_have_text("3 photos in this part of the map")
    assert listed(page) == ["Pic 3", "Pic 2", "Pic 1"]

    button = page.locator(".maplist li").nth(1).get_by_role("button", name="Show on the map")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".photomark .lit")).to_have_count(1)
    expect(page.locator(":focus")).to_have_text("Show on the map")
    assert "Pic 2" in page.locator("li:has(:focus)").inner_text()

    page.locator(".maplist li a").first.click()
    expect(page.get_by_role("heading", name="Photo 3")).to_be_visible()


def test_without_scripts_the_list_is_whole(site: Site, ground: Ground, open_page: OpenPage) -> None:
    page = open_map(site, ground, open_page, javascript=False)
    expect(page.locator(".planmap")).to_be_hidden()
    assert listed(page) == ["Pic 5", "Pic 4", "Pic 3", "Pic 2", "Pic 1"]
    page.locator(".maplist li a").nth(1).click()
    expect(page.get_by_role("heading", name="Photo 4")).to_be_visible()
