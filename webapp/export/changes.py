import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update

from webapp.database import db, now
from webapp.export.rules import ATTEMPTS, TOO_OFTEN, Inside, LeftOut, State
from webapp.export.tables import Export

LEASE = timedelta(minutes=45)  # renewed with every photo; longer than the longest drawing of a PDF
REST = timedelta(minutes=1)


def ask(
    project_id: uuid.UUID, organiser_id: uuid.UUID, format_: str, wanted: dict[str, Any], language: str, name: str
) -> Export:
    """Somebody wants a file; the worker makes it."""
    row = Export(
        project_id=project_id,
        organiser_id=organiser_id,
        format=format_,
        wanted=wanted,
        language=language,
        state=State.WAITING.value,
        file=name,
    )
    db.session.add(row)
    db.session.flush()
    return row


def ask_again(row: Export, organiser_id: uuid.UUID) -> None:
    """The same once more, of the photos as they are now."""
    row.state, row.organiser_id, row.created, row.finished = State.WAITING.value, organiser_id, now(), None
    row.done = row.total = row.bytes = row.attempts = 0
    row.photos, row.left_out, row.reason, row.leased_until = [], [], "", None
    db.session.flush()


def lease(export_id: uuid.UUID) -> bool:
    """Claims the making of a file; False where it is made, gone, or somebody else has it.

    What was begun too often and never finished is given up, so that a file that kills its worker stops nobody else.
    """
    moment = now()
    row = db.session.get(Export, export_id)
    if row is None or row.state != State.WAITING or (row.leased_until and row.leased_until > moment):
        return False
    if row.attempts >= ATTEMPTS:
        fail(row, TOO_OFTEN)
        return False
    row.leased_until, row.attempts, row.done = moment + LEASE, row.attempts + 1, 0
    return True


def advance(export_id: uuid.UUID, done: int, total: int) -> bool:
    """Notes how many photos are in the file; False where nobody wants it any more."""
    mine = update(Export).where(Export.id == export_id, Export.state == State.WAITING)
    changed = db.session.execute(mine.values(done=done, total=total, leased_until=now() + LEASE))
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def settle(export_id: uuid.UUID, photos: Sequence[Inside], left_out: Sequence[LeftOut], size: int) -> None:
    """The file is there."""
    row = db.session.get_one(Export, export_id)
    row.state, row.finished, row.leased_until, row.bytes = State.READY.value, now(), None, size
    row.photos = [each.as_json() for each in photos]
    row.left_out = as_json(left_out)
    row.done = row.total
    db.session.flush()


def fail(row: Export, reason: str, left_out: Sequence[LeftOut] = ()) -> None:
    """There is no use in trying again by oneself. `reason` is a msgid."""
    row.state, row.reason, row.leased_until, row.finished = State.FAILED.value, reason, None, now()
    row.left_out = as_json(left_out)
    db.session.flush()


def release(row: Export, counts: bool) -> None:
    """It did not work this time. What the program itself interrupted does not count as an attempt."""
    row.leased_until = now() + REST if counts else None
    row.attempts -= 0 if counts else 1
    db.session.flush()


def close(export_id: uuid.UUID, closed: Sequence[LeftOut]) -> None:
    """Its file is gone, because these photos may not leave any more."""
    row = db.session.get_one(Export, export_id)
    row.state, row.photos, row.bytes = State.GONE.value, [], 0
    row.left_out = as_json(closed)
    db.session.flush()


def drop(ids: Iterable[uuid.UUID]) -> None:
    db.session.execute(delete(Export).where(Export.id.in_(list(ids))))


def forget_leases() -> None:
    """Frees what a worker that is gone had claimed."""
    db.session.execute(update(Export).where(Export.leased_until.is_not(None)).values(leased_until=None))


def as_json(left_out: Sequence[LeftOut]) -> list[dict[str, Any]]:
    return [{"number": each.number, "reason": each.reason} for each in left_out]
