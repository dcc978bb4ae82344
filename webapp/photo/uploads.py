"""Uploads: bytes on their way, and bytes that wait for the record that names them. Sizes in bytes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, func, insert, or_, select

from webapp.consent.queries import KEEPS
from webapp.database import db, new_id, now
from webapp.photo import queries
from webapp.photo.changes import Withdrawn, bind_sounds, bind_uploads, forget_pictures
from webapp.photo.rules import PartName
from webapp.photo.tables import Part, Photo, Upload
from webapp.storage import Stored
from webapp.walk.changes import NotYours
from webapp.walk.tables import AnswerRow, Response

UNFINISHED = timedelta(days=7)
UNBOUND = timedelta(days=14)
MOST, MOST_BYTES = 200, 2_000_000_000  # of one person, unfinished
MOST_WAITING = 4_000_000_000  # bytes of one person that are whole, and that no record has named


# Asked for every upload: to put a statement together takes longer than to run it.
_UNFINISHED = Upload.finished.is_(None)
_STANDING = select(
    KEEPS.scalar_subquery(),
    func.count().filter(_UNFINISHED),
    func.coalesce(func.sum(Upload.length).filter(_UNFINISHED), 0),
    # What is whole counts as long as no record has named it.
    func.coalesce(func.sum(Upload.length).filter(~_UNFINISHED), 0),
).where(
    Upload.participant_id == bindparam("person"),
    or_(_UNFINISHED, ~select(Part.id).where(Part.sha256 == Upload.sha256).exists()),
)
_NAMED = select(Photo).where(
    Photo.participant_id == bindparam("person"),
    Photo.withdrawn.is_(None),
    or_(Photo.id == bindparam("photo"), Photo.original == bindparam("sha256")),
)
_SPOKEN = (
    select(Response.id)
    .join(AnswerRow, AnswerRow.response_id == Response.id)
    .where(Response.participant_id == bindparam("person"), AnswerRow.sound == bindparam("sha256"))
)
_ADD = insert(cast(Table, Upload.__table__))


class KeepsNothing(Exception):
    """Nothing of this person may be stored."""


class Crowded(Exception):
    """This person has as much under way as one may."""


class Lost(Exception):
    """The upload is no longer this request's: ended, withdrawn, or taken over by a newer one."""


@dataclass(frozen=True)
class Wish:
    """What a client says when it begins. `said` is all of it, as it came."""

    participant_id: uuid.UUID
    length: int
    photo_id: uuid.UUID | None = None
    part: str | None = None
    claimed: str | None = None
    said: str = ""


@dataclass(frozen=True)
class Underway:
    """An upload as it was when it was read. `stored` once all bytes lie in the store."""

    id: uuid.UUID
    wish: Wish
    file: str
    offset: int
    expires: datetime
    stored: Stored | None


def own_upload(participant_id: uuid.UUID, upload_id: uuid.UUID) -> Underway | None:
    """The upload, for whoever began it and nobody else."""
    row = db.session.get(Upload, upload_id)
    return _seen(row) if row and row.participant_id == participant_id else None


def check(wish: Wish) -> None:
    """Raises KeepsNothing and Crowded, and NotYours or Withdrawn for the photo that it names."""
    photo = queries.photo(wish.photo_id) if wish.photo_id else None
    if photo and photo.participant_id != wish.participant_id:
        raise NotYours
    if photo and photo.withdrawn:
        raise Withdrawn
    keeps, count, size, waiting = db.session.connection().execute(_STANDING, {"person": wish.participant_id}).one()
    if not keeps:
        raise KeepsNothing
    if count >= MOST or size + wish.length > MOST_BYTES or waiting + wish.length > MOST_WAITING:
        raise Crowded


def begin(wish: Wish, file: str) -> Underway:
    """An upload of which nothing has come yet. Raises as `check` does."""
    check(wish)
    return _add(Underway(new_id(), wish, file, 0, now() + UNFINISHED, None))


def unchanged(upload: Underway) -> Underway:
    """The same upload, if nobody has gone on with it. Raises Lost."""
    return _seen(_still(upload))


def advance(upload: Underway, offset: int) -> Underway:
    """Counts bytes that are flushed, up to `offset`. Raises Lost."""
    row = _still(upload)
    row.offset, row.expires = offset, now() + UNFINISHED
    db.session.flush()
    return _seen(row)


def take_over(upload: Underway, file: str) -> Underway:
    """Goes on in another file, which holds what was counted: whoever holds the old one loses it. Raises Lost."""
    row = _still(upload)
    row.file = file
    db.session.flush()
    return _seen(row)


def restart(upload: Underway, file: str) -> Underway:
    """Begins again from 0 in an empty file, because the bytes are gone. Raises Lost."""
    row = _still(upload)
    row.file, row.offset, row.sha256, row.finished, row.expires = file, 0, None, None, now() + UNFINISHED
    db.session.flush()
    return _seen(row)


def finish(upload: Underway, stored: Stored) -> tuple[Underway, list[str]]:
    """All bytes lie in the store; those that a record names already are bound to it.

    Returns, too, the SHA-256 of each picture that is bound. Raises Lost.
    """
    row = _still(upload)
    row.offset, row.sha256, row.finished = stored.bytes, stored.sha256, now()
    row.expires = row.finished + UNBOUND
    db.session.flush()
    _drop_vain(upload)
    return _seen(row), _bind(upload.wish, stored)


def begin_whole(wish: Wish, file: str, stored: Stored) -> tuple[Underway, list[str]]:
    """`begin` and `finish` of an upload that came in one piece."""
    check(wish)
    done = _add(Underway(new_id(), wish, file, stored.bytes, now() + UNBOUND, stored))
    _drop_vain(done)
    return done, _bind(wish, stored)


def _drop_vain(done: Underway) -> None:
    """Takes away what was begun for the same bytes: a phone that never heard its address has begun again since, and
    may have as much under way only as one may. The files are swept."""
    wish = done.wish
    if wish.claimed:
        same = (Upload.photo_id == wish.photo_id, Upload.part == wish.part, Upload.claimed == wish.claimed)
        vain = delete(Upload).where(Upload.participant_id == wish.participant_id, _UNFINISHED, *same)
        db.session.execute(vain)


def _add(upload: Underway) -> Underway:
    wish, stored = upload.wish, upload.stored
    # Past the session, which takes longer over one row than the database.
    db.session.connection().execute(
        _ADD,
        {
            "id": upload.id,
            "participant_id": wish.participant_id,
            "photo_id": wish.photo_id,
            "part": wish.part,
            "claimed": wish.claimed,
            "said": wish.said,
            "length": wish.length,
            "offset": upload.offset,
            "file": upload.file,
            "sha256": stored.sha256 if stored else None,
            "finished": now() if stored else None,
            "expires": upload.expires,
        },
    )
    return upload


def _bind(wish: Wish, stored: Stored) -> list[str]:
    """Gives what has come to the records that name it already. The SHA-256 of each picture among it."""
    if wish.part == PartName.SOUND:
        for response_id in db.session.scalars(_SPOKEN, {"person": wish.participant_id, "sha256": stored.sha256}):
            bind_sounds(response_id)
    named = {"person": wish.participant_id, "photo": wish.photo_id, "sha256": stored.sha256}
    return [sha256 for photo in db.session.scalars(_NAMED, named).all() for sha256 in bind_uploads(photo)]


def end(upload: Underway) -> list[str]:
    """Takes the upload away. Returns the SHA-256 of bytes that nobody needs now."""
    row = db.session.get(Upload, upload.id)
    if row is None:
        return []
    return _end([row])


def expire(moment: datetime) -> list[str]:
    """Takes away what has expired. Returns the SHA-256 of bytes that nobody needs now."""
    return _end(db.session.scalars(select(Upload).where(Upload.expires < moment)).all())


def any_expired(moment: datetime) -> bool:
    return db.session.scalar(select(Upload.id).where(Upload.expires < moment).limit(1)) is not None


def files_under_way() -> set[str]:
    """The names of the files that uploads still need."""
    return set(db.session.scalars(select(Upload.file).where(Upload.finished.is_(None))))


def all_under_way() -> list[Underway]:
    """Every upload that is neither whole nor expired."""
    return [_seen(row) for row in db.session.scalars(select(Upload).where(Upload.finished.is_(None)))]


def all_whole(sha256: str) -> list[Underway]:
    """Every upload that brought these bytes."""
    return [_seen(row) for row in db.session.scalars(select(Upload).where(Upload.sha256 == sha256))]


def unwanted(sha256: str) -> bool:
    """Whether nobody refers to these bytes."""
    return not queries.referred(sha256)


def _end(rows: Sequence[Upload]) -> list[str]:
    shas = {row.sha256 for row in rows if row.sha256}
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    return forget_pictures(shas)


def _still(upload: Underway) -> Upload:
    row = db.session.get(Upload, upload.id)
    same = row and (row.file, row.offset, row.sha256) == (
        upload.file,
        upload.offset,
        upload.stored.sha256 if upload.stored else None,
    )
    if row is None or not same:
        raise Lost
    return row


def _seen(row: Upload) -> Underway:
    wish = Wish(row.participant_id, row.length, row.photo_id, row.part, row.claimed, row.said)
    stored = Stored(row.sha256, row.length) if row.finished and row.sha256 else None
    return Underway(row.id, wish, row.file, row.offset, row.expires, stored)
