"""Pages of photos in a project of a thousand photos and in one of a hundred thousand, asked of two real servers."""

import http.client
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import text

from webapp import create_app
from webapp.bench import CannotMeasure, servers
from webapp.bench.figures import Figure, percentile
from webapp.bench.many import COMMON, RARE, Many, fill
from webapp.bench.servers import HOST
from webapp.config import Settings
from webapp.database import db
from webapp.gallery.rules import PAGE

TARGET = 1.5
PATIENCE = 60  # seconds for one answer
Say = Callable[[str], None]
Place = Callable[[Many, random.Random], str]


@dataclass(frozen=True)
class Plan:
    """How much to measure."""

    small: int = 1_000
    large: int = 100_000
    rounds: int = 100


@dataclass(frozen=True)
class Kind:
    """A kind of page: its name, and what the address says after the question mark."""

    name: str
    query: Place


def _somewhere(many: Many, chance: random.Random) -> str:
    return f"before={chance.randrange(PAGE + 1, many.photos)}"


KINDS = (
    Kind("first page", lambda many, chance: ""),
    Kind("a page in the middle", _somewhere),
    Kind("the last page", lambda many, chance: "after=0"),
    Kind("one walk, the first page", lambda many, chance: f"within={many.walk_id}"),
    Kind("one walk, in the middle", lambda many, chance: f"within={many.walk_id}&{_somewhere(many, chance)}"),
    Kind(
        "downs with somebody who agrees, in the middle",
        lambda many, chance: f"light=down&people=released&before={many.photos * 3 // 4}",
    ),
    Kind("no place known, in the middle", lambda many, chance: f"place=unknown&before={many.photos * 3 // 4}"),
    Kind("a common word, in the middle", lambda many, chance: f"search={COMMON}&before={many.photos * 3 // 4}"),
    Kind("a word of three photos", lambda many, chance: f"search={RARE}"),
    Kind("one author", lambda many, chance: f"author={chance.randrange(1, 40)}"),
)


class Asker:
    """One open line to the server that shows a project, as its owner's browser holds it."""

    def __init__(self, port: int, many: Many) -> None:
        self.many = many
        self._line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)

    def ask(self, kind: Kind, chance: random.Random) -> float:
        """Milliseconds until the whole page is here."""
        address = f"/desk/projects/{self.many.project_id}/photos?{kind.query(self.many, chance)}"
        begun = time.perf_counter()
        self._line.request("GET", address, headers={"Cookie": self.many.cookie, "Accept-Language": "en"})
        answer = self._line.getresponse()
        page = answer.read()
        took = (time.perf_counter() - begun) * 1000
        if answer.status != HTTPStatus.OK or b'<ul class="photos">' not in page:
            raise CannotMeasure(f"{kind.name}: {address} was answered {answer.status} without photos.")
        return took


def measure(plan: Plan, say: Say) -> Iterator[Figure]:
    """Makes both stores, starts both servers, and yields what comes of it. Raises `CannotMeasure`."""
    with tempfile.TemporaryDirectory(prefix="pohled-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        say(f"Making {plan.small} photos, and {plan.large} …")
        stores = {size: fill(_settings(folder, size), size) for size in (plan.small, plan.large)}
        with _asker(folder, stores[plan.small]) as small, _asker(folder, stores[plan.large]) as large:
            for kind in KINDS:
                yield _kind(plan, kind, small, large, say)
        yield _offset(plan, _settings(folder, plan.large), stores[plan.large])


def _settings(folder: Path, size: int) -> Settings:
    return Settings.read({"POHLED_HOME": str(folder / str(size))})


@contextmanager
def _asker(folder: Path, many: Many) -> Iterator[Asker]:
    with servers.pohled(folder / str(many.photos)) as server:
        yield Asker(server.port, many)


def _kind(plan: Plan, kind: Kind, small: Asker, large: Asker, say: Say) -> Figure:
    took: dict[Asker, list[float]] = {small: [], large: []}
    chance = random.Random(kind.name)  # noqa: S311 -- the same pages each time, on purpose
    for asker in (small, large):
        for _ in range(5):  # the first of everything is slow, and nobody's figure
            asker.ask(kind, chance)
    for number in range(plan.rounds):
        for asker in (large, small) if number % 2 else (small, large):
            took[asker].append(asker.ask(kind, chance))
    middle = [statistics.median(took[asker]) for asker in (small, large)]
    say(f"{kind.name}: median {middle[0]:.1f} ms of {plan.small}, {middle[1]:.1f} ms of {plan.large}")
    return Figure(
        f"Photos, {kind.name}: 95 of 100 within",
        "ms",
        percentile(took[large], 95),
        percentile(took[small], 95),
        f"of {plan.small} photos",
        TARGET,
        at_least=False,
        about=f"Pages of up to {PAGE} photos, of {plan.large}; {plan.rounds} of each, in turn; "
        f"the medians are {middle[1]:.1f} and {middle[0]:.1f}.",
    )


def _offset(plan: Plan, settings: Settings, many: Many) -> Figure:
    """The rows of the same page in the middle, by the number and by counting from the start: the database alone."""
    start = "select * from photo where project_id = :project and withdrawn is null"
    ours = text(f"{start} and number < :number order by number desc limit :page")
    peer = text(f"{start} order by number desc limit :page offset :skip")
    took: dict[str, list[float]] = {"ours": [], "peer": []}
    half = many.photos // 2
    with create_app(settings).app_context():
        for _ in range(plan.rounds):
            for name, query, more in (
                ("ours", ours, {"number": many.photos + 1 - half}),
                ("peer", peer, {"skip": half}),
            ):
                said = {"project": many.project_id.hex, "page": PAGE, **more}
                begun = time.perf_counter()
                rows = db.session.execute(query, said).all()
                took[name].append((time.perf_counter() - begun) * 1000)
                if len(rows) != PAGE or rows[0].number != many.photos - half:
                    raise CannotMeasure("The two ways do not give the same page.")
    return Figure(
        "The rows of a page in the middle: 95 of 100 within",
        "ms",
        percentile(took["ours"], 95),
        percentile(took["peer"], 95),
        "by OFFSET",
        1.0,
        at_least=False,
        about=f"SQL alone, of {plan.large} photos.",
    )
