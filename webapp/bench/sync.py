"""Uploads against nginx as a WebDAV server, and health while many slow phones send."""

import multiprocessing
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from webapp import create_app
from webapp.bench import CannotMeasure, servers
from webapp.bench.figures import Figure, percentile
from webapp.bench.load import PHOTO_BYTES, Dav, Photos, Tus, Way, burst, crawl, probe
from webapp.bench.servers import Running
from webapp.config import Settings
from webapp.consent import changes as consent_changes
from webapp.consent.rules import Decision, Purpose
from webapp.database import new_id, now, transaction
from webapp.join import changes as join_changes
from webapp.join.queries import Place
from webapp.people import changes as people_changes
from webapp.people.rules import new_join_code, new_key
from webapp.photo import changes as photo_changes
from webapp.project import changes as project_changes
from webapp.storage import Store, digest

UPLOADS_TARGET, HEALTH_TARGET = 0.7, 3.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much to measure."""

    rounds: int = 5
    clients: int = 20
    each: int = 4  # photos a client and round
    photo: int = PHOTO_BYTES
    slow: int = 100
    pace: int = 125_000  # bytes a second of each slow client: 1 Mbit/s
    idle: float = 15  # seconds of asking an idle server for its health


@dataclass(frozen=True)
class Contender:
    """A server, how it takes photos, and where a photo lies once it has said that it has it."""

    server: Running
    way: Way
    place: Callable[[str], Path]


@dataclass(frozen=True)
class Round:
    """One burst: uploads a second, and the server's CPU milliseconds for each."""

    rate: float
    cpu: float


def measure(plan: Plan, say: Say) -> Iterator[Figure]:
    """Starts both servers and yields what comes of it. Raises `CannotMeasure`."""
    with (
        tempfile.TemporaryDirectory(prefix="pohled-bench-", ignore_cleanup_errors=True) as folder,
        _both(Path(folder), plan) as (ours, peer),
    ):
        say(f"Both servers write below {folder}. Pohled runs without its worker: small pictures would disturb.")
        yield from _uploads(plan, ours, peer, say)
        yield _health(plan, ours, say)


@contextmanager
def _both(folder: Path, plan: Plan) -> Iterator[tuple[Contender, Contender]]:
    peer, home = servers.nginx(folder / "nginx"), folder / "pohled"
    settings = Settings.read({"POHLED_HOME": str(home)})
    tokens = _people(settings, max(plan.clients, plan.slow))
    store, files = Store(settings.storage), folder / "nginx" / "files"
    with peer, servers.pohled(home) as ours:
        yield Contender(ours, Tus(tokens), store.original), Contender(peer, Dav(), lambda sha256: files / sha256)


def _uploads(plan: Plan, ours: Contender, peer: Contender, say: Say) -> Iterable[Figure]:
    photos, rounds = Photos(plan.photo), dict[str, list[Round]]()
    for contender in (ours, peer):
        _round(plan, contender, photos, 1)  # the first of everything is slow, and nobody's figure
    for number in range(plan.rounds):
        for contender in (peer, ours) if number % 2 else (ours, peer):
            done = _round(plan, contender, photos, plan.each)
            rounds.setdefault(contender.server.name, []).append(done)
            say(f"Round {number + 1}, {contender.server.name}: {done.rate:.1f} uploads/s, {done.cpu:.1f} ms CPU each")
    mine, theirs = rounds[ours.server.name], rounds[peer.server.name]
    about = (
        f"{plan.clients} clients, photos of {plan.photo / 1e6:g} MB, median of {plan.rounds} alternating rounds; "
        "Pohled checks the SHA-256, flushes to disk and writes a row, nginx does not. Every photo was found again."
    )
    return (
        Figure(
            "Uploads",
            "uploads/s",
            statistics.median(each.rate for each in mine),
            statistics.median(each.rate for each in theirs),
            "nginx WebDAV",
            UPLOADS_TARGET,
            about=about,
        ),
        Figure(
            "CPU of an upload",
            "ms",
            statistics.median(each.cpu for each in mine),
            statistics.median(each.cpu for each in theirs),
            "nginx WebDAV",
            about="Of all the server's processes, in the same rounds.",
        ),
    )


def _round(plan: Plan, contender: Contender, photos: Photos, each: int) -> Round:
    before = contender.server.cpu_seconds()
    seconds, acknowledged = burst(contender.server.port, contender.way, photos, plan.clients, each)
    cpu = max(contender.server.cpu_seconds() - before, servers.TICK)
    _find(contender, acknowledged)
    return Round(len(acknowledged) / seconds, cpu / len(acknowledged) * 1000)


def _find(contender: Contender, acknowledged: list[str]) -> None:
    """Reads everything again, and makes room for the next round."""
    for sha256 in acknowledged:
        path = contender.place(sha256)
        if not path.is_file() or digest(path) != sha256:
            raise CannotMeasure(f"{contender.server.name} has acknowledged {sha256}, and does not have it.")
        path.unlink()


def _health(plan: Plan, ours: Contender, say: Say) -> Figure:
    say(f"Asking an idle server for its health for {plan.idle:g} s …")
    port, seconds = ours.server.port, plan.photo / plan.pace
    idle = probe(port, plan.idle)
    say(f"The same while {plan.slow} phones send {plan.pace / 1000:g} kB/s each, for {seconds:.0f} s …")
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        sending = pool.submit(crawl, port, ours.way, plan.slow, plan.photo, plan.pace)
        probe(port, seconds * 0.1)  # until all have begun
        loaded = probe(port, seconds * 0.8)
        if sending.done():
            sending.result()
            raise CannotMeasure("The slow phones were done too early.")
        _find(ours, sending.result())
    return Figure(
        f"/health under {plan.slow} slow uploads, 95 of 100 within",
        "ms",
        percentile(loaded, 95),
        percentile(idle, 95),
        "idle",
        HEALTH_TARGET,
        at_least=False,
        about=f"{len(loaded)} answers against {len(idle)}; all {plan.slow} uploads arrived whole.",
    )


def _people(settings: Settings, number: int) -> tuple[str, ...]:
    """Tokens of so many participants of a call, all joined as a phone joins."""
    with create_app(settings).app_context(), transaction():
        project = project_changes.add_project(
            title={"en": "A measurement"},
            languages=["en"],
            zone="UTC",
            perspectives=[],
            purposes=[Purpose.KEEP.value],
            controller="bench",
            contact="bench@example.org",
            keep_until=date.max,
        )
        texts = consent_changes.add_texts(project.id, project.purposes, ["en"])
        call = photo_changes.add_call(
            project.id,
            title={"en": "A measurement"},
            prompt={"en": ""},
            opens=now(),
            closes=now() + timedelta(days=1),
            photos_each=1000,
            code=new_join_code(),
        )
        decisions = [Decision(Purpose(text.purpose), True, text.id, "en", now()) for text in texts]
        tokens = []
        for _ in range(number):
            key = new_key()
            person = join_changes.join(Place("call", call), join_changes.Newcomer(new_id(), key, "en"), decisions)
            tokens.append(people_changes.admit_device(person, key, "bench"))
        return tuple(tokens)
