"""All photos in a real browser: without scripts, by the keyboard alone, and back."""

import re
import uuid

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, Ground, OpenPage, Site
from tests.journeys.test_access import press_enter_on, tab_to
from tests.makers import PASSWORD, make_participant, make_photo
from tests.makers_photo import turned
from webapp.database import new_id, transaction
from webapp.photo import changes as photo_changes
from webapp.storage import Stored


def many(site: Site, ground: Ground, count: int) -> None:
    """So many photos whose pictures are still to come, every other one an up; and one that is here, the newest."""
    with site.app.app_context():
        author = make_participant(ground.walk)
        with transaction():
            for number in range(count):
                photo_changes.save_photo(
                    photo_changes.NewPhoto(
                        id=new_id(),
                        participant_id=author,
                        walk_id=ground.walk.walk_id,
                        stop_id=ground.walk.stops[0],
                        original=Stored(uuid.uuid4().hex * 2, 1000),
                        type="image/jpeg",
                        caption={"cs": f"Zastávka {number + 1}"},
                        up=bool(number % 2),
                        down=False,
                        people="none",
                    )
                )
        make_photo(site.app, ground.walk, author, turned(6), caption={"en": "The newest"}, up=True)


def come_in(page: Page, ground: Ground) -> None:
    page.goto("/desk/login")
    page.locator("#email").fill(ground.email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").click()
    page.goto(f"/desk/projects/{ground.walk.project_id}/photos")


def shown(page: Page) -> list[int]:
    return [
        int(number) for number in re.findall(r"No\. (\d+)", " ".join(page.locator(".facts > b").all_inner_texts()))
    ]


def test_photos_are_found_and_paged_without_scripts(site: Site, ground: Ground, open_page: OpenPage) -> None:
    many(site, ground, 150)
    page = open_page(javascript=False, size=DESK)
    come_in(page, ground)
    assert shown(page) == list(range(151, 91, -1))
    page.locator("summary").click()
    page.get_by_label("Up or down").select_option(label="Ups")
    page.get_by_role("button", name="Show", exact=True).click()
    ups = [151, *range(150, 0, -2)]
    assert shown(page) == ups[:60]
    page.get_by_role("link", name="Older").click()
    assert shown(page) == ups[60:]
    page.locator(".photos figure > a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Photo {ups[60]}")
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Photo {ups[61]}")
    page.go_back()
    page.go_back()
    assert shown(page) == ups[60:], "the browser's own button leads to the same page"
    page.get_by_role("link", name="Newer").click()
    assert shown(page) == ups[:60]
    expect(page.get_by_label("Up or down")).to_have_value("up")
    page.get_by_role("link", name="Show all").click()
    assert shown(page) == list(range(151, 91, -1))


def test_photos_are_found_by_the_keyboard_alone(site: Site, ground: Ground, open_page: OpenPage) -> None:
    many(site, ground, 12)
    page = open_page(size=DESK)
    come_in(page, ground)
    tab_to(page, "#search")
    page.keyboard.type("ZASTAVKA")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert shown(page) == list(range(12, 0, -1))
    press_enter_on(page, ".photos li:nth-child(3) figure > a")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Photo 10")
    expect(page.locator("[data-module=turn]")).to_have_attribute("data-state", "started")
    page.keyboard.press("ArrowRight")
    expect(heading).to_have_text("Photo 9")
    expect(page.locator("[data-module=turn]")).to_have_attribute("data-state", "started")
    page.keyboard.press("ArrowLeft")
    expect(heading).to_have_text("Photo 10")
    press_enter_on(page, "nav.pager a:last-child")
    assert shown(page) == list(range(10, 0, -1)), "from this one on, and still by the word"
