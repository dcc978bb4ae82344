"""Two phones on a walk, one of them without a signal for a while, and the page of whoever runs it."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select, update

from tests.desk.test_home import save
from tests.journeys.conftest import Ground, OpenPage, Site
from tests.journeys.phone import Line, Phone
from tests.journeys.test_phone import jpeg
from tests.makers import PASSWORD, make_participant
from webapp.database import db, now, transaction
from webapp.people.tables import Device, Participant
from webapp.walk import queries as walk_queries

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"  # as when the page is brought to the front


@pytest.fixture
def phones(browser: Browser, site: Site, tmp_path: Path) -> Iterator[tuple[Phone, Phone]]:
    to = int(site.url.rpartition(":")[2])
    with (
        Line(to) as one,
        Line(to) as other,
        Phone(browser.browser_type, tmp_path / "one", one) as first,
        Phone(browser.browser_type, tmp_path / "other", other) as second,
    ):
        yield first.start(), second.start()
        assert not first.errors + second.errors


def facilitate(page: Page, ground: Ground) -> Page:
    """The page of the walk, opened by whoever runs it."""
    page.goto("/desk/login")
    page.get_by_label("E-mail").fill(ground.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.goto(f"/desk/walks/{ground.walk.walk_id}/during")
    expect(page.locator("[data-module=during]")).to_have_attribute("data-state", "started")
    return page


def top(row: Locator) -> float:
    box = row.bounding_box()
    assert box is not None
    return box["y"]


def says(page: Page, words: str) -> None:
    """The phones need their moment; whoever runs the walk looks again. By itself the page does so in 12 seconds."""
    for _ in range(60):
        page.evaluate(LOOK)
        if words in " ".join(page.locator("[data-part=says]").inner_text().split()):
            return
        page.wait_for_timeout(250)
    expect(page.locator("[data-part=says]")).to_contain_text(words)


def test_nobody_says_goodbye_while_a_photo_is_on_a_phone(
    phones: tuple[Phone, Phone], site: Site, ground: Ground, open_page: OpenPage
) -> None:
    first, second = phones
    with site.app.app_context(), transaction():
        walk = walk_queries.walk(ground.walk.walk_id)
        walk.starts, walk.minutes = now() - timedelta(hours=1), 120
    page = facilitate(open_page(), ground)
    says(page, "Nobody has joined yet.")

    first.join(ground.walk.code)
    second.join(ground.walk.code)
    says(page, "Everything of 2 people is here.")

    second.lose_signal()
    second.add_photo(jpeg(1), "Behind the stairs")
    second.waits(1)
    first.look_at("stop/2")
    first.tap("b.1", "4")
    first.look_at("home")
    row = page.locator("[data-row=person-1]")
    row_says(page, row, "Nothing waits")
    forget_for_a_while(site, ground.walk.walk_id, number=2)
    says(page, "The phone of 1 person has not been heard lately: nobody knows what is on it.")
    row_says(page, row, "1 checklist")
    expect(row.locator(".stamp")).to_contain_text("2")

    second.context.route("**/api/v1/uploads*", lambda route: route.abort())
    second.find_signal()
    says(page, "Still on the phone of 1 person: 1 photo. Do not say goodbye yet.")
    expect(page.locator("[data-part=says]")).to_contain_text("Participant 2")
    expect(page.locator("[data-row=person-2]")).to_contain_text("On the phone: 1 photo")

    second.context.unroute("**/api/v1/uploads*")
    second.look_at("tray")
    second.page.locator("[data-do=send]:visible").click()
    says(page, "of 2 people is here.")
    expect(page.locator("[data-row=person-2]")).to_contain_text("1 photo")


def forget_for_a_while(site: Site, walk_id: uuid.UUID, number: int) -> None:
    """As if a phone had been heard for the last time half an hour ago."""
    with site.app.app_context(), transaction():
        of_walk = walk_queries.walkers(walk_id)
        who = db.session.scalars(
            select(Participant.id).where(Participant.id.in_(of_walk), Participant.number == number)
        ).one()
        long_ago = now() - timedelta(minutes=30)
        db.session.execute(update(Device).where(Device.participant_id == who).values(told=long_ago))


def test_the_page_stays_where_it_is_when_something_comes(site: Site, ground: Ground, open_page: OpenPage) -> None:
    with site.app.app_context():
        people = [make_participant(ground.walk) for _ in range(30)]
    page = facilitate(open_page(), ground)
    seen = page.locator("[data-row=person-20]")
    seen.evaluate("row => { row.scrollIntoView(); row.dataset.same = 'yes' }")
    before = top(seen)
    with site.app.app_context():
        save(site.app, ground.walk, people[0], preview=True)
    says(page, "1 original is still on a phone.")
    assert top(seen) == pytest.approx(before, abs=1)
    assert seen.get_attribute("data-same") == "yes"


def row_says(page: Page, row: Locator, words: str) -> None:
    """As `says`, of one person."""
    for _ in range(60):
        page.evaluate(LOOK)
        if words in row.inner_text():
            return
        page.wait_for_timeout(250)
    expect(row).to_contain_text(words)
