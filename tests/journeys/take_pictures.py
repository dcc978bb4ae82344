"""Takes the pictures of docs/pictures, of the demo: `python -m tests.journeys.take_pictures`."""

import argparse
import io
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from tests.journeys.conftest import PHONE, ROOT
from tests.server import Served
from webapp.bench.phone import QUIET, find_browser
from webapp.demo import content
from webapp.demo.others import CALL, SAPA
from webapp.demo.scenes import draw
from webapp.words import LANGUAGES

PICTURES = ROOT / "docs/pictures"
SPOKEN = ("cs", "en", "vi")
SCHEMES = ("light", "dark")
COLOURS = 96
PATIENCE = 20  # seconds
STARTED = "() => document.body.dataset.ready === 'yes'"
SHOWS = "view => document.body.dataset.shown === view"
ASKS = """([stop, name]) => document.querySelector(`[data-question='${name}']`).hidden === false
  && document.querySelector('[data-part=stamp]').textContent === stop"""
CARDS = """() => [...document.querySelectorAll('form[data-question]')]
  .map(({ dataset }) => [dataset.question, dataset.kind, dataset.when])"""
SHORT = {"cs": "Tady se zastavím ráda.", "en": "A bench, shade, and nobody asks.", "vi": "Ở đây tôi thấy dễ chịu."}
TITLES = {
    "cover": "What somebody sees who scans the code",
    "agree": "One question for each use, nothing chosen beforehand",
    "code": "The recovery code",
    "home": "The walk: what is done, where to go on",
    "question": "A question: one tap, and the next one comes",
    "number": "A question that is answered by a number",
    "done": "A stop is done",
    "photo": "A photo and its caption",
    "photo-2": "Who is in the picture, and what it is about",
    "photos": "One’s own photos",
    "tray": "What waits on the phone without a signal",
    "me": "What may be used; taking it back",
    "languages": "Languages",
    "call": "A call for photos",
}


class App:
    """The phone's app in a browser, moved about by its addresses. Every step waits for what it brings."""

    def __init__(self, page: Page, url: str, code: str, language: str) -> None:
        self.page, self.url, self.code, self.language = page, url, code, language
        self.offline = False
        page.context.route("**/api/v1/**", lambda route: route.abort() if self.offline else route.continue_())

    def open_cover(self) -> None:
        cookie: Any = {"name": "pohled_language", "value": self.language, "url": self.url}
        self.page.context.add_cookies([cookie])
        self.page.goto(f"{self.url}/j/{self.code}")
        self.page.locator("[data-module=cover][data-state=started]").wait_for(state="attached")

    def begin(self) -> None:
        self.page.locator("input[name=perspective]").first.check()
        with self.page.expect_navigation():
            self.page.locator("button[form=take-part]").click()
        self.until(STARTED)

    def join(self) -> None:
        """Agrees to everything; the recovery code is shown then."""
        for field in self.page.locator("section[data-view=agree] input[value=yes]").all():
            field.check()
        self.page.locator("[data-do=join]").click()
        self.until(SHOWS, "code")

    def open(self, language: str, place: str = "") -> None:
        """The page of this walk, or of another place, in that language."""
        self.page.goto(f"{self.url}/w/{place or self.code}/{language}")
        self.until(STARTED)

    def show(self, address: str) -> None:
        """The view behind a hash."""
        self.page.evaluate("address => { location.hash = address }", address)
        view, *rest = address.split("/")
        self.until(SHOWS, view)
        if view == "ask":
            self.until(ASKS, rest)

    def cards(self) -> list[tuple[str, str]]:
        """The questions of every stop, with their kinds."""
        return [(name, kind) for name, kind, when in self.page.evaluate(CARDS) if when != "once"]

    def answer(self, stop: int, name: str, kind: str, at: int = 1) -> None:
        """Answers one question and waits until that is on the disk."""
        self.show(f"ask/{stop}/{name}")
        card = self.page.locator(f'form[data-question="{name}"]')
        if kind in ("text", "number"):
            card.locator("textarea, input.num").first.fill("3")
        elif kind == "many":
            card.locator("input[type=checkbox]").nth(at).check()
        else:
            card.locator("input[type=radio]").nth(at).check()
        self.until("name => document.querySelector(`[data-question='${name}'][data-saved=yes]`) !== null", name)

    def add_photo(self, *files: bytes) -> None:
        """As from the camera; one opens its form, several the list."""
        here = self.page.locator("[data-part=chosenfiles]")
        here.set_input_files([FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=data) for data in files])
        self.until(SHOWS, "photo" if len(files) == 1 else "photos")
        if len(files) == 1:
            self.page.locator("[data-view=photo] img[data-part=picture]").wait_for()

    def until(self, condition: str, *args: Any) -> None:
        """Polls; the policy forbids what Playwright's own waiting does in the page."""
        end = time.monotonic() + PATIENCE
        while not self.page.evaluate(condition, *args):
            assert time.monotonic() < end, f"not within {PATIENCE} s: {condition} {args} at {self.page.url}"
            time.sleep(0.03)


def tour(app: App, photos: Sequence[tuple[bytes, str]], look: Callable[[str], None]) -> None:
    """Calls `look` with each picture's name, when its view is open."""
    app.open_cover()
    look("cover")
    app.begin()
    look("agree")
    app.join()
    look("code")
    app.show("home")
    app.page.locator("[data-part=ready].got").wait_for()
    cards = app.cards()
    for stop, some in ((1, cards), (2, cards), (3, cards[:3])):
        for at, (name, kind) in enumerate(some):
            app.answer(stop, name, kind, at % 3)
    app.show("done/1")
    look("done")
    # The choice goes on to the next question by itself; the picture shows the answer that stays.
    app.show(f"ask/3/{cards[0][0]}")
    look("question")
    app.show(f"ask/3/{next(name for name, kind in cards if kind == 'number')}")
    look("number")
    app.until("() => document.querySelector('[data-part=here]').textContent.trim().startsWith('0')")
    app.offline = True
    for at, (data, caption) in enumerate(photos):
        app.show(f"ask/3/{cards[0][0]}")
        app.add_photo(data)
        app.page.locator("#photo-caption").fill(caption)
        app.page.locator("input[name=photo-light]").nth(at % 2).check()
        if at == 0:
            app.page.evaluate("() => document.activeElement.blur()")
            look("photo")
        app.page.locator("[data-view=photo] [data-do=next]").click()
        app.page.locator("input[name=photo-people]").first.check()
        if at == 0:
            look("photo-2")
        app.page.locator("[data-view=photo] [data-do=done]").click()
        app.until("() => document.body.dataset.shown !== 'photo'")
    for name in ("home", "photos", "tray", "me", "languages"):
        app.show(name)
        look(name)
    app.open(app.language, CALL.code)
    app.offline = False
    app.page.locator("[data-do=same]").click()
    app.until(SHOWS, "home")
    app.page.locator("[data-part=ready].got").wait_for()
    look("call")


def keep(page: Page, name: str, colours: int) -> None:
    """What the page shows now, as a small file."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(colours, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


def take(browser: Browser, url: str, language: str, scheme: str, photos: Sequence[tuple[bytes, str]]) -> None:
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale=language,
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()

    def look(name: str) -> None:
        page.evaluate("() => scrollTo(0, 0)")
        page.wait_for_timeout(150)  # for what is drawn after it is there: pictures out of the store
        keep(page, f"phone-{language}-{scheme}-{name}", COLOURS)

    tour(App(page, url, SAPA.code, language), photos, look)
    context.close()


def index() -> str:
    """The page that shows them all."""
    lines = [
        "# The phone's app in pictures",
        "",
        "Taken of the demo by `python -m tests.journeys.take_pictures`; the photos in them are drawn by the program.",
        "",
    ]
    for name, title in TITLES.items():
        names = [f"{code}-{scheme}" for code in SPOKEN for scheme in SCHEMES]
        shown = (f"![{title}, {LANGUAGES[each[:2]].name}, {each[3:]}](phone-{each}-{name}.png)" for each in names)
        lines += [
            f"## {title}",
            "",
            f"| {' | '.join(f'{LANGUAGES[each[:2]].name}, {each[3:]}' for each in names)} |",
            f"| {' | '.join('---' for _ in names)} |",
            f"| {' | '.join(shown)} |",
            "",
        ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", action="append", choices=SPOKEN)
    wanted = parser.parse_args().language or SPOKEN
    scenes = [photo for photo in content.PHOTOS if photo.scene.width > photo.scene.height][:3]
    drawn = [draw(photo.scene) for photo in scenes]
    with (
        tempfile.TemporaryDirectory() as folder,
        Served(Path(folder) / "home", "demo", {"POHLED_LANGUAGES": "cs,en,uk,vi,ru"}) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        for language in wanted:
            captions = [photo.caption if at or language == "cs" else "" for at, photo in enumerate(scenes)]
            said = [(data, caption or SHORT[language]) for data, caption in zip(drawn, captions, strict=True)]
            for scheme in SCHEMES:
                take(browser, server.address, language, scheme, said)
        browser.close()
    (PICTURES / "README.md").write_text(index())


if __name__ == "__main__":
    main()
