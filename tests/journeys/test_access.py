"""Every page for everybody: axe, narrow screens, targets for thumbs, the keyboard alone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, Ground, OpenPage, Site
from tests.journeys.test_thin_walk import stay_plain
from tests.makers import PASSWORD, PURPOSES, make_call, make_exhibition, make_links, make_photo
from tests.makers_photo import turned
from webapp.database import db, transaction
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition.rules import State
from webapp.people import queries as people_queries
from webapp.photo.queries import photos_of_project
from webapp.walk.tables import Walker

NARROW = {"width": 320, "height": 640}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
LANGUAGES = [  # the longer and the mirrored one are English; widths in all of them: test_phone_access.py
    ("cs", "dark"),
    pytest.param("ar-XB", "light", marks=pytest.mark.soak),
    pytest.param("en-XA", "dark", marks=pytest.mark.soak),
]
TARGET_PIXELS = 44
LONG = "Neobhospodařovávatelnějšího" * 3 + " a ještě něco"

# What a thumb must hit, but is less high than it should be. A label's target is its field, where that is high
# enough; what stands inside a sentence is left out, as in WCAG 2.2, 2.5.8.
SMALL_TARGETS = """least => {
  const low = element => element.getBoundingClientRect().height < least - 0.5;
  const seen = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: false })
    && element.getBoundingClientRect().width > 2;
  const field = label => label.control && label.control.type !== 'hidden' && !low(label.control);
  const kinds = 'a, button, summary, label, textarea, select, input:not([type=hidden])';
  return [...document.querySelectorAll(kinds)]
    .filter(element => seen(element) && low(element))
    .filter(element => getComputedStyle(element).display !== 'inline')
    .filter(element => !(element.matches('label') && field(element)))
    .map(element => `${element.outerHTML.slice(0, 120)} ${element.getBoundingClientRect().height}px`);
}"""
# Whatever lies under the sticky head or foot can be scrolled out from there; axe would call it a small target.
UNSTUCK = "() => document.querySelectorAll('.top, .foot').forEach(each => { each.style.position = 'static' })"
TOO_WIDE = """() => {
  const root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth <= width) return [];
  const outside = [...document.querySelectorAll('body *')].filter(element => {
    const box = element.getBoundingClientRect();
    return (box.right > width + 1 || box.left < -1) && !element.closest('.scroll, .vh');
  });
  return [`${root.scrollWidth} > ${width}`, ...outside.slice(0, 4).map(each => each.outerHTML.slice(0, 120))];
}"""


@pytest.fixture
def pages(site: Site, ground: Ground, open_page: OpenPage) -> "Pages":
    return Pages(site, ground, open_page())


class Pages:
    """Leads one browser to every page in turn."""

    def __init__(self, site: Site, ground: Ground, page: Page) -> None:
        self.site, self.ground, self.page, self.walk = site, ground, page, ground.walk
        self.call_code = f"C{ground.walk.code[1:]}X"
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    def visit(self, look: Callable[[str, Page], None]) -> None:
        """Calls `look` with the name of each page, which is then open."""
        self._outside(look)
        self._walk(look)
        self._photos(look)
        self._call(look)
        self._mine(look)
        self._desk(look)
        self._walk_at_the_desk(look)
        self._project(look)
        self._exhibition(look)
        self._people(look)

    def _each(self, look: Callable[[str, Page], None], pages: dict[str, str]) -> None:
        """Looks at each page, by its name."""
        for name, address in pages.items():
            self.page.goto(address)
            look(name, self.page)

    def _outside(self, look: Callable[[str, Page], None]) -> None:
        with self.site.app.app_context():
            owner = people_queries.organiser_by_email(self.ground.email)
            assert owner is not None
            invitation, reset = make_links(self.site.app, self.walk.project_id, owner.id)
            self.call = make_call(self.walk.project_id, self.call_code)
        self._each(
            look,
            {
                "front": "/",
                "languages": "/languages",
                "join": f"/j/{self.walk.code}",
                "join a call": f"/j/{self.call_code}",
                "notice": f"/j/{self.walk.code}/notice",
                "recover": "/plain/recover",
                "error": "/nowhere",
                "unknown participant": f"/plain/walks/{self.walk.walk_id}",
                "nothing kept": f"/plain/join/{self.walk.code}/nothing-kept",
                "invitation": f"/desk/invitation/{invitation}",
                "new password": f"/desk/reset/{reset}",
                "unknown invitation": "/desk/invitation/nowhere",
                "consent": f"/plain/join/{self.walk.code}?perspective=ngo",
            },
        )
        self._send()
        look("consent sent back", self.page)

    def _walk(self, look: Callable[[str, Page], None]) -> None:
        for purpose in PURPOSES:
            self.page.locator(f"input[name={purpose}][value=yes]").check()
        self._send()
        look("recovery code", self.page)
        self.page.goto(f"/plain/walks/{self.walk.walk_id}")
        look("stops", self.page)
        self.page.goto(f"/plain/walks/{self.walk.walk_id}/photos")
        look("no photos yet", self.page)
        self.page.goto(self.walk.answer_address())
        look("answer", self.page)
        self.page.locator("input[name='b.1'][value='4']").check()
        self.page.locator("textarea[name='b.2']").evaluate("(area, words) => { area.value = words }", "ž" * 6000)
        self._send()
        look("answer sent back", self.page)
        self.page.locator("textarea[name='b.2']").fill(LONG)
        self._send()
        look("observed", self.page)
        self.page.locator("input[name='s.1'][value='2']").check()
        self._send()
        look("stops with answers", self.page)

    def _photos(self, look: Callable[[str, Page], None]) -> None:
        self.page.goto(f"{self.walk.photo_address}?stop={self.walk.stops[0]}")
        look("photo form", self.page)
        self.page.locator("form#photo").evaluate("form => { form.noValidate = true }")
        self.page.locator("#caption").evaluate("(area, words) => { area.value = words }", "ž" * 1001)
        self._send()
        look("photo form sent back", self.page)
        with self.site.app.app_context():
            self.author = db.session.query(Walker).filter_by(walk_id=self.walk.walk_id).one().participant_id
            for caption, people in (({"cs": LONG}, "unreleased"), ({}, "unreleased"), ({"en": LONG}, "none")):
                data = turned(6)
                self.photo = make_photo(self.site.app, self.walk, self.author, data, caption=caption, people=people)
            broken = turned(1)[:700]
            make_photo(self.site.app, self.walk, self.author, broken, caption={"en": LONG})
        self.page.goto(f"/plain/walks/{self.walk.walk_id}/photos")
        look("my photos", self.page)

    def _call(self, look: Callable[[str, Page], None]) -> None:
        self.page.goto(f"/plain/join/{self.call_code}")
        look("join again", self.page)
        self._send()
        look("call", self.page)
        self.page.goto(f"/plain/calls/{self.call}/photos/new")
        look("photo form of a call", self.page)

    def _mine(self, look: Callable[[str, Page], None]) -> None:
        photo = f"/plain/photos/{self.photo}"
        self._each(look, {"mine": "/plain/mine", "my photo": photo, "take back": f"{photo}/take-back"})
        self._send("footer button")
        look("take back sent back", self.page)
        self._each(look, {"leave this phone": "/plain/mine/leave-phone", "all back": "/plain/mine/everything"})
        self.page.goto("/plain/mine")
        self._send("form[action$='/recovery'] button")
        look("new recovery code", self.page)

    def _desk(self, look: Callable[[str, Page], None]) -> None:
        self.page.goto("/desk/login")
        look("login", self.page)
        self.page.locator("#email").fill(self.ground.email)
        self._send("main button")
        look("login sent back", self.page)
        self.page.locator("#email").fill(self.ground.email)
        self.page.locator("#password").fill(PASSWORD)
        self._send("main button")
        look("desk", self.page)
        self._each(
            look, {"projects": "/desk?all=1", "account": "/desk/account", "error at the desk": "/desk/nowhere"}
        )

    def _walk_at_the_desk(self, look: Callable[[str, Page], None]) -> None:
        names = ["results", "photos", "tracks", "edit", "checklists"]
        names += ["checklists/belonging", "preview", "poster", "during"]
        walk = f"/desk/walks/{self.walk.walk_id}"
        self._each(look, {"answers": walk} | {f"the walk's {name}": f"{walk}/{name}" for name in names})
        self.page.goto(f"/desk/projects/{self.walk.project_id}/walks/new")
        look("new walk", self.page)
        self._send("#walk button.main")
        look("new walk sent back", self.page)

    def _project(self, look: Callable[[str, Page], None]) -> None:
        project, call = f"/desk/projects/{self.walk.project_id}", f"/desk/calls/{self.call}"
        photos = f"{project}/photos"
        self._each(
            look,
            {
                "all photos": photos,
                "no such photo": f"{photos}?search=nowhere&light=both&lack=no-caption",
                "photos on the map": f"{photos}/map",
                "photos that look alike": f"{project}/alike",
            },
        )
        self.page.goto(photos)
        address = self.page.locator(".photos figure > a").last.get_attribute("href")
        assert address
        why = f"{address.partition('?')[0]}/why"
        self._each(look, {"a photo's page": address, "why a photo is there": why})
        names = ("settings", "notice", "consent-texts", "team")
        self._each(look, {f"the project's {name}": f"{project}/{name}" for name in names})
        self.page.locator("form.invite input[value=viewer]").check()
        self._send("form.invite button")
        look("invitation made", self.page)
        self._each(
            look,
            {
                "the call's photos": call,
                "the call's poster": f"{call}/poster",
                "edit call": f"{call}/edit",
                "on whose phone": f"{call}/during",
            },
        )
        for name, address in (("new call", f"{project}/calls/new"), ("new project", "/desk/projects/new")):
            self.page.goto(address)
            look(name, self.page)
            self.page.locator("details").evaluate_all("every => every.forEach(each => (each.open = true))")
            look(f"{name}, unfolded", self.page)
            self._send("main form button.main")
            look(f"{name} sent back", self.page)

    def _exhibition(self, look: Callable[[str, Page], None]) -> None:
        with self.site.app.app_context():
            exhibition = make_exhibition(self.walk.project_id)
            for photo, state in zip(photos_of_project(self.walk.project_id), ("pick", "wanted", "out"), strict=False):
                with transaction():
                    exhibition_changes.decide(exhibition, photo.id, State(state), None)
        names = ("table", "table?view=loupe", "shortlist", "ask", "log")
        pages = {f"the exhibition's {name}": f"/desk/exhibitions/{exhibition}/{name}" for name in names}
        self._each(look, {"exhibitions": f"/desk/projects/{self.walk.project_id}/exhibitions", **pages})

    def _people(self, look: Callable[[str, Page], None]) -> None:
        project, person = f"/desk/projects/{self.walk.project_id}", f"/desk/participants/{self.author}"
        self._each(
            look, {"register": f"{project}/register", "person": person, "participants": f"{project}/participants"}
        )
        self._send("form[action$='/recovery'] button")
        look("a participant's new recovery code", self.page)
        self.page.goto(f"{person}/erase")
        look("erase", self.page)
        self._send("main form button")
        look("erase sent back", self.page)
        self.page.locator("input[name=sure]").check()
        self._send("main form button")
        look("erased", self.page)

    def _send(self, button: str = "footer button.main") -> None:
        with self.page.expect_navigation():
            self.page.locator(button).click()


@pytest.mark.parametrize(("language", "scheme"), LANGUAGES)
def test_every_page_is_for_everybody(pages: Pages, language: str, scheme: str, soak: bool) -> None:
    axe, wrong = Axe(), []
    pages.page.context.add_cookies([{"name": "pohled_language", "value": language, "url": pages.site.url}])
    pages.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]

    def look(name: str, page: Page) -> None:
        assert page.locator("html").get_attribute("lang") == language, name
        page.evaluate(UNSTUCK)
        own = PHONE if page.locator("body.phone").count() else DESK
        # Axe takes most of the time: once in each scheme and direction, and of both sizes once in a long run.
        sizes = {"cs": (PHONE, DESK) if soak else (own,), "ar-XB": (own,)}.get(language, ())
        if sizes:
            page.evaluate(axe.axe_script)
        for size in sizes:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            wrong.extend(f"{name}, {size['width']} px: {each}" for each in violations(page))
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        wrong.extend(f"{name}, 320 px: wider than the screen: {each}" for each in page.evaluate(TOO_WIDE))
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        if page.locator("body.phone").count():
            small = page.evaluate(SMALL_TARGETS, TARGET_PIXELS)
            wrong.extend(f"{name}: a small target: {each}" for each in small)

    pages.visit(look)
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def violations(page: Page) -> list[str]:
    """What axe finds on the open page, a line each."""
    found = page.evaluate(
        """tags => axe.run({ runOnly: tags, resultTypes: ['violations'] }).then(told =>
            told.violations.map(each => `${each.id}: ${each.help}: ${each.nodes.slice(0, 3)
                .map(node => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | ')}`))""",
        TAGS,
    )
    return list(found)


# the keyboard alone

HIDDEN_FOCUS = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect();
  if (box.height > innerHeight / 2) return false;
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const label = top?.closest('label');
  return !top || !(element.contains(top) || top.contains(element) || label?.contains(element));
}"""


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the focus is there; on the way it is always somewhere, drawn, and not covered."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            continue  # past the last element, in the browser's own bar
        where = page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate("() => document.activeElement.matches(':focus-visible')"), f"not drawn: {where}"
        assert not page.evaluate(HIDDEN_FOCUS), f"the focus hides: {where}"
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def press_enter_on(page: Page, selector: str) -> None:
    """Goes there by Tab and on to the next page by Enter."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_keyboard_is_enough(ground: Ground, open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/")
    tab_to(page, "input[name=code]")
    page.keyboard.type(ground.walk.code)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A short walk")

    tab_to(page, "input[name=perspective]")
    page.keyboard.press("Space")
    expect(page.get_by_label("I work for an NGO")).to_be_checked()
    press_enter_on(page, "footer button.main")
    stay_plain(page, ground.walk.code)

    for purpose in PURPOSES:
        tab_to(page, f"input[name={purpose}]")
        page.keyboard.press("ArrowRight" if purpose == "web" else "Space")
    expect(page.locator("input[name=web][value=no]")).to_be_checked()
    press_enter_on(page, "footer button.main")
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    press_enter_on(page, "footer a.main")
    expect(page.get_by_role("heading", name="Stops")).to_be_visible()

    press_enter_on(page, "a.stop")
    tab_to(page, "input[name='b.1']")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name='b.1'][value='4']")).to_be_checked()
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, "textarea[name='b.1.remark']")
    page.keyboard.type("by day")
    tab_to(page, "textarea[name='b.2']")
    page.keyboard.type("benches")
    press_enter_on(page, "footer button.main")
    tab_to(page, "input[name='s.1']")
    page.keyboard.press("Space")
    press_enter_on(page, "footer button.main")
    expect(page.get_by_text("Answered; you can change it")).to_be_visible()

    press_enter_on(page, "footer a[href$='/photos/new']")
    expect(page.locator("[data-module=photo-preview]")).to_have_attribute("data-state", "started")
    tab_to(page, "input[type=file]")
    page.locator(":focus").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": turned(6)})
    expect(page.locator(".shot img")).to_be_visible()
    tab_to(page, "textarea[name=caption]")
    page.keyboard.type("steps")
    tab_to(page, "input[name=down]")
    page.keyboard.press("Space")
    tab_to(page, "input[name=people]")
    page.keyboard.press("Space")
    press_enter_on(page, "footer button.main")
    expect(page.get_by_text("1 received")).to_be_visible()
    expect(page.get_by_text("steps")).to_be_visible()
