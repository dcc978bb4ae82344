"""A curator's hour, by the keyboard alone: pick, ask, put out, undo, compare, order."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, Ground, OpenPage, Site
from tests.makers import PASSWORD, make_exhibition, make_organiser, make_participant, make_photo
from tests.makers_photo import encoded, grain
from webapp.consent.rules import Purpose
from webapp.doors import Role
from webapp.exhibition import queries

NOW = "[data-part=open][aria-current]"


@dataclass(frozen=True)
class Table:
    """An exhibition with ten photos; the author of the third has not agreed."""

    address: str
    id: uuid.UUID
    site: Site
    photos: tuple[uuid.UUID, ...]

    def order(self) -> list[int]:
        with self.site.app.app_context():
            return [self.photos.index(each) + 1 for each in queries.shortlist(self.id)]


@pytest.fixture
def table(site: Site, ground: Ground) -> Table:
    with site.app.app_context():
        willing = make_participant(ground.walk)
        shy = make_participant(ground.walk, frozenset({Purpose.EXHIBITION}))
        photos = [
            make_photo(
                site.app,
                ground.walk,
                shy if n == 3 else willing,
                encoded(grain(600 + n, 450)),
                caption={"en": f"Photo {n}"},
            )
            for n in range(1, 11)
        ]
        id_ = make_exhibition(ground.walk.project_id)
    return Table(f"/desk/exhibitions/{id_}", id_, site, tuple(photos))


@pytest.fixture
def curator(ground: Ground, open_page: OpenPage) -> Callable[..., Page]:
    def opened(email: str = "") -> Page:
        page = open_page(size=DESK)
        page.goto("/desk/login")
        page.get_by_label("E-mail").fill(email or ground.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/desk/projects/**")
        return page

    return opened


def ready(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("main[data-ready], [data-module][data-ready]").first.wait_for()


def at(page: Page, number: int) -> None:
    expect(page.locator(NOW)).to_have_count(1)
    expect(page.locator(f"[data-number='{number}'] {NOW}")).to_have_count(1)


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def saved(page: Page) -> None:
    expect(page.locator("[aria-busy]")).to_have_count(0)


def test_six_are_picked_one_is_asked_for_and_all_is_ordered_by_the_keyboard_alone(
    table: Table, curator: Callable[..., Page]
) -> None:
    page, stopped = curator(), []
    page.on("console", lambda said: stopped.append(said.text) if "Content Security Policy" in said.text else None)
    ready(page, f"{table.address}/table")
    at(page, 1)
    keys(page, "p", "4", "p")  # a mark goes on by itself, stars stay
    at(page, 3)
    keys(page, "p")  # it may not leave
    expect(page.get_by_role("alert")).to_contain_text("No. 3 cannot be picked: Its author has not agreed")
    expect(page.locator("[data-number='3']")).to_have_attribute("data-state", "wanted")
    keys(page, "x", "p", "p", "x")
    at(page, 8)
    saved(page)
    keys(page, "u")
    expect(page.get_by_role("status")).to_have_text("Undone. No. 7: undecided.")
    at(page, 7)
    keys(page, "e")
    expect(page.locator("body")).to_have_attribute("data-view", "loupe")
    expect(page.locator(".loupe figcaption")).to_contain_text("Photo 7")
    keys(page, "p", "p")
    expect(page.locator(".loupe figcaption")).to_contain_text("Photo 9")
    saved(page)
    expect(page.locator("[data-count=pick]")).to_have_text("6")
    expect(page.locator(".balance")).to_contain_text("6 picked that may be shown; 9 photos could be shown.")
    assert table.order() == [1, 2, 5, 6, 7, 8]
    keys(page, "z")
    expect(page.locator(".pane.full")).to_have_count(1)
    keys(page, "z", "g", "Home", "c")
    expect(page.locator(".compare figure")).to_have_count(2)
    keys(page, "ArrowRight", "3")
    expect(page.locator(".compare figure[aria-current]")).to_contain_text("mean 3 ★")
    saved(page)
    keys(page, "u")
    expect(page.get_by_role("status")).to_have_text("Undone. No. 2: 4 stars.")
    expect(page.locator(".compare figure[aria-current]")).to_contain_text("mean 4 ★")
    keys(page, "Escape", "?")
    expect(page.get_by_role("dialog")).to_contain_text("undo your last decision")
    keys(page, "Escape")
    page.reload()
    page.locator("main[data-ready]").wait_for()
    at(page, 2)
    keys(page, "u")
    expect(page.get_by_role("status")).to_have_text("Undone. No. 8: undecided.")

    ready(page, f"{table.address}/shortlist")
    first = page.locator("[data-part=photo] [data-do=down]").first
    first.focus()
    keys(page, "Enter", "Alt+ArrowDown")
    expect(page.locator("[data-part=says]")).to_have_text("No. 1 hangs at place 3 of 5.")
    assert table.order() == [2, 5, 1, 6, 7]
    assert not stopped


def test_two_curators_are_told_of_each_other(table: Table, ground: Ground, curator: Callable[..., Page]) -> None:
    email = f"second-{ground.email}"
    with table.site.app.app_context():
        make_organiser(ground.walk.project_id, Role.CURATOR, email)
    one, two = curator(), curator(email)
    for page in (one, two):
        ready(page, f"{table.address}/table")
    keys(one, "p")
    saved(one)
    keys(two, "x")
    dialog = two.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{ground.email} has decided meanwhile")
    expect(dialog.get_by_role("button", name="It stays: picked")).to_be_focused()
    keys(two, "Tab", "Enter")
    expect(two.locator("[data-number='1']")).to_have_attribute("data-state", "out")
    keys(one, "Home", "u")
    expect(one.get_by_role("alert")).to_contain_text(f"No. 1 stays: {email} has decided on it since (out).")
