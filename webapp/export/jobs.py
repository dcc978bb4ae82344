"""Files that somebody asked for: made by the worker, kept for a week, and gone as soon as one photo in them may not
leave any more. Rows say what is missing."""

import threading
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from flask import current_app
from flask_babel import force_locale

from webapp.config import Settings
from webapp.database import db, now, transaction
from webapp.export import changes, queries
from webapp.export.formats.format import Workshop
from webapp.export.rules import KEPT, NO_ROOM, NOTHING, CannotMake, Inside, LeftOut
from webapp.jobs import Job, job, sweep
from webapp.photo.intake import Reader
from webapp.photo.rules import Size
from webapp.storage import Damaged, NoRoom, Store
from webapp.upkeep.jobs import afterwards
from webapp.words import LANGUAGES

log = structlog.get_logger()
_local = threading.local()
STEP_SECONDS = 0.5


class Interrupted(Exception):
    """Nobody wants the file any more, or what it is made of has changed."""


@job
def make_export(export_id: str) -> None:
    """One file, from its row."""
    id_ = uuid.UUID(export_id)
    with transaction():
        mine = changes.lease(id_)
    if mine:
        _try(id_)


def _try(id_: uuid.UUID) -> None:
    try:
        _make(id_)
    except CannotMake as error:
        _settle_badly(id_, str(error))
    except NoRoom:
        _settle_badly(id_, NO_ROOM)
    except (Interrupted, Damaged):
        _release(id_, counts=False)
    except Exception as error:
        log.error("export_failed", error=type(error).__name__, exc_info=True)
        _release(id_, counts=True)


def _make(id_: uuid.UUID) -> None:
    store = _store()
    with store.drafting(str(id_)) as folder:
        row = queries.export(id_)
        if row is None:
            raise Interrupted
        format_, language = queries.format_of(row), row.language
        order, items = queries.order_of(row, format_)
        db.session.rollback()  # nothing is read for as long as the making takes
        step = Progress(id_, len(items))
        step(0)
        if not items:
            _settle_badly(id_, NOTHING, order.left_out)
            return
        with force_locale(LANGUAGES[language].locale if language in LANGUAGES else "en"):
            workshop = Workshop(folder, _press, step)
            file = format_.make(order, items, workshop)
        lost = {each.number for each in workshop.lost}
        wants_all = format_.edge is None
        photos = [
            Inside(
                item.id,
                item.number,
                item.credit,
                wants_all and item.small,
                item.approved if format_.worded else {},
                item.painted,
            )
            for item in items
            if item.number not in lost
        ]
        left_out = [*order.left_out, *workshop.lost, *workshop.notes]
        with store.keeping():  # nobody is erased between the question and the answer
            db.session.rollback()
            row = queries.export(id_)
            if row is None or queries.closed(photos, format_.way):
                raise Interrupted
            size = store.keep_export(str(id_), file)
            with transaction():
                changes.settle(id_, photos, left_out, size)
    log.info("export_made", format=format_.title, photos=len(items), bytes=size)


class Progress:
    """Writes down how far a file is, twice a second at most. Raises `Interrupted` where nobody wants it any more."""

    def __init__(self, id_: uuid.UUID, total: int) -> None:
        self.id, self.total, self.at = id_, total, 0.0

    def __call__(self, done: int) -> None:
        if done not in (0, self.total) and time.monotonic() - self.at < STEP_SECONDS:
            return
        self.at = time.monotonic()
        with transaction():
            if not changes.advance(self.id, done, self.total):
                raise Interrupted


def drop_closed() -> None:
    """Deletes every file with a photo that may not leave any more, and stops what is being made: it may be in it."""
    _store().drop_drafts()
    db.session.rollback()
    for row in queries.ready():
        still_open(row)


def still_open(row: Any) -> bool:
    """Asks the gate again for all photos of a file; where one is refused now, the file is deleted."""
    if not (closed := queries.closed(map(Inside.from_json, row.photos), queries.format_of(row).way)):
        return True
    id_ = row.id
    with transaction():
        changes.close(id_, closed)
    _store().forget_exports([str(id_)])
    log.info("export_closed", photos=len(closed))
    return False


def drop(ids: list[uuid.UUID]) -> None:
    """Rows and files that nobody needs."""
    with transaction():
        changes.drop(ids)
    _store().forget_exports(map(str, ids))


@sweep
def find_unmade(starting: bool) -> list[tuple[Job, str]]:
    """Files to be made, and files that must go. A worker that starts is the only one: leases belong to the dead."""
    store = _store()
    if starting:
        store.drop_drafts()
        with transaction():
            changes.forget_leases()
    for row in queries.ready():
        still_open(row)
    if old := list(queries.too_old(now(), KEPT)):
        drop(old)
    with store.forgetting():  # no file is between its place and its row
        db.session.rollback()
        lone = set(store.exports()) - queries.all_files()
        if lone:
            store.forget_exports(lone)
    return [(make_export, str(id_)) for id_ in queries.waiting(now())]


def _settle_badly(id_: uuid.UUID, reason: str, left_out: Sequence[LeftOut] = ()) -> None:
    with transaction():
        if row := queries.export(id_):
            changes.fail(row, reason, left_out)


def _release(id_: uuid.UUID, counts: bool) -> None:
    with transaction():
        if row := queries.export(id_):
            changes.release(row, counts)


def _press(source: Path, target: Path, edge: int | None, most: int | None) -> Size | None:
    """A picture for paper, made in a child process like every other."""
    facts, sizes = _reader().press(source, target, edge, most)
    if not sizes:
        log.info("picture_not_pressed", reason=facts.reason)
        return None
    return sizes[0]


def _reader() -> Reader:
    """One child process for each worker thread; it restarts itself."""
    if not hasattr(_local, "reader"):
        settings: Settings = current_app.extensions["settings"]
        _local.reader = Reader(max_bytes=settings.max_bytes, max_pixels=settings.max_pixels)
    reader: Reader = _local.reader
    return reader


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store


afterwards(drop_closed)
