"""The phone's app for everybody: axe on every view, narrow screens in every language, the keyboard alone."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PHONE, Site, _served
from tests.journeys.phone import caught
from tests.journeys.take_pictures import App
from tests.journeys.test_access import (
    NARROW,
    SMALL_TARGETS,
    TARGET_PIXELS,
    TOO_WIDE,
    UNSTUCK,
    tab_to,
    violations,
)
from tests.makers import PURPOSES, make_call, make_walk
from webapp import create_app
from webapp.config import Settings
from webapp.database import db, transaction
from webapp.walk import changes as walk_changes
from webapp.walk.tables import Walk

TONGUES = ("cs", "en", "uk", "vi", "ru", "en-XA", "ar-XB")
ZOOMED = {"width": 180, "height": 370}
OTHERS = {"cs": ("en", "uk", "en-XA"), "vi": ("ru", "ar-XB")}  # whose width is looked at after that language's
PHOTOS = {"cs": 40, "vi": 3}
WALK, FULL, CALL = "PHONEWALK", "FULLWALK", "PHONECALL"
LONG = "Neobhospodařovávatelnější předzahrádkové prostranství u staré vodárny a pak ještě kousek"
KINDS = ("agree", "compass", "observed", "yes_no", "one", "many", "number", "text")
COLOURS_ALONE = """() => axe.run({ runOnly: ['color-contrast'], resultTypes: ['violations'] }).then(told =>
  told.violations.flatMap(each => each.nodes.map(node => node.html.slice(0, 120) + ' ' + node.any[0]?.message)))"""
NOTES = """() => { for (const name of ['says', 'newer', 'install'])
  document.querySelector(`[data-part=${name}]`).hidden = false;
  const [says, newer] = ['says', 'newer'].map(name => document.querySelector(`[data-part=${name}] p`));
  says.textContent = newer.textContent;
}"""


def question(at: int, kind: str) -> dict[str, Any]:
    asked: dict[str, Any] = {"id": f"o.{at}", "kind": kind, "text": {"cs": f"{at}. {LONG}?"}}
    if kind in ("one", "many"):
        asked["choices"] = [{"id": f"c{n}", "label": {"cs": LONG if n else "Ne"}} for n in range(3)]
    if kind == "number":
        asked |= {"low": 0, "high": 30, "unit": {"cs": "kusů"}}
    return asked


def make_full_walk(project: Any) -> None:
    """Twelve stops with long names near each other, every kind of question, photos not everywhere."""
    questions = [question(at, kind) for at, kind in enumerate(KINDS)]
    section = {"id": "all", "title": {"cs": LONG}, "asked": "every_stop", "questions": questions}
    with transaction():
        version = walk_changes.add_checklist(project, {"id": "all", "title": {"cs": LONG}, "sections": [section]})
        stops = [
            walk_changes.NewStop({"cs": f"{at} {LONG}"}, 50.1 + at % 3 / 1000, 14.43 + at / 2000, 60, at % 4 != 3)
            for at in range(12)
        ]
        walk_changes.add_walk(
            project_id=project,
            title={"cs": LONG},
            district={"cs": "Praha 7"},
            meeting_point={"cs": LONG},
            starts=db.session.query(Walk).filter_by(code=WALK).one().starts,
            code=FULL,
            stops=stops,
            checklists=[version],
        )


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that offers every language, with a walk, a full walk, and a call."""
    variables = {"POHLED_HOME": str(tmp_path_factory.mktemp("home")), "POHLED_LANGUAGES": ",".join(TONGUES)}
    app = create_app(Settings.read(variables))
    with app.app_context():
        made = make_walk(WALK)
        make_full_walk(made.project_id)
        make_call(made.project_id, CALL)
    with _served(variables, tmp_path_factory.mktemp("log") / "server.log") as url:
        yield Site(url, app)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("filechooser", caught)
    yield page
    context.close()


def picture(at: int = 0) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (480, 640) if at % 2 else (640, 480), (60, 90 + 4 * at, 120)).save(data, "JPEG")
    return data.getvalue()


class Look:
    """Looks at what is open, and remembers what is wrong with it."""

    def __init__(self, page: Page, axe: bool = True) -> None:
        self.page, self.wrong, self.by_axe = page, list[str](), axe
        self.axe = Axe().axe_script

    def __call__(self, name: str) -> None:
        """Everything: axe in light and dark, the width, the targets."""
        page = self.page
        page.evaluate(UNSTUCK)
        found = page.evaluate(SMALL_TARGETS, TARGET_PIXELS)
        if self.by_axe:
            page.evaluate(f"() => {{ if (!window.axe) {{ {self.axe} }} }}")
            found += violations(page)
            page.emulate_media(color_scheme="dark")
            found += page.evaluate(COLOURS_ALONE)
            page.emulate_media(color_scheme="light")
        self.wrong += [f"{name}: {each}" for each in found]
        self.width(name)

    def width(self, name: str) -> None:
        """Only the width: at 320 px, and at 200 % zoom of that page on a phone."""
        for size in (ZOOMED, NARROW):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            found = self.page.evaluate(TOO_WIDE)
            self.wrong += [f"{name}, {size['width']} px: wider than the screen: {each}" for each in found]
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", OTHERS)
def test_every_view_is_for_everybody(everywhere: Site, page: Page, language: str, soak: bool) -> None:
    # What axe finds in one language it finds in the other; widths are each language's own.
    app, look = App(page, everywhere.url, FULL, language), Look(page, axe=soak or language == "cs")
    app.open_cover()
    look("cover")
    app.begin()
    page.locator("[data-do=join]").click()
    expect(page.locator("[data-part=says]")).to_be_visible()
    look("agree, sent back")
    before = ["notice", "nothing", "languages"]
    for name in before:
        app.show(name)
        look(name)
    app.show("agree")
    app.join()
    look("code")
    app.show("home")
    look("home, fresh")
    cards = app.cards()
    assert sorted(kind for _, kind in cards) == sorted(KINDS)
    for name, kind in cards:
        app.show(f"ask/1/{name}")
        look(f"question: {kind}")
        app.answer(1, name, kind)
    page.locator("[data-do=remark]").click()
    look("remark")
    app.show("done/1")
    look("done")
    app.show("done/4")
    look("done, with open questions and without photos")
    app.offline = True
    app.show(f"ask/2/{cards[0][0]}")
    app.add_photo(picture())
    look("photo, first step")
    page.locator("#photo-caption").fill(LONG)
    page.locator("[data-view=photo] [data-do=next]").click()
    page.locator("[data-view=photo] [data-do=done]").click()
    page.locator("[data-do=take-back]").click()
    look("photo, second step")
    photo = page.evaluate("() => location.hash.slice(1)")
    app.show("photos")
    photos = PHOTOS[language]
    app.add_photo(*(picture(at) for at in range(photos)))
    expect(page.locator(".album > li")).to_have_count(1 + photos, timeout=60_000)
    look("photos")
    app.show("tray")
    look("tray, waiting")
    page.evaluate("() => document.querySelectorAll('[data-view=me] details').forEach(each => { each.open = true })")
    app.show("me")
    look("me")
    app.show("home")
    page.evaluate(NOTES)
    look("home, with every note")
    views = ["agree", *before, "home", "done/1", photo, "photos", "tray", "me"]
    views += [f"ask/1/{name}" for name, _ in cards]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for other in OTHERS[language]:
        app.open(other)
        for name in views:
            app.show(name)
            look.wrong += [f"{name} in {other}: {each}" for each in page.evaluate(TOO_WIDE)]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{everywhere.url}/start/{language}?all")
    look("start")
    app.open(language, CALL)
    look("same")
    app.offline = False
    page.locator("[data-do=same]").click()
    expect(page.locator("section[data-view=home]")).to_be_visible()
    look("home of a call")
    app.show("tray")
    page.locator("[data-part=send]").click()
    look("tray, sending")
    assert not look.wrong, "\n".join(dict.fromkeys(look.wrong))


# the keyboard alone


def heading(page: Page, view: str) -> None:
    """The focus is on the heading of the view that came."""
    page.locator(f"section[data-view={view}] :is(h1, h2):focus").wait_for(state="attached")


def enter(page: Page, selector: str, view: str) -> None:
    """Goes there by Tab, and on by Enter to the heading of a view."""
    tab_to(page, selector)
    page.keyboard.press("Enter")
    heading(page, view)


def test_the_keyboard_is_enough(everywhere: Site, page: Page, tmp_path: Path) -> None:
    app = App(page, everywhere.url, WALK, "en")
    app.open_cover()
    tab_to(page, "input[name=perspective]")
    page.keyboard.press("Space")
    tab_to(page, "button[form=take-part]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    app.until("() => document.body.dataset.ready === 'yes'")
    for purpose in PURPOSES:
        tab_to(page, f"section[data-view=agree] input[name={purpose}]")
        page.keyboard.press("ArrowRight" if purpose == "web" else "Space")
    expect(page.locator("[data-part=chosen]")).to_contain_text(f"{len(PURPOSES)} of {len(PURPOSES)}")
    enter(page, "[data-do=join]", "code")
    enter(page, "[data-foot=code] a", "home")
    enter(page, "[data-part=go]", "ask")

    first, second, third = (name for name, _ in app.cards())
    tab_to(page, f"input[name='{first}']")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"input[name='{first}'][value='3']")
    expect(chosen).to_be_checked()
    page.wait_for_timeout(500)  # longer than a tap takes to bring the next question: the arrows do not bring it
    expect(chosen).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(f"form[data-question='{second}'] h1:focus").wait_for(state="attached")
    tab_to(page, "textarea")
    page.keyboard.type("benches")
    tab_to(page, "[data-do=on]")
    page.keyboard.press("Enter")
    page.locator(f"form[data-question='{third}'] h1:focus").wait_for(state="attached")

    tab_to(page, "[data-part=shutter]")
    file = tmp_path / "a.jpg"
    file.write_bytes(picture())
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(file)
    heading(page, "photo")
    tab_to(page, "#photo-caption")
    page.keyboard.type("steps")
    enter(page, "[data-view=photo] [data-do=next]", "photo")
    tab_to(page, "input[name=photo-people]")
    page.keyboard.press("Space")
    tab_to(page, "[data-view=photo] [data-do=done]")
    page.keyboard.press("Enter")
    page.locator("section:not([hidden]) :is(h1, h2):focus").wait_for(state="attached")
    expect(page.locator("section[data-view=photo]")).to_be_hidden()

    app.show(f"ask/1/{third}")
    tab_to(page, f"input[name='{third}']")
    page.keyboard.press("Space")
    heading(page, "done")
    enter(page, "[data-part=next]", "ask")
    enter(page, "[data-part=back]", "home")
    enter(page, "a.tray", "tray")
    expect(page.locator("[role=status] > a.tray")).to_be_visible()
    expect(page.locator("[data-part=sum]")).to_have_text("1 large picture waits for a tap")
    tab_to(page, "[data-part=send]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=sum]")).to_have_text("Everything has been received")
