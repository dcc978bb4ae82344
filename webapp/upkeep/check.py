"""Whether rows and files agree. It reads only; `upkeep.jobs.repair` acts."""

import errno
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from webapp.config import STAGING, Settings
from webapp.database import damage, db, file_of
from webapp.photo import queries as photo_queries
from webapp.photo import uploads
from webapp.photo.rules import PictureState
from webapp.storage import Store, digest
from webapp.upkeep.rules import Fault, Finding


@dataclass
class Looked:
    """How much was read."""

    files: int = 0
    bytes: int = 0


def look(store: Store, looked: Looked) -> Iterator[Finding]:
    """Everything that is wrong, as it is found, while others go on working. Files are read last: that takes long."""
    yield from (Finding(Fault.DATABASE, what) for what in damage())
    with store.forgetting():  # nobody is between a file and its row
        db.session.rollback()
        received, lone = photo_queries.all_received(), orphans(store)
        stuck = stuck_uploads(store)
    yield from (Finding(Fault.ORPHAN, sha256) for sha256 in sorted(lone))
    yield from (Finding(Fault.UPLOAD, str(upload.id)) for upload in stuck)
    left = store.leftovers() + store.old_partial(uploads.files_under_way)
    yield from (Finding(Fault.LEFTOVER, name) for name in [*(path.name for path in left), *unfinished_restore(store)])
    gone = set[str]()
    for sha256 in sorted(received):
        if fault := _fault(store, sha256, looked):
            gone.add(sha256)
            yield Finding(fault, sha256)
    db.session.rollback()
    pictures = [each for each in photo_queries.pictures() if each[1]]
    db.session.rollback()
    for sha256, sizes in pictures:
        looked.files += len(sizes)
        if not store.has_derived(sha256, sizes) and sizes_of(sha256):
            yield Finding(Fault.SIZES, sha256)


def _fault(store: Store, sha256: str, looked: Looked) -> Fault | None:
    path = store.original(sha256)
    looked.files += 1
    with suppress(FileNotFoundError):
        looked.bytes += path.stat().st_size
    if is_whole(store, sha256):
        return None
    db.session.rollback()
    if sha256 not in photo_queries.all_received() or is_whole(store, sha256):  # meanwhile taken back, or come
        return None
    return Fault.DAMAGED if path.is_file() else Fault.LOST


def orphans(store: Store) -> set[str]:
    """The SHA-256 of files without a row; only inside `forgetting`."""
    referred = photo_queries.all_referred()
    lone = (set(store.originals()) | set(store.pictured())) - referred
    if damaged := set(store.damaged()):
        lone |= damaged - referred - photo_queries.all_named()
    return lone


def lost(store: Store) -> list[str]:
    """Which originals are not there, of those that were received."""
    return [sha256 for sha256 in photo_queries.all_received() if not store.original(sha256).is_file()]


def unfinished_restore(store: Store) -> dict[str, list[Path]]:
    """By their one name, the folders in which a restore was killed: none is under way, because each wants the home
    for itself."""
    settings: Settings = current_app.extensions["settings"]
    database = file_of(settings.database)
    places = {settings.home, store.root, database.parent if database else settings.home}
    found = [place / STAGING for place in places if (place / STAGING).is_dir()]
    return {STAGING: found} if found else {}


def stuck_uploads(store: Store) -> list[uploads.Underway]:
    """Those that lost bytes which were counted."""
    return [each for each in uploads.all_under_way() if store.partial_bytes(each.file) < each.offset]


def is_whole(store: Store, sha256: str) -> bool:
    """Whether the original is there, can be read, and is what its name says."""
    try:
        return digest(store.original(sha256)) == sha256
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.EIO):
            raise
        return False


def sizes_of(sha256: str) -> list[str]:
    """The names of the sizes that were made of a picture, as its row says."""
    picture = photo_queries.picture(sha256)
    ready = picture is not None and picture.state == PictureState.READY
    return [f"{edge}.jpg" for edge in picture.sizes or {}] if picture and ready else []
