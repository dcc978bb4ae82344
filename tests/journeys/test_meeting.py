"""The final workshop at a laptop: photos grouped by keyboard alone, two facilitators, and the presentation."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, Ground, OpenPage, Site
from tests.journeys.test_access import NARROW, TOO_WIDE, violations
from tests.makers import PASSWORD, make_meeting, make_participant, make_photo
from tests.makers_photo import encoded
from webapp.upkeep.jobs import take_back_photo

PHOTOS = 12


class Workshop:
    """A meeting with twelve photos, one group, and its facilitator's browsers."""

    def __init__(self, site: Site, ground: Ground, open_page: OpenPage) -> None:
        self.site, self.ground, self.open_page = site, ground, open_page
        self.stopped: list[str] = []
        with site.app.app_context():
            self.author = make_participant(ground.walk)
            self.photos = [
                make_photo(
                    site.app,
                    ground.walk,
                    self.author,
                    encoded(Image.new("RGB", (400, 300), (each * 20, 120, 90))),
                    caption={"en": f"Caption {each}", "cs": f"Popisek {each}"},
                )
                for each in range(1, PHOTOS + 1)
            ]
            self.meeting, _ = make_meeting(ground.walk.project_id)

    @property
    def address(self) -> str:
        return f"/desk/meetings/{self.meeting}"

    def browser(self, javascript: bool = True) -> Page:
        page = self.open_page(javascript=javascript, size=DESK)
        page.on("console", lambda said: self.stopped.append(said.text) if "Security" in said.text else None)
        page.on("pageerror", lambda error: self.stopped.append(str(error)))
        page.goto("/desk/login")
        page.locator("#email").fill(self.ground.email)
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").click()
        page.goto(f"{self.address}/groups")
        return page


@pytest.fixture
def workshop(site: Site, ground: Ground, open_page: OpenPage) -> Workshop:
    return Workshop(site, ground, open_page)


def lies(page: Page, letter: str = "") -> list[str]:
    """The numbers of the photos in a group, or of those in none."""
    section = f"[data-letter={letter}]" if letter else ".loose"
    return [each.get_attribute("data-number") or "" for each in page.locator(f"{section} .tile").all()]


def started(page: Page) -> None:
    expect(page.locator("[data-module=board]")).to_have_attribute("data-state", "started")


def test_twelve_photos_are_grouped_by_keyboard_alone_and_presented(workshop: Workshop) -> None:
    page = workshop.browser()
    started(page)
    says = page.locator("[data-part=says]")
    name = page.locator(".newgroup [name=name]")
    name.focus()
    page.keyboard.type("Benches")
    page.keyboard.press("Enter")
    expect(page.locator("[data-letter=B] .groupname")).to_have_value("Benches")
    page.locator("[data-letter=A] .groupname").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Gates and walls that nobody can look over from the street, and who has the key")
    page.keyboard.press("Enter")
    expect(says).to_have_text("Saved.")
    whole = "field => field.scrollHeight <= field.clientHeight && !field.value.includes('\\n')"
    assert page.locator("[data-letter=A] .groupname").evaluate(whole), "all of it is seen, and it is one line"

    page.locator(".loose .tile input").first.focus()
    for key in "ababab111222":
        page.keyboard.press(key)
    expect(page.locator(".loose .tile")).to_have_count(0)
    expect(says).to_contain_text("in B “Benches” now.")
    assert lies(page, "A") == ["1", "3", "5", "7", "8", "9"]
    assert lies(page, "B") == ["2", "4", "6", "10", "11", "12"]

    page.keyboard.press("u")
    expect(page.locator(".loose .tile")).to_have_count(1)
    assert lies(page) == ["12"]
    page.locator("[data-number='12'] input").focus()
    page.keyboard.press("b")
    page.locator("[data-letter=A] .tile input").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    assert lies(page, "A")[:2] == ["3", "1"]
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("b")
    expect(page.locator("[data-letter=B] .tile")).to_have_count(8)
    page.locator("[data-do=undo]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-letter=B] .tile")).to_have_count(6)
    note = page.locator("[data-letter=A] [name=note]")
    note.focus()
    page.keyboard.type("Who has the key?")
    page.keyboard.press("Tab")
    expect(says).to_have_text("Saved.")
    page.reload()
    assert lies(page, "A")[:2] == ["3", "1"]
    expect(page.locator("[data-letter=A] [name=note]")).to_have_value("Who has the key?")

    page.locator("[data-letter=A] [data-part=shower]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/show?group=*")
    steps_through(page, ["3", "1", "5", "7", "8", "9"])
    page.keyboard.press("Escape")
    page.wait_for_url("**/groups")
    assert not workshop.stopped


def steps_through(page: Page, numbers: list[str]) -> None:
    """The keys of a keyboard and of a clicker."""
    expect(page.locator("[data-module=show]")).to_have_attribute("data-state", "started")
    shown = page.locator("[data-part=slide]:visible")

    def at(number: str) -> None:
        expect(shown).to_have_attribute("data-number", number)
        expect(shown).to_have_count(1)

    at(numbers[0])
    for number, key in zip(numbers[1:4], ("ArrowRight", "Space", "PageDown"), strict=True):
        page.keyboard.press(key)
        at(number)
        picture = shown.locator("img")
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 400
    page.keyboard.press("PageUp")
    at(numbers[2])
    page.keyboard.press("End")
    at(numbers[-1])
    page.keyboard.press("Home")
    at(numbers[0])
    page.keyboard.press("s")
    at(numbers[1])
    page.keyboard.press("PageUp")
    at(numbers[1])  # what was skipped is not shown again
    page.keyboard.press("u")
    at(numbers[0])
    page.keyboard.press(".")
    expect(page.locator(".black")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator(".black")).to_be_hidden()
    size = shown.locator(".voice").first.evaluate("words => parseFloat(getComputedStyle(words).fontSize)")
    assert size >= 32
    page.keyboard.press("f")
    wait_for_full_screen(page, True)
    page.keyboard.press("f")
    wait_for_full_screen(page, False)


def test_photos_are_dragged_into_a_group(workshop: Workshop) -> None:
    page = workshop.browser()
    started(page)
    page.locator(".loose .tile[data-number='4'] img").drag_to(page.locator("[data-letter=A] [data-part=list]"))
    expect(page.locator("[data-part=says]")).to_have_text("Photo 4 is in A “Gates” now.")
    assert lies(page, "A") == ["4"]
    page.reload()
    assert lies(page, "A") == ["4"]


def test_two_facilitators_see_each_other(workshop: Workshop) -> None:
    one, other = workshop.browser(), workshop.browser()
    started(one)
    started(other)
    other.locator("[data-number='3'] input").focus()
    other.keyboard.press("a")
    expect(other.locator("[data-part=says]")).to_contain_text("Photo 3 is in A")
    expect(one.locator("[data-part=says]")).to_have_text(
        "Somebody else has moved photo 3: it is in A “Gates” now.", timeout=20_000
    )
    assert lies(one, "A") == ["3"]

    mine, theirs = (page.locator("[data-letter=A] [name=note]") for page in (one, other))
    mine.fill("")
    mine.press_sequentially("Mine")
    theirs.fill("Theirs")
    theirs.blur()
    expect(other.locator("[data-part=says]")).to_contain_text("Saved.")
    mine.blur()
    expect(one.locator("[data-part=both]")).to_contain_text("Theirs")
    expect(one.locator("[data-part=both]")).to_contain_text("Mine")
    one.locator("[data-part=both] button").click()
    expect(one.locator("[data-part=both]")).to_have_count(0)
    expect(other.locator("[data-letter=A] [name=note]")).to_have_value("Mine", timeout=20_000)
    assert not workshop.stopped


def test_what_is_taken_back_leaves_an_open_board(workshop: Workshop) -> None:
    page = workshop.browser()
    started(page)
    with workshop.site.app.app_context():
        assert take_back_photo(workshop.author, workshop.photos[0])
    expect(page.locator(".tile[data-number='1']")).to_have_count(0, timeout=20_000)


def test_ticks_and_buttons_are_enough_without_scripts(workshop: Workshop) -> None:
    page = workshop.browser(javascript=False)
    for number in (2, 5):
        page.locator(f"[data-number='{number}'] input").check()
    page.locator("[data-part=targets] button").first.click()
    expect(page.get_by_text("Photos 2, 5 are in A “Gates” now.")).to_be_visible()
    page.wait_for_load_state()  # the sentence stands above the groups, and may be there before them
    assert lies(page, "A") == ["2", "5"]
    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    assert lies(page, "A") == []
    page.goto(f"{workshop.address}/show")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("[data-part=slide]:visible")).to_have_attribute("data-number", "2")


@pytest.mark.parametrize(
    ("language", "scheme"),
    [("cs", "dark"), ("ar-XB", "light"), pytest.param("en-XA", "dark", marks=pytest.mark.soak)],
)
def test_the_meetings_pages_are_for_everybody(workshop: Workshop, language: str, scheme: str) -> None:
    page, axe, wrong = workshop.browser(), Axe(), list[str]()
    page.context.add_cookies([{"name": "pohled_language", "value": language, "url": workshop.site.url}])
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    project = f"/desk/projects/{workshop.ground.walk.project_id}/meetings"
    ways = [f"{workshop.address}/groups?by={by}" for by in ("own", "place", "author")]
    rest = [f"{workshop.address}/{name}" for name in ("show", "minutes", "edit")]
    for address in (project, f"{project}/new", *ways, *rest):
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.goto(address)
        page.evaluate(axe.axe_script)
        wrong += [f"{address}: {each}" for each in violations(page)]
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        wrong += [f"{address}: wider than the screen: {each}" for each in page.evaluate(TOO_WIDE)]
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def wait_for_full_screen(page: Page, wanted: bool) -> None:
    """Polls; the policy forbids what Playwright's own waiting does in the page."""
    for _ in range(100):
        if page.evaluate("() => document.fullscreenElement !== null") == wanted:
            return
        page.wait_for_timeout(50)
    raise AssertionError("the full screen did not come, or go")
