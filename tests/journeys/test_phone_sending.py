"""What the header and the tray say while things are sent: nothing that is not so."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import select

from tests.journeys.conftest import DESK, Ground, OpenPage, Site
from tests.journeys.phone import Line, Phone, wait_for
from tests.journeys.test_access import violations
from tests.journeys.test_phone import CZECH, Known, jpeg
from tests.makers import PASSWORD
from webapp.database import db
from webapp.people.tables import Device, Participant

ON_MOBILE_DATA = """Object.defineProperty(Object.getPrototypeOf(navigator.connection), 'type',
  { get: () => window.line ?? 'cellular' })"""
PUT_AWAY = """() => {
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
LISTEN = """() => {
  window.seen = [];
  const got = document.querySelector('[data-part=got]');
  const note = () => {
    const number = Number(/\\d+/.exec(got.innerText)?.[0]);
    if (number !== window.seen.at(-1)) window.seen.push(number);
  };
  note();
  new MutationObserver(note).observe(got, { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture
def phone(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Phone]:
    port = int(site.url.rpartition(":")[2])
    with Line(port) as line, Phone(browser.browser_type, tmp_path / "profile", line) as phone:
        yield phone.start()
        assert not phone.errors


@pytest.fixture
def known(site: Site, ground: Ground) -> Known:
    return Known(site, ground.walk)


def test_large_pictures_that_wait_are_said_to_wait(phone: Phone, known: Known) -> None:
    phone.context.add_init_script(ON_MOBILE_DATA)
    phone.join(known.walk.code)
    pictures = [jpeg(1), jpeg(3)]  # no other journey has sent these: they are noise
    for number, picture in enumerate(pictures):
        phone.add_photo(picture, f"caption {number}")
    here = phone.page.locator("[data-part=here]")
    expect(here).to_contain_text("2 large pictures wait for Wi-Fi", timeout=15_000)
    expect(here).to_have_class(re.compile("here"))
    phone.look_at("me")
    phone.page.get_by_text("Take everything off this phone").first.click()
    expect(phone.page.locator("[data-part=unsent]")).to_contain_text("2 large pictures have not been received yet")
    phone.look_at("tray")
    expect(phone.page.locator("[data-part=sum]")).to_have_text("2 large pictures wait for Wi-Fi")
    expect(phone.page.locator("[data-part=large]")).to_contain_text("mobile data")
    phone.page.get_by_label("When I tap").check()
    expect(phone.page.locator("[data-part=sum]")).to_have_text("2 large pictures wait for a tap")
    assert not any(known.has(picture["buffer"]) for picture in pictures)
    send = phone.page.get_by_role("button", name=re.compile(r"^Send everything now \([\d.]+\s[kM]B\)$"))
    send.click()
    expect(phone.page.locator("[data-part=sum]")).to_have_text("Everything has been received", timeout=15_000)
    expect(phone.page.get_by_role("button", name="Send now", exact=True)).to_be_visible()
    expect(here).to_contain_text("0 on this phone")
    assert all(known.has(picture["buffer"]) for picture in pictures)


def test_who_stands_on_a_row_of_the_tray_stays_there(phone: Phone, known: Known) -> None:
    """Each try to send draws the rows anew: the keyboard is not thrown off them, nor lost when a row goes."""
    phone.join(known.walk.code)
    phone.lose_signal()
    for number in (1, 2):
        phone.add_photo(jpeg(number), f"caption {number}")
    phone.look_at("tray")
    link = phone.page.get_by_role("link", name="caption 2")
    link.focus()
    link.evaluate("link => { link.dataset.old = 'yes' }")
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator("[data-part=items] [data-old]")).to_have_count(0, timeout=15_000)
    expect(link).to_be_focused()
    phone.find_signal()
    expect(link).to_have_count(0, timeout=30_000)
    expect(phone.page.locator("[data-part=sum]")).to_be_focused()


def test_an_original_that_the_organisers_ask_for(
    phone: Phone, known: Known, ground: Ground, open_page: OpenPage
) -> None:
    """Of two on a phone without Wi-Fi: asked for at the desk, put off, found again, let go, seen at the desk."""
    phone.context.add_init_script(ON_MOBILE_DATA)
    phone.join(known.walk.code)
    pictures = [jpeg(1), jpeg(3)]  # no other journey has sent these: they are noise
    for number, picture in enumerate(pictures):
        phone.add_photo(picture, f"caption {number}")
    phone.look_at("home")
    wait_for(phone.page, lambda: len(previews(known)) == 2, "small pictures")
    note = phone.page.locator("[data-part=asked]")
    expect(note).to_be_hidden()

    desk = open_page(size=DESK)
    desk.goto("/desk/login")
    desk.get_by_label("E-mail").fill(ground.email)
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Log in").click()
    desk.goto(f"/desk/walks/{known.walk.walk_id}/photos")
    expect(desk.locator("#originals")).to_contain_text("2 originals are still on phones.")
    desk.goto(f"/desk/photos/{previews(known)['caption 0']}")
    desk.get_by_role("button", name=re.compile(r"^Ask for the original \(\d+ kB\)$")).press("Enter")
    expect(desk.locator("#original")).to_contain_text(f"Asked for by {ground.email}")
    expect(desk.locator("#original")).to_contain_text("The author’s phone has not been heard since")

    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # somebody looks at it
    expect(note).to_contain_text(
        re.compile(r"The organisers ask for 1 large picture \([\d.]+\skB\)\. Without Wi-Fi, sending it uses"),
        timeout=15_000,
    )
    phone.page.evaluate(Axe().axe_script)
    assert violations(phone.page) == []
    phone.page.get_by_role("button", name="Not now").press("Enter")
    expect(note).to_be_hidden()
    expect(phone.page.locator("[data-view=home] h1")).to_be_focused()
    assert whole(known) == set()
    desk.reload()
    expect(desk.locator("#original")).to_contain_text("The author’s phone has heard of it")

    phone.look_at("tray")
    expect(note).to_be_visible()
    expect(phone.page.get_by_role("button", name="Not now")).to_be_hidden()
    note.get_by_role("button", name="Send now").press("Enter")
    wait_for(phone.page, lambda: whole(known), "an original")
    expect(note).to_be_hidden()
    expect(phone.page.locator("[data-part=sum]")).to_have_text("1 large picture waits for Wi-Fi", timeout=15_000)
    assert whole(known) == {"caption 0"}
    assert known.has(pictures[0]["buffer"])
    desk.reload()
    expect(desk.locator("#original")).not_to_contain_text("Asked for")
    expect(desk.locator("#original")).to_contain_text("here")


def whole(known: Known) -> set[str]:
    """The photos whose originals have come, by caption."""
    return {each.caption["en"] for each in known.photos() if each.whole}


def previews(known: Known) -> dict[str, uuid.UUID]:
    """The photos of which a picture has come, by caption."""
    return {each.caption["en"]: each.id for each in known.photos() if each.sha256}


def test_what_is_received_does_not_fall_while_somebody_goes_on(phone: Phone, known: Known) -> None:
    """On a slow line, where each state is long enough to be seen, and once it breaks."""
    phone.join(known.walk.code)
    broken: list[str] = []

    def slowly(route: Route) -> None:
        phone.page.wait_for_timeout(250)
        if len(broken) < 2 and route.request.method == "PUT":
            broken.append(route.request.url)
            return route.abort()
        return route.continue_()

    phone.context.route(re.compile("/api/v1/(responses|photos|uploads)"), slowly)
    got = phone.page.locator("[data-part=got]")
    phone.page.evaluate(LISTEN)
    for value in ("1", "2", "3"):
        phone.look_at("ask/1/b.1")
        phone.tap("b.1", value)
        phone.look_at("home")
        expect(got).to_contain_text("1 received", timeout=15_000)
        phone.look_at("ask/1/b.2")
        phone.write("b.2", f"{CZECH} {value}")
        phone.page.wait_for_timeout(700)
    phone.add_photo(jpeg(1), "first")
    expect(got).to_contain_text("2 received", timeout=15_000)
    phone.page.locator("[data-photo] a").click()
    phone.caption.fill("second")
    phone.finish_photo()
    phone.page.wait_for_timeout(1500)
    phone.everything_received_but_originals()
    assert phone.page.evaluate("window.seen") == [0, 1, 2]
    assert len(broken) == 2
    assert [each.caption for each in known.photos()] == [{"en": "second"}]


def test_a_project_that_does_not_listen_holds_no_sending_up(phone: Phone, known: Known) -> None:
    told: list[str] = []
    phone.join(known.walk.code)
    phone.context.route("**/api/v1/me/held", lambda route: told.append(route.request.url))  # never answered
    for value in ("1", "2"):
        phone.look_at("ask/1/b.1")
        phone.tap("b.1", value)
        phone.look_at("home")
        phone.everything_received()
    assert told and [each["b.1"] for each in known.answers()] == [2]
    phone.context.unroute("**/api/v1/me/held")


def test_a_phone_that_was_emptied_holds_nothing_for_the_project(phone: Phone, known: Known) -> None:
    phone.join(known.walk.code)
    phone.context.route("**/api/v1/responses/**", lambda route: route.abort())
    phone.look_at("ask/1/b.1")
    phone.tap("b.1", "1")
    phone.look_at("home")
    wait_for(phone.page, lambda: held(known) == [1], "the project knows of one answer")
    phone.look_at("me")
    phone.page.get_by_text("Take everything off this phone").first.click()
    phone.page.locator("[data-do=wipe]").click()
    wait_for(phone.page, lambda: held(known) == [0], "the project waits for nothing")
    assert not phone.stored("items") and not phone.stored("people")


def held(known: Known) -> list[int | None]:
    with known.site.app.app_context():
        of_the_walk = select(Participant.id).where(Participant.project_id == known.walk.project_id)
        return list(db.session.scalars(select(Device.held_answers).where(Device.participant_id.in_(of_the_walk))))


def test_a_page_that_needs_a_signal_says_so(phone: Phone, known: Known) -> None:
    phone.join(known.walk.code)
    phone.lose_signal()
    for name in ("versions", "recover"):
        phone.page.goto(f"/w/{known.walk.code}/en/{name}")
        expect(phone.page.locator("[data-part=away]")).to_contain_text("This page needs a signal")
        phone.page.locator("[data-part=places] a").click()
        phone.is_ready()


def test_a_browser_without_a_storage_manager(phone: Phone, known: Known) -> None:
    """Older Safari and WebKitGTK have parts of it, or none."""
    phone.context.add_init_script("Object.defineProperty(navigator, 'storage', { value: undefined })")
    phone.join(known.walk.code)
    phone.add_photo(jpeg(1), "caption")
    phone.look_at("home")
    expect(phone.page.locator("[data-part=install]")).not_to_contain_text("private window")
    phone.everything_received_but_originals()
    expect(phone.page.locator("[data-part=room]")).to_contain_text("send early")


def test_photos_chosen_together_go_when_the_phone_is_put_away(phone: Phone, known: Known) -> None:
    phone.join(known.walk.code)
    phone.look_at("photos")
    phone.choose_photos([jpeg(1), jpeg(3)])
    expect(phone.photos).to_have_count(2)
    expect(phone.page.locator("[data-part=here]")).to_contain_text("2 on this phone")
    assert not known.photos()
    phone.page.evaluate(PUT_AWAY)
    wait_for(phone.page, lambda: len(known.photos()) == 2, "both have come")
