"""A phone of the measurement: a real Chromium with a profile of its own, led through the app as a person goes."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from webapp.bench import CannotMeasure

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page, Request

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = (
    f"There is no browser to measure in: install one of {', '.join(BROWSERS)} (on Debian: apt install chromium)."
)
NO_PLAYWRIGHT = "Playwright is not installed: ./pohled test installs it, elsewhere pip install playwright."
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZE = (360, 740)
PATIENCE = 60_000  # ms for one step
SWEEPING = 2000  # ms
READING = 1000  # ms in which a person reads the next question; what the last answer still caused is done then
TOUCHING = 80  # ms that a finger rests on the glass in a tap
# What happens in the page is timed in the page: from the event's own time to the change that a person sees.
WATCH = """
  window.bench = { tapped: 0, saved: [], chosen: 0, shown: [] };
  addEventListener('pointerup', event => { bench.tapped = event.timeStamp }, true);
  addEventListener('change', event => { if (event.target.type === 'file') bench.chosen = performance.now() }, true);
  new MutationObserver(changes => {
    for (const { target, attributeName } of changes) {
      if (attributeName === 'data-saved' && target.dataset.saved) bench.saved.push(performance.now() - bench.tapped);
      if (attributeName === 'data-shown' && target.dataset.shown === 'photo' && bench.chosen)
        bench.shown.push(performance.now() - bench.chosen);
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-saved', 'data-shown'] });
"""


@dataclass(frozen=True)
class Fetched:
    """One answer, in bytes as they came: `body` compressed, `head` its headers."""

    address: str
    body: int
    head: int


@dataclass
class Phone:
    """One person's browser on one server."""

    context: "BrowserContext"
    page: "Page"
    address: str
    profile: Path
    port: int | None
    _seen: "list[Request]" = field(default_factory=list)

    def fetched(self) -> list[Fetched]:
        """All that came over the line since the last time; what the phone held already does not count."""
        seen, self._seen[:] = list(self._seen), []
        return [each for each in map(_fetched, seen) if each]

    def cover(self, code: str, language: str) -> None:
        """The join page, when it is still."""
        self.page.goto(f"{self.address}/j/{code}?language={language}", wait_until="networkidle")

    def join(self) -> None:
        """From the join page to "ready offline", with every consent."""
        page = self.page
        page.locator("input[name=perspective]").first.check(force=True)
        page.locator("button[form=take-part]").click()
        page.locator("section[data-view=agree]").wait_for()
        for yes in page.locator("section[data-view=agree] input[value=yes]").all():
            yes.check(force=True)
        page.locator("[data-do=join]").click()
        page.locator("[data-foot=code] a").click()
        page.locator("[data-part=ready].got").wait_for()
        page.wait_for_load_state("networkidle")

    def slow_down(self, times: float) -> None:
        """The page's own work takes so many times as long; 1 is as it was."""
        self.context.new_cdp_session(self.page).send("Emulation.setCPUThrottlingRate", {"rate": times})

    def questions(self) -> list[str]:
        """The addresses of all questions that one tap answers, at every stop."""
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll('.stops [data-number]')].flatMap(stop =>
              [...document.querySelectorAll('form[data-question][data-when=every_stop]')]
                .filter(form => stop.dataset.number !== '0' && form.querySelectorAll('input[type=radio]').length > 2)
                .map(form => `#ask/${stop.dataset.number}/${form.dataset.question}`))"""
        )
        return found

    def go(self, to: str) -> None:
        """Another view of the same page."""
        self.page.evaluate("to => { location.hash = to }", to)

    def answer(self, question: str) -> float:
        """Taps the first answer. Milliseconds from the finger's lifting until the answer is on the disk."""
        self.go(question)
        card = self.page.locator(f'form[data-question="{question.rsplit("/", 1)[1]}"]')
        card.wait_for()
        self.page.wait_for_timeout(READING)
        self._touch(card.locator("label.pick").first)
        self.page.wait_for_function("() => bench.saved.length")
        took: list[float] = self.page.evaluate("bench.saved.splice(0)")
        self.page.wait_for_function("question => location.hash !== question", arg=question)  # it goes on by itself
        return took[0]

    def _touch(self, on: "Locator") -> None:
        """A finger's tap by the browser's own input. Playwright's `tap` lifts the finger in the moment it comes down
        and asks the page by scripts of its own where it went; both would be counted as the page's work."""
        on.scroll_into_view_if_needed()
        box = on.bounding_box()
        if box is None:
            raise CannotMeasure("What was to be tapped is not to be seen.")
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        session = self.context.new_cdp_session(self.page)
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        self.page.wait_for_timeout(TOUCHING)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        session.detach()

    def choose(self, files: Sequence[Path]) -> None:
        """Photos from the gallery."""
        with self.page.expect_file_chooser() as chooser:
            self.page.locator("[data-do=choose]:visible").click()
        chooser.value.set_files(files)

    def keep_photo(self, file: Path) -> float:
        """Milliseconds from the choosing until original and preview are on the disk, and the photo's page shows."""
        self.go("#photos")
        self.page.locator("body[data-shown=photos]").wait_for()
        self.choose([file])
        self.page.wait_for_function("() => bench.shown.length")
        took: list[float] = self.page.evaluate("bench.shown.splice(0)")
        return took[0]

    def memory(self) -> float:
        """Bytes of all its pages' processes, what they share divided among them, after everything was swept: also
        decoded pictures, which a browser keeps until memory is short."""
        session = self.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        session.send("Memory.simulatePressureNotification", {"level": "critical"})
        self.page.wait_for_timeout(SWEEPING)
        return float(sum(_shared(int(pid)) for pid in _renderers(self.profile)))


@contextmanager
def phone(address: str, profile: Path, language: str, port: int | None = None) -> Iterator[Phone]:
    """Opens it. With a port, others may speak to this browser. Raises `CannotMeasure`."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            context = playwright.chromium.launch_persistent_context(
                profile,
                executable_path=find_browser(),
                args=[*QUIET, *([f"--remote-debugging-port={port}"] if port else [])],
                viewport={"width": SIZE[0], "height": SIZE[1]},
                locale=language,
                has_touch=True,
                is_mobile=True,
                device_scale_factor=2,
            )
            context.set_default_timeout(PATIENCE)
            seen: list[Request] = []
            context.on("requestfinished", lambda request: seen.append(request))
            context.add_init_script(WATCH)
            yield Phone(context, context.pages[0], address, profile, port, seen)
            context.close()
        except Error as error:
            raise CannotMeasure(f"The browser could not do it: {str(error).splitlines()[0]}") from error


def check() -> None:
    """Raises `CannotMeasure` where something is missing."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError as error:
        raise CannotMeasure(NO_PLAYWRIGHT) from error
    find_browser()


def find_browser() -> str:
    """The system's own Chromium. Raises `CannotMeasure`."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise CannotMeasure(NO_BROWSER)
    return found


def _fetched(request: "Request") -> Fetched | None:
    response = request.response()
    # What a service worker gives has been counted where the worker fetched it.
    if response is None or response.from_service_worker or not request.url.startswith("http"):
        return None
    parts, sizes = urlsplit(request.url), request.sizes()
    # Nothing came over the line for what the browser had kept, nor for a 304. Of the service worker's own script the
    # browser counts nothing, so there the server's word is taken.
    body = sizes["responseBodySize"]
    if body <= 0 and parts.path == "/sw.js":
        body = int(response.headers.get("content-length", 0))
    if body <= 0 and response.ok:
        return None
    address = parts.path + (f"?{parts.query}" if parts.query else "")
    return Fetched(address, max(body, 0), sizes["responseHeadersSize"])


def _renderers(profile: Path) -> Iterator[str]:
    """The processes of this browser that hold pages."""
    parents = dict[str, tuple[str, bytes]]()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            parents[folder.name] = (parent, (folder / "cmdline").read_bytes())
    ours = {pid for pid, (_, command) in parents.items() if f"--user-data-dir={profile}".encode() in command}
    for pid, (_, command) in parents.items():
        above = pid
        while above in parents and above not in ours:
            above = parents[above][0]
        if above in ours and b"--type=renderer" in command:
            yield pid


def _shared(pid: int) -> int:
    """The kernel's proportional set size, in bytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
