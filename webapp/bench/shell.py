"""The phone's app: what it fetches until it is ready offline, how soon it saves, how much memory photos take."""

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from webapp import create_app
from webapp.bench import servers
from webapp.bench.figures import Figure
from webapp.bench.phone import Fetched, Phone, check, phone
from webapp.config import Settings
from webapp.consent import changes as consent_changes
from webapp.consent.rules import Purpose
from webapp.database import transaction
from webapp.people.rules import new_join_code
from webapp.project import changes as project_changes
from webapp.project.rules import PERSPECTIVES, THEMES
from webapp.project.texts import notice_text
from webapp.walk import changes as walk_changes
from webapp.walk import library
from webapp.walk.plan import filled

ENKETO = 437.0  # kB brotli of JS and CSS until an empty form can be filled in; fonts and strings come to it
TOTAL, COVER = 60.0, 14.0  # kB
SAVED, KEPT = 100.0, 1000.0  # ms
GROWN = 150.0  # MB
LISTS = ("belonging", "safety", "access")
STREETS = ("náměstí", "škola", "úřad", "tržnice", "park", "nádraží", "ubytovna", "poliklinika")
BATCH = 10  # photos chosen at once
EXIF, GPS = 0x8769, 0x8825
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much to measure."""

    language: str = "cs"
    stops: int = 8
    answers: int = 50
    answer_slow: float = 6  # times
    photos: int = 7
    photo_slow: float = 4
    pixels: tuple[int, int] = (4000, 3000)
    many: int = 150  # photos in the outbox when the memory is looked at; 0: not looked at


def measure(plan: Plan, say: Say) -> Iterator[Figure]:
    """Starts a server and a browser, and yields what comes of it. Raises `CannotMeasure`."""
    with ground(plan) as (folder, address, code), phone(address, folder / "phone", plan.language) as held:
        yield from _fetching(plan, held, code, say)
        yield _saving(plan, held, say)
        yield _keeping(plan, held, Camera(folder, plan.pixels), say)
        if plan.many:
            yield _growing(plan, held, Camera(folder, plan.pixels), say)


@contextmanager
def ground(plan: Plan) -> Iterator[tuple[Path, str, str]]:
    """A server with one walk: a folder that goes away with it, its address, the walk's join code."""
    check()
    with tempfile.TemporaryDirectory(prefix="pohled-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        code = _walk(Settings.read({"POHLED_HOME": str(folder / "home")}), plan)
        with servers.pohled(folder / "home") as server:
            # Chromium asks for brotli over https, and of its own machine by this name or address.
            yield folder, f"http://localhost:{server.port}", code


def _fetching(plan: Plan, held: Phone, code: str, say: Say) -> Iterator[Figure]:
    held.cover(code, plan.language)
    cover = held.fetched()
    held.join()
    rest = held.fetched()
    ready = next((at for at, each in enumerate(rest) if "later=1" in each.address), len(rest))
    rest, later = rest[:ready], rest[ready:]
    _table(cover, rest, later, say)
    heads = sum(each.head for each in (*cover, *rest)) / 1000
    yield Figure(
        "Join page alone",
        "kB",
        sum(each.body for each in cover) / 1000,
        COVER,
        "one flight of packets",
        1.0,
        at_least=False,
        about=f"{len(cover)} answers, compressed as served, without headers.",
    )
    yield Figure(
        'From the join page to "ready offline"',
        "kB",
        sum(each.body for each in (*cover, *rest)) / 1000,
        ENKETO,
        "Enketo's JS and CSS",
        TOTAL / ENKETO,
        at_least=False,
        about=f"A walk of {plan.stops} stops with {len(LISTS)} checklists, in {plan.language}; at most {TOTAL:g} kB. "
        f"HTML, CSS, JS with the upload code, strings, icons: {len(cover) + len(rest)} answers as the browser "
        f"counted them, compressed as served. Their headers add {heads:.1f} kB over HTTP/1.1.",
    )


def _table(cover: Sequence[Fetched], rest: Sequence[Fetched], later: Sequence[Fetched], say: Say) -> None:
    say("  body  head  what (bytes as they came)")
    titles = "The join page:", 'From there to "ready offline":', "After that, while nobody waits:"
    for title, part in zip(titles, (cover, rest, later), strict=True):
        say(title)
        for each in sorted(part, key=lambda each: -each.body):
            say(f"{each.body:6} {each.head:5}  {each.address}")
        say(f"{sum(each.body for each in part):6} {sum(each.head for each in part):5}  together")


def _saving(plan: Plan, held: Phone, say: Say) -> Figure:
    say(f"Answers at {plan.answer_slow:g} times slow-down …")
    questions = held.questions()
    held.slow_down(plan.answer_slow)
    took = [held.answer(questions[number % len(questions)]) for number in range(plan.answers)]
    held.slow_down(1)
    return Figure(
        f"An answer is saved, at {plan.answer_slow:g} times slow-down",
        "ms",
        statistics.median(took),
        SAVED,
        "what feels at once",
        1.0,
        at_least=False,
        about="From the finger's lifting until the answer is on the disk, timed in the page, a second after the "
        f"last one; median of {len(took)}, slowest {max(took):.0f} ms.",
    )


def _keeping(plan: Plan, held: Phone, camera: "Camera", say: Say) -> Figure:
    say(f"Photos at {plan.photo_slow:g} times slow-down …")
    held.slow_down(plan.photo_slow)
    took, sizes = list[float](), list[int]()
    for _ in range(plan.photos):
        file = camera.shoot()
        sizes.append(file.stat().st_size)
        took.append(held.keep_photo(file))
    held.slow_down(1)
    wide, high = plan.pixels
    return Figure(
        f"A photo is kept, at {plan.photo_slow:g} times slow-down",
        "ms",
        statistics.median(took),
        KEPT,
        "a second",
        1.0,
        at_least=False,
        about=f"{wide} x {high}, {statistics.median(sizes) / 1e6:.1f} MB with EXIF; from the choosing until original "
        f"and preview are on the disk and the photo's page shows; median of {len(took)}, slowest {max(took):.0f} ms. "
        "Chromium slows down the page's own thread, not the one that decodes.",
    )


def _growing(plan: Plan, held: Phone, camera: "Camera", say: Say) -> Figure:
    say(f"Memory with {plan.many} photos that wait for a signal …")
    held.context.set_offline(True)
    held.page.reload()
    held.page.locator("body[data-ready]").wait_for()
    before, added = held.memory(), 0
    while added < plan.many:
        files = [camera.shoot() for _ in range(min(BATCH, plan.many - added))]
        added += len(files)
        held.go("#home")
        held.go("#photos")
        held.page.locator("body[data-shown=photos]").wait_for()
        known = held.page.locator("[data-part=list] > li").count()
        held.choose(files)
        held.page.wait_for_function(
            "all => document.querySelectorAll('[data-part=list] > li').length >= all", arg=known + len(files)
        )
        for file in files:
            file.unlink()
    after = held.memory()
    held.context.set_offline(False)
    return Figure(
        f"Memory grown by {plan.many} photos in the outbox",
        "MB",
        max(after - before, 0) / 1e6,
        GROWN,
        "what a small phone can spare",
        1.0,
        at_least=False,
        about=f"Proportional set size of the browser's page processes, {before / 1e6:.0f} MB before and "
        f"{after / 1e6:.0f} MB after, swept both times, as when memory is short; the list of all photos stands open.",
    )


class Camera:
    """Photos as a phone's camera makes them: as large, each with other bytes, with time, place and turn."""

    def __init__(self, folder: Path, pixels: tuple[int, int]) -> None:
        self._folder, self._number = folder, 0
        wide, high = pixels
        # Grain as coarse as a small sensor's: this gives 3.5 MB for 12 megapixels.
        rough = Image.effect_noise((wide // 2, high // 2), 35).resize(pixels, Image.Resampling.BICUBIC)
        light = Image.linear_gradient("L").resize(pixels)
        picture = Image.merge("RGB", (rough, Image.blend(rough, light, 0.5), light))
        file = BytesIO()
        picture.save(file, "JPEG", quality=82, exif=_exif())
        self._bytes = file.getvalue()

    def shoot(self) -> Path:
        """Another photo; it differs from all others in what comes after the picture's end."""
        self._number += 1
        path = self._folder / f"IMG_{id(self)}_{self._number}.jpg"
        path.write_bytes(self._bytes + str(self._number).encode())
        return path


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Pohled", "Measurement", 6
    exif.get_ifd(EXIF).update({0x9003: "2018:06:18 10:00:00", 0x9011: "+02:00"})
    degrees = {"N": (50, 6, 0), "E": (14, 26, 0)}
    for tag, (letter, parts) in zip((1, 3), degrees.items(), strict=True):
        exif.get_ifd(GPS).update({tag: letter, tag + 1: tuple(IFDRational(part) for part in parts)})
    return exif


def _walk(settings: Settings, plan: Plan) -> str:
    """The join code of a walk with checklists from the library, as an organiser takes them."""
    languages, purposes = ["cs", "en"], [purpose.value for purpose in Purpose if purpose is not Purpose.CONTACT]
    with create_app(settings).app_context(), transaction():
        project = project_changes.add_project(
            title={"cs": "Měření", "en": "A measurement"},
            languages=languages,
            zone="Europe/Prague",
            perspectives=list(PERSPECTIVES),
            themes=list(THEMES),
            purposes=purposes,
            controller="Měření",
            contact="bench@example.org",
            keep_until=date.max,
        )
        consent_changes.add_texts(project.id, purposes, languages)
        notice = {code: notice_text(code, "Měření", "bench@example.org", "2030", purposes) for code in languages}
        project_changes.add_notice(project.id, notice)
        versions = [walk_changes.keep_version(project.id, filled(library.checklist(name), "cs")) for name in LISTS]
        code = new_join_code()
        walk_changes.add_walk(
            project_id=project.id,
            title={"cs": "Procházka naší čtvrtí", "en": "A walk through our district"},
            district={"cs": "Praha 7"},
            meeting_point={"cs": "U kašny na náměstí", "en": "By the fountain on the square"},
            starts=datetime(2018, 6, 18, 8, tzinfo=UTC),
            code=code,
            stops=[_stop(number) for number in range(plan.stops)],
            checklists=versions,
        )
        return code


def _stop(number: int) -> Any:
    name = f"{STREETS[number % len(STREETS)].capitalize()} {number + 1}"
    return walk_changes.NewStop({"cs": name}, 50.1 + number * 0.002, 14.43 + number % 3 * 0.003, 60)
