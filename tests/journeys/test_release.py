"""Two people agree to a photo of them on its author's phone, in two languages and without a signal."""

import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Ground, Site
from tests.journeys.phone import Line, Phone, wait_for
from tests.journeys.test_access import violations
from tests.journeys.test_phone import Known, jpeg
from webapp.consent.rules import Exit
from webapp.photo import queries as photo_queries

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}")


@pytest.fixture
def line(site: Site) -> Iterator[Line]:
    with Line(int(site.url.rpartition(":")[2])) as line:
        yield line


def is_there(phone: Phone) -> None:
    """What comes after "ready offline" has come."""
    held = "caches.open('pohled').then(live => live.keys()).then(all => all.map(each => new URL(each.url).pathname))"

    def languages() -> set[str]:
        return {each.split("/")[3] for each in phone.page.evaluate(held) if each.endswith("/release")}

    wait_for(
        phone.page, lambda: languages() == {"en", "cs", "en-XA", "ar-XB"}, "every language of the release is here"
    )


def to_release(phone: Phone) -> None:
    """From a photo that shows its first step."""
    phone.page.locator("[data-view=photo] [data-do=next]").click()
    phone.page.locator("[name=photo-people][value=released]").check()
    phone.page.get_by_role("link", name="Have them sign on this phone").click()
    phone.sees("release")


def choose(page: Page, language: str, no: str = "") -> None:
    page.locator(f"[data-read={language}]").click()
    view = page.locator("[data-view=release]")
    expect(view).to_have_attribute("lang", language)
    expect(view.locator("fieldset").first).to_be_visible()
    page.locator("[data-do=release-on]").click()
    expect(page.locator("[data-view=release] [data-part=open]")).to_be_visible()
    for each in view.locator("fieldset").all():
        each.locator(f"[value={'no' if each.get_attribute('data-purpose') == no else 'yes'}]").check()


def sign(page: Page) -> None:
    box = page.locator("[data-view=release] canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    for x in range(30, 300, 10):
        page.mouse.move(box["x"] + x, box["y"] + 60 + (x % 40))
    page.mouse.up()


def code_on(page: Page) -> str:
    code = page.locator("[data-view=release] [data-part=code]")
    expect(code).to_have_text(CODE)
    return code.inner_text()


def test_two_people_sign_without_a_signal(
    browser: Browser, site: Site, ground: Ground, line: Line, tmp_path: Path
) -> None:
    known = Known(site, ground.walk)
    phone = Phone(browser.browser_type, tmp_path / "phone", line)
    with phone.start():
        phone.join(ground.walk.code)
        is_there(phone)
        phone.lose_signal()
        phone.look_at("photos")
        phone.choose_photos([jpeg(1)])
        phone.sees("photo")
        photo = phone.page.url.rpartition("/")[2]
        phone.caption.fill("Two neighbours")
        to_release(phone)

        # The first reads Czech, is interrupted, and finds everything as it was said.
        choose(phone.page, "cs", no="web")
        phone.page.locator("#release-name").fill("Jana")
        phone.page.locator("[data-do=release-on]").click()
        expect(phone.page.locator("[data-view=release] [data-no]:visible")).to_have_count(1)
        phone.page.locator("[data-do=release-signed]").click()
        expect(phone.page.locator("[data-view=release] [data-part=unsigned]")).to_be_visible()
        sign(phone.page)
        phone.is_kept(f"#release/{photo}/sign")
        wait_for(
            phone.page, lambda: phone.stored("settings")[f"release:{person(phone)}:{photo}"]["lines"], "it is kept"
        )
        phone.kill()
        phone.start().open_app()
        phone.sees("release")
        expect(phone.page.locator("[data-view=release]")).to_have_attribute("lang", "cs")
        phone.page.locator("[data-do=release-signed]").click()
        first = code_on(phone.page)
        phone.page.locator("[data-part=back-to]").click()
        phone.sees("photo")
        expect(phone.page.locator("[data-part=signed]")).to_contain_text("1 person has signed: Čeština")
        assert first not in str([phone.stored(shelf) for shelf in ("drafts", "items", "settings")])

        # The second reads from right to left, and says it aloud. The code is lost with the browser, the rest is not.
        phone.page.locator("[data-view=photo] [data-do=next]").click()
        phone.page.get_by_role("link", name="Have them sign on this phone").click()
        choose(phone.page, "ar-XB")
        phone.page.locator("[data-part=guardian]").check()
        phone.page.locator("[data-do=release-on]").click()
        phone.page.locator("[data-do=release-spoken]").click()
        second = code_on(phone.page)
        wait_for(phone.page, lambda: len(releases(phone)) == 2, "both are sealed")
        phone.kill()
        phone.start().open_app()
        phone.sees("photo")
        expect(phone.page.locator("[data-part=signed]")).to_contain_text("2 people have signed")
        assert second not in str([phone.stored(shelf) for shelf in ("drafts", "items", "settings")])
        phone.waits(3)

        said = {each["method"]: each for each in releases(phone)}
        assert [(each["photo"], each["language"], each["guardian"]) for each in said.values()] == [
            (photo, "cs", False),
            (photo, "ar-XB", True),
        ]
        assert said["signed"]["name"] == "Jana"
        assert re.fullmatch(r"M\d+ \d+(L\d+ \d+)+", said["signed"]["signature"])
        assert {each["purpose"]: each["yes"] for each in said["signed"]["answers"]}["web"] is False
        assert said["signed"]["code"] == hashlib.sha256(first.replace("-", "").encode()).hexdigest()
        assert "signature" not in said["spoken"]
        assert [row["body"]["people"] for row in phone.draft_of("photo").values()] == ["released"]

        assert not phone.errors

        phone.find_signal()
        phone.everything_received_but_originals()
        # What others have signed is nothing that an author's phone keeps.
        assert {*releases_kept(phone)} == {"", frozenset({"photo", "language", "method", "at"})}
        assert [(each.caption, each.people) for each in known.photos()] == [({"en": "Two neighbours"}, "released")]
        assert not phone.errors

        # Months later, on a phone of their own: the first one changes her mind by the code, without an account.
        assert goes_to(site, photo) == {"meeting": True, "exhibition": True}
        theirs = browser.new_page()
        theirs.goto(f"{site.url}/release")
        theirs.locator("#code").fill(first.lower().replace("-", " "))
        theirs.get_by_role("button", name="Continue").click()
        expect(theirs.get_by_role("heading", name="A photo with you in it")).to_be_visible()

        def shows_it() -> bool:
            theirs.reload()
            return theirs.locator("figure img").count() == 1

        wait_for(theirs, shows_it, "its small pictures are made")
        expect(theirs.locator("[name=web][value=no]")).to_be_checked()
        theirs.locator("[name=sure]").check()
        theirs.get_by_role("button", name="Take everything back").click()
        expect(theirs.get_by_text("You have taken everything back")).to_be_visible()
        assert goes_to(site, photo) == {"meeting": True, "exhibition": False}
        theirs.close()


def test_every_step_is_for_everybody(browser: Browser, site: Site, ground: Ground, tmp_path: Path) -> None:
    phone = Phone(browser.browser_type, tmp_path / "phone", None, site.url)
    with phone.start():
        phone.join(ground.walk.code)
        is_there(phone)
        phone.look_at("photos")
        phone.choose_photos([jpeg(1)])
        phone.sees("photo")
        to_release(phone)
        page, view = phone.page, phone.page.locator("[data-view=release]")
        page.evaluate(Axe().axe_script)
        assert not violations(page)
        choose(page, "cs")
        assert not violations(page)
        page.locator("[data-do=release-on]").click()
        expect(view.locator("canvas")).to_be_visible()
        assert not violations(page)
        # By the keyboard alone: nobody needs a finger to sign, because a choice may be said aloud.
        expect(view.locator("h1")).to_be_focused()
        for _ in range(3):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.dataset.do") == "release-spoken":
                break
        page.keyboard.press("Enter")
        code_on(page)
        assert not violations(page)
        assert not phone.errors


def goes_to(site: Site, photo: str) -> dict[str, bool]:
    with site.app.app_context():
        found = photo_queries.photo(uuid.UUID(photo))
        assert found is not None
        ways = photo_queries.refusals_by([found], (Exit.MEETING, Exit.EXHIBITION))
        return {way.value: told[found.id] is None for way, told in ways.items()}


def person(phone: Phone) -> str:
    (id,) = phone.stored("people")
    return str(id)


def releases(phone: Phone) -> list[dict[str, object]]:
    rows = [row for row in phone.stored("items").values() if row["kind"] == "release"]
    return [json.loads(row["body"]) for row in sorted(rows, key=lambda row: row["sequence"])]


def releases_kept(phone: Phone) -> list[object]:
    items = [row["body"] for row in phone.stored("items").values() if row["kind"] == "release"]
    return items + [frozenset(row["body"]) for row in phone.draft_of("release").values()]
