"""Somebody's phone: a Chromium with a profile that stays, and a line to the server that a test may cut."""

import contextlib
import os
import re
import select
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import BrowserContext, BrowserType, Error, FilePayload, Locator, Page, expect

from tests.journeys.conftest import PHONE
from tests.server import HOST, alive, free_port, wait_until
from webapp.bench.phone import QUIET, find_browser

PATIENCE = 15_000  # milliseconds
CLOSED = 10  # seconds in which a killed browser is gone
READ = 65_536
STORED = """async (shelf) => {
  const opening = indexedDB.open('pohled');
  await new Promise((done, fail) => { opening.onsuccess = done; opening.onerror = fail; });
  const db = opening.result;
  const all = (name) => new Promise((done, fail) => {
    const asked = db.transaction(shelf).objectStore(shelf)[name]();
    asked.onsuccess = () => done(asked.result);
    asked.onerror = fail;
  });
  const [keys, rows] = [await all('getAllKeys'), shelf === 'data' ? [] : await all('getAll')];
  db.close();
  return keys.map((key, at) => [key, rows[at]?.thumb ? { ...rows[at], thumb: true } : rows[at] ?? null]);
}"""
"""What lies on a shelf of the phone's own store: pairs of key and row, without any bytes."""


def caught(_: object) -> None:
    """Listens for file choosers from a page's beginning: Playwright asks the browser for them at the first listener
    only, and a key or a click right after it overtakes that."""


class Line:
    """The way from a phone to the server's port. Cut, it refuses, and whatever was under way breaks."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.port = free_port()
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self.mend()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def mend(self) -> None:
        if self._listener is None:
            self._listener = socket.create_server((HOST, self.port), reuse_port=False, backlog=64)
            threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def cut(self) -> None:
        listener, self._listener = self._listener, None
        for each in [listener, *self._open]:
            if each:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection((HOST, self.to))
                if self._listener is not listener:
                    near.close()
                    far.close()
                    return
                self._open |= {near, far}
                threading.Thread(target=self._carry, args=[near, far], daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            while True:
                for source in select.select([near, far], [], [])[0]:
                    data = source.recv(READ)
                    if not data:
                        raise OSError
                    (far if source is near else near).sendall(data)
        for each in (near, far):
            self._open.discard(each)
            each.close()


class Phone:
    """One phone, named after what its owner does with it. `start` after `kill` finds what the phone has kept."""

    def __init__(self, browser: BrowserType, profile: Path, line: Line | None, address: str = "") -> None:
        self.browser = browser
        self.profile = profile
        self.line = line
        self.address = address or f"http://{HOST}:{line.port if line else 0}"
        self.options: Sequence[str] = ()
        self.language = "en-GB"
        self.online = True
        self.errors: list[str] = []
        self._context: BrowserContext | None = None
        self._page: Page | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._context:
            self._context.close()

    @property
    def page(self) -> Page:
        assert self._page, "the browser is not running"
        return self._page

    @property
    def context(self) -> BrowserContext:
        assert self._context, "the browser is not running"
        return self._context

    # --- the browser itself

    def start(self) -> Self:
        context = self.browser.launch_persistent_context(
            self.profile,
            executable_path=find_browser(),
            args=[*QUIET, *self.options],
            base_url=self.address,
            viewport=PHONE,  # type: ignore[arg-type]
            locale=self.language,
            has_touch=True,
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        context.set_offline(not self.online)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self._context, self._page = context, context.pages[0]
        self.page.on("filechooser", caught)
        return self

    def kill(self) -> None:
        """SIGKILL to the browser, as when the system needs its memory."""
        pid = self._pid
        context, self._context, self._page = self.context, None, None
        with context.expect_event("close", timeout=CLOSED * 1000):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not alive(pid), CLOSED, "the browser is dead")

    def doom(self, seconds: float) -> threading.Timer:
        """Kills the browser so many seconds after it was started."""
        return threading.Timer(seconds, os.kill, [self._pid, signal.SIGKILL])

    def until_dead(self, act: Callable[[], None], doom: threading.Timer) -> None:
        """Its owner does something without an end, until the browser is killed in the middle of it."""
        pid = self._pid
        try:
            act()
        except (Error, AssertionError):
            if doom.ident is None:  # it never began
                raise
            doom.join()
        wait_until(lambda: not alive(pid), CLOSED, "the browser is dead")
        self._context = self._page = None

    @property
    def _pid(self) -> int:
        return int((self.profile / "SingletonLock").readlink().name.rpartition("-")[2])

    def lose_signal(self) -> None:
        self.online = False
        self.context.set_offline(True)
        if self.line:
            self.line.cut()

    def find_signal(self) -> None:
        self.online = True
        if self.line:
            self.line.mend()
        self.context.set_offline(False)

    def tab(self) -> "Phone":
        """One more tab of the same browser."""
        other = Phone(self.browser, self.profile, self.line, self.address)
        other._context, other._page = self.context, self.context.new_page()
        return other

    # --- what its owner does

    def open(self, address: str) -> None:
        self.page.goto(address)

    def open_app(self, address: str = "/start/en") -> None:
        """By its icon, unless a page is named."""
        self.page.goto(address)
        self.is_ready()

    def is_ready(self) -> None:
        expect(self.page.locator("body[data-ready=yes]")).to_be_attached(timeout=PATIENCE)

    def come_in(self, code: str) -> None:
        """The cover, up to the choices."""
        self.open(f"/j/{code}")
        self.page.get_by_label("I work for an NGO").check()
        expect(self.page.locator("form[data-module=cover]")).to_have_attribute("data-state", "started")
        self.page.get_by_role("button", name="Continue").click()
        self.is_ready()

    def agree(self) -> str:
        """Yes to everything; gives the recovery code."""
        self.choose()
        self.save_choices()
        return self.write_code_down()

    def choose(self) -> None:
        self.sees("agree")
        for each in self.page.locator("section[data-view=agree] fieldset[data-purpose]").all():
            each.locator("input[value=yes]").check()

    def save_choices(self) -> None:
        self.page.locator("[data-do=join]").click()

    def write_code_down(self) -> str:
        self.sees("code")
        code = self.page.locator("[data-part=code]").inner_text()
        self.page.get_by_role("link", name="I have written it down").click()
        self.sees("home")
        return code

    def join(self, code: str) -> str:
        """From the cover to a walk that is ready offline; gives the recovery code."""
        self.come_in(code)
        recovery = self.agree()
        self.ready_offline()
        return recovery

    def ready_offline(self) -> None:
        expect(self.page.locator("[data-part=ready]")).to_have_text(
            re.compile(r"^\W*Ready offline: (\d+) of \1\W*$"), timeout=PATIENCE
        )
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def sees(self, view: str) -> None:
        expect(self.page.locator(f"body[data-shown={view}]")).to_be_attached(timeout=PATIENCE)

    def look_at(self, place: str) -> None:
        """A view by its address, as by a link to it."""
        self.page.evaluate("hash => { location.hash = hash }", place)
        view, _, rest = place.partition("/")
        self.sees({"stop": "ask"}.get(view, view))
        if view == "ask" and (stop := rest.partition("/")[0]) != "0":  # other stops ask by the same names
            expect(self.page.locator("[data-part=stamp]")).to_have_text(stop, timeout=PATIENCE)

    @property
    def card(self) -> Locator:
        return self.page.locator("form[data-question]:visible")

    def question(self, name: str) -> Locator:
        """The card of that question, once it is the one that is shown."""
        card = self.page.locator(f'form[data-question="{name}"]')
        expect(card).to_be_visible(timeout=PATIENCE)
        return card

    def tap(self, question: str, value: str) -> None:
        self.question(question).locator(f'input[value="{value}"]').check()
        self.is_saved(question)

    def write(self, question: str, words: str) -> None:
        self.question(question).locator(f'textarea[name="{question}"]').fill(words)
        self.is_saved(question)

    def remark(self, question: str, words: str) -> None:
        self.page.locator("[data-do=remark]").click()
        self.question(question).locator("textarea[name=remark]").fill(words)
        self.is_saved(question)

    def is_saved(self, question: str) -> None:
        expect(self.page.locator(f'form[data-question="{question}"][data-saved=yes]')).to_be_attached()

    def go_on(self) -> None:
        self.page.locator("[data-do=on]").click()

    def next_stop(self) -> None:
        self.sees("done")
        self.page.locator("[data-foot=done] [data-part=next]").click()

    def choose_photos(self, files: Sequence[FilePayload]) -> None:
        with self.page.expect_file_chooser() as asked:
            self.page.locator("[data-do=choose]:visible").click()
        asked.value.set_files(files)

    def add_photo(self, file: FilePayload, caption: str) -> None:
        """One photo from the album to "Done", with words and nobody in it."""
        self.look_at("photos")
        self.choose_photos([file])
        self.sees("photo")
        self.caption.fill(caption)
        self.finish_photo()

    @property
    def photos(self) -> Locator:
        return self.page.locator("[data-view=photos] [data-photo]")

    @property
    def caption(self) -> Locator:
        return self.page.locator("#photo-caption")

    def open_photo(self, id: str) -> None:
        self.page.locator(f'[data-photo="{id}"] a').click()
        self.sees("photo")
        expect(self.caption).to_be_visible()

    def finish_photo(self) -> None:
        self.page.locator("[data-view=photo] [data-do=next]").click()
        self.page.locator("[name=photo-people][value=none]").check()
        self.page.locator("[data-view=photo] [data-do=done]").click()
        self.sees("photos")

    def take_photo_back(self) -> None:
        self.page.locator("[data-view=photo] [data-do=next]").click()
        self.page.get_by_role("button", name="Take this photo back", exact=True).click()
        self.page.get_by_role("button", name="Yes, take this photo back for good").click()
        self.sees("photos")

    def send_originals(self, how: str) -> None:
        self.look_at("tray")
        self.page.get_by_label(how).check()

    def waits(self, number: int) -> None:
        """What the strip in the header says is here."""
        expect(self.page.locator("[data-part=here]")).to_contain_text(f"{number} on this phone", timeout=PATIENCE)

    def everything_received(self) -> None:
        self.look_at("tray")
        expect(self.page.locator("[data-part=sum]")).to_have_text(
            "Everything has been received", timeout=2 * PATIENCE
        )
        self.waits(0)

    def everything_received_but_originals(self) -> None:
        self.look_at("tray")
        expect(self.page.locator("[data-part=sum]")).to_have_text(
            re.compile(r"^(Everything has been received|\d+ large pictures? waits? for a tap)$"), timeout=2 * PATIENCE
        )

    def recover(self, code: str, recovery: str) -> None:
        """Goes on here as who has joined on another phone."""
        self.open(f"/j/{code}")
        expect(self.page.locator("form[data-module=cover]")).to_have_attribute("data-state", "started")
        self.page.get_by_role("link", name="I have a recovery code").click()
        self.give_code(recovery)
        self.ready_offline()

    def give_code(self, recovery: str) -> None:
        expect(self.page.locator("body[data-module=recover]")).to_have_attribute("data-state", "started")
        self.page.locator("#recovery").fill(recovery)
        self.page.get_by_role("button", name="Continue").click()
        self.is_ready()

    # --- what lies in its store

    def stored(self, shelf: str) -> dict[str, Any]:
        return dict(self.page.evaluate(STORED, shelf))

    def is_kept(self, hash: str) -> None:
        """Waits until the phone would come back to this view after a kill."""

        def kept() -> bool:
            places = [row for name, row in self.stored("settings").items() if name.startswith("at:")]
            return any(row["hash"] == hash for row in places)

        wait_for(self.page, kept, f"{hash} is kept")

    def draft_of(self, kind: str) -> dict[str, Any]:
        """The rows of one kind, by id."""
        return {id: row for id, row in self.stored("drafts").items() if row["kind"] == kind}


def wait_for(page: Page, condition: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Asks again, ten times a second at most; the browser goes on meanwhile."""
    for _ in range(round(seconds * 10)):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")
