"""From bytes to facts and three sizes, after the request."""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog
from flask import Flask, current_app

from webapp.config import Settings
from webapp.database import db, now, transaction
from webapp.jobs import Job, job, later, sweep
from webapp.mark import N_
from webapp.photo import changes, queries, uploads
from webapp.photo.intake import Reader
from webapp.photo.regions import Region, Style
from webapp.photo.rules import EDGES, SLOW, Facts, Sizes
from webapp.project import changes as project_changes
from webapp.storage import Store

log = structlog.get_logger()
_local = threading.local()
_shared: Reader | None = None
_shared_lock = threading.Lock()
DESTROYED = N_("An untouched picture destroyed, its time being up")


class _OneByOne:
    """Lets one through; the others are remembered until it is done, and nobody waits."""

    def __init__(self) -> None:
        self._lock, self._busy = threading.Lock(), False
        self._waiting: deque[str] = deque()

    def enter(self, subject: str) -> bool:
        with self._lock:
            if self._busy:
                self._waiting.append(subject)
            free, self._busy = not self._busy, True
            return free

    def leave(self) -> str | None:
        """Who is next, if anybody: to be queued again."""
        with self._lock:
            self._busy = False
            return self._waiting.popleft() if self._waiting else None


_slow = _OneByOne()


@job
def process_picture(sha256: str) -> None:
    """Makes everything that can be rebuilt from one original.

    A HEIC takes ten times as long as a JPEG, and much memory: a worker makes one of them at a time, so that its other
    threads are there for JPEGs.
    """
    if queries.type_of(sha256) not in SLOW:
        _process_mine(sha256)
    elif _slow.enter(sha256):
        try:
            _process_mine(sha256)
        finally:
            if following := _slow.leave():
                later(process_picture, following)


def _process_mine(sha256: str) -> None:
    store: Store = current_app.extensions["store"]
    if not store.healthy():  # its disk is full or away: the picture is not to blame, and the sweep queues it again
        return
    with transaction():
        mine = changes.lease_picture(sha256)
    if mine:
        process(sha256)


def process(sha256: str) -> None:
    """The work itself, slow and outside of any transaction; only its result is written in one."""
    store: Store = current_app.extensions["store"]
    with store.workshop() as folder:
        facts, sizes = _reader().derive(store.original(sha256), folder)
        with store.keeping():
            db.session.rollback()
            if queries.picture(sha256) is None:  # withdrawn in the meantime: nothing is made of it
                return
            if sizes:
                store.keep_derived(sha256, sorted(folder.glob("*.jpg")))
            with transaction():
                changes.settle_picture(sha256, facts, sizes)
    log.info("picture_processed", ok=facts.ok, type=facts.type)


def paint(
    sha256: str, folder: Path, regions: Sequence[Region], style: Style
) -> tuple[Facts, Path, list[Path], Sizes]:
    """A stored picture painted over, in `folder`: the whole of it, and its small pictures. Their sizes, the whole
    one's first, are empty where it cannot be opened (any more)."""
    store: Store = current_app.extensions["store"]
    facts, sizes = _desk_reader().paint(store.original(sha256), folder, regions, style)
    return facts, folder / "painted.jpg", [folder / f"{edge}.jpg" for edge in EDGES], sizes


def suggest_faces(sha256: str) -> list[dict[str, float]] | None:
    """Where faces may be in a stored picture; None where that cannot be told."""
    store: Store = current_app.extensions["store"]
    path = store.derived(sha256, f"{EDGES[0]}.jpg")
    return _desk_reader().faces(path) if path.is_file() else None


def rebuild(missing: bool) -> int:
    """Makes the sizes of all pictures again, or only of those that lack them; returns how many.

    Two at a time, each thread with a child and a database session of its own.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def work(sha256: str) -> bool:
        with app.app_context():
            try:
                process(sha256)
            except OSError as error:
                log.error("picture_not_processed", sha256=sha256, error=str(error))
                return False
            return True

    store: Store = current_app.extensions["store"]
    pictures = queries.pictures()
    unlike = queries.without_likeness()
    wanted = [
        sha
        for sha, edges in pictures
        if not missing or not edges or sha in unlike or not store.has_derived(sha, edges)
    ]
    db.session.rollback()  # ends the reading here, which would not see what the threads write
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(work, wanted))


@sweep
def destroy_expired_seals(starting: bool) -> list[tuple[Job, str]]:
    """Untouched pictures of photos that were painted over, once their time is up."""
    store: Store = current_app.extensions["store"]
    if queries.expired_seals(now()):
        db.session.rollback()
        with store.forgetting():
            with transaction():
                expired = queries.expired_seals(now())
                for row in expired:
                    log.info("sealed_destroyed", photo=str(row.photo_id), part=row.name)
                    if photo := queries.photo(row.photo_id):
                        project_changes.note_act(photo.project_id, None, DESTROYED, str(photo.number))
                lone = changes.destroy_sealed(expired)
                store.doom(lone)
            for sha256 in lone:
                store.forget(sha256)
    db.session.rollback()
    return []


@sweep
def find_missing(starting: bool) -> list[tuple[Job, str]]:
    """Pictures without sizes. A worker that starts is the only one: leases left over belong to the dead."""
    store: Store = current_app.extensions["store"]
    store.sweep()
    if starting:
        with transaction():
            changes.forget_leases()
    return [(process_picture, sha256) for sha256 in queries.missing_pictures(now())]


@sweep
def drop_expired_uploads(starting: bool) -> list[tuple[Job, str]]:
    """Uploads that were given up, bytes whose record never came, and partial files that nobody needs."""
    store: Store = current_app.extensions["store"]
    if uploads.any_expired(now()):
        with store.forgetting():
            with transaction():
                lone = uploads.expire(now())
                store.doom(lone)
            for sha256 in lone:
                store.forget(sha256)
    db.session.rollback()
    store.sweep_partial(uploads.files_under_way)
    return []


def _desk_reader() -> Reader:
    """One child process for all requests of a server's process: they wait for each other."""
    global _shared
    with _shared_lock:
        if _shared is None:
            settings: Settings = current_app.extensions["settings"]
            _shared = Reader(max_bytes=settings.max_bytes, max_pixels=settings.max_pixels)
        return _shared


def _reader() -> Reader:
    """One child process for each worker thread; it restarts itself."""
    if not hasattr(_local, "reader"):
        settings: Settings = current_app.extensions["settings"]
        _local.reader = Reader(max_bytes=settings.max_bytes, max_pixels=settings.max_pixels)
    reader: Reader = _local.reader
    return reader
