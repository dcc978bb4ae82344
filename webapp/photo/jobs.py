"""From bytes to facts and three sizes, after the request."""

import threading
from concurrent.futures import ThreadPoolExecutor

import structlog
from flask import Flask, current_app

from webapp.config import Settings
from webapp.database import db, now, transaction
from webapp.jobs import Job, job, sweep
from webapp.photo import changes, queries, uploads
from webapp.photo.intake import Reader
from webapp.storage import Store

log = structlog.get_logger()
_local = threading.local()


@job
def process_picture(sha256: str) -> None:
    """Makes everything that can be rebuilt from one original."""
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
    wanted = [sha for sha, edges in pictures if not missing or not edges or not store.has_derived(sha, edges)]
    db.session.rollback()  # ends the reading here, which would not see what the threads write
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(work, wanted))


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


def _reader() -> Reader:
    """One child process for each worker thread; it restarts itself."""
    if not hasattr(_local, "reader"):
        settings: Settings = current_app.extensions["settings"]
        _local.reader = Reader(max_bytes=settings.max_bytes, max_pixels=settings.max_pixels)
    reader: Reader = _local.reader
    return reader
