"""The map of a walk's stops in a real browser, without its tiles: click, drag, keyboard, save. And the poster."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, Ground, OpenPage, Site
from tests.makers import PASSWORD
from webapp.database import transaction
from webapp.project import queries as project_queries
from webapp.walk import queries as walk_queries
from webapp.walk.plan_forms import LONGEST_NAME

FOUR = ["cs", "en", "uk", "vi"]
ROW = "[data-part=rows] > [data-part=row]:not([hidden])"


@pytest.fixture
def desk(ground: Ground, open_page: OpenPage) -> Callable[..., Page]:
    """A browser of the walk's organiser, whom no tiles reach; it fails at the first thing that the policy stops."""

    def opens(javascript: bool = True) -> Page:
        page = open_page(javascript=javascript, size=DESK)
        page.context.route("https://tile.openstreetmap.org/**", lambda route: route.abort())
        page.goto("/desk/login")
        page.locator("#email").fill(ground.email)
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").click()
        return page

    return opens


def names(page: Page) -> list[str]:
    return [each.input_value() for each in page.locator(f"{ROW} [data-part=name][lang=en]").all()]


def test_stops_are_set_on_a_map_without_tiles(ground: Ground, desk: Callable[..., Page]) -> None:
    page, stopped = desk(), []
    page.on("console", lambda said: stopped.append(said.text) if "Content Security Policy" in said.text else None)
    address = f"/desk/walks/{ground.walk.walk_id}/edit"
    page.goto(address)
    expect(page.locator(".planmap.plain")).to_be_visible()
    expect(page.get_by_text("The map cannot be reached, so this is a plain drawing.")).to_be_visible()
    expect(page.locator(".planmap .stopname")).to_have_text(["The square"])

    surface = page.locator(".planmap")
    for at, name in (((120, 300), "By the river"), ((420, 330), "On the hill")):
        surface.click(position={"x": at[0], "y": at[1]})
        page.locator(f"{ROW} [data-part=name][lang=en]").last.fill(name)
    assert names(page) == ["The square", "The office", "By the river", "On the hill"]
    expect(page.locator(".planmap .mapstamp")).to_have_count(3)
    expect(page.locator("[data-part=length]")).to_contain_text("3 stops")

    river = page.locator(ROW).nth(2).locator("[data-part=lon]")
    before = float(river.input_value())
    stamp = page.locator(".planmap .mapstamp").nth(1)
    stamp.scroll_into_view_if_needed()
    box = stamp.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 24)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 24, steps=8)
    page.mouse.up()
    dragged = float(river.input_value())
    assert dragged > before, "east is to the right"

    page.locator(ROW).nth(3).locator("[data-do=up]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Now stop 2 of 4.")
    wanted = ["The square", "On the hill", "The office", "By the river"]
    assert names(page) == wanted

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(address)
    expect(page.locator(".planmap .mapstamp")).to_have_count(3)
    assert names(page) == wanted
    assert float(page.locator(ROW).nth(3).locator("[data-part=lon]").input_value()) == pytest.approx(
        dragged, abs=1e-6
    )
    assert not stopped


def test_a_stop_is_removed_and_comes_back_by_keyboard(ground: Ground, desk: Callable[..., Page]) -> None:
    page = desk()
    address = f"/desk/walks/{ground.walk.walk_id}/edit"
    page.goto(address)
    expect(page.locator(".planmap .mapstamp")).to_have_count(1)
    page.locator(ROW).first.locator("[data-do=remove]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".planmap .mapstamp")).to_have_count(0)
    page.keyboard.press("Enter")  # the focus went on to undo
    expect(page.locator(".planmap .mapstamp")).to_have_count(1)
    assert names(page) == ["The square", "The office"]
    page.locator(ROW).nth(1).locator("[data-do=remove]").click()
    page.get_by_role("button", name="Save").click()
    page.goto(address)
    expect(page.locator(".planmap .mapstamp")).to_have_count(1)
    assert names(page) == ["The square"]


def test_the_form_is_enough_without_scripts(ground: Ground, desk: Callable[..., Page]) -> None:
    page = desk(javascript=False)
    address = f"/desk/walks/{ground.walk.walk_id}/edit"
    page.goto(address)
    expect(page.locator(".planmap")).to_be_hidden()
    fresh = page.locator(ROW).nth(2)
    fresh.locator("[data-part=name][lang=en]").fill("Third")
    fresh.locator("[data-part=lat]").fill("50,1; 14,5")
    fresh.locator("[data-part=order] input").fill("1")
    page.locator(ROW).nth(1).get_by_label("Remove this stop").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert [name for name in names(page) if name] == ["The square", "Third"]


@pytest.mark.parametrize("longest", [False, True])
def test_the_poster_is_one_page_of_a4(site: Site, ground: Ground, desk: Callable[..., Page], longest: bool) -> None:
    if longest:
        say_much(site, ground)
    page = desk()
    page.emulate_media(color_scheme="dark")
    page.goto(f"/desk/walks/{ground.walk.walk_id}/poster")
    assert page.locator(".sheet").evaluate("sheet => getComputedStyle(sheet).backgroundColor") == "rgb(255, 255, 255)"
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert box is not None
    assert (float(box[1]), float(box[2])) == pytest.approx((595, 842), abs=1.5)


def say_much(site: Site, ground: Ground) -> None:
    """The longest texts that the form takes, in as many languages as fit on one sheet."""
    with site.app.app_context(), transaction():
        walk = walk_queries.walk(ground.walk.walk_id)
        project = project_queries.project(ground.walk.project_id)
        assert walk is not None and project is not None
        project.languages = FOUR
        walk.title = {code: ("Od nádraží podél řeky k tržnici " * 4)[:LONGEST_NAME] for code in FOUR}
        walk.meeting_point = {code: ("U východu z metra, u tramvaje. " * 7)[:200] for code in FOUR}
