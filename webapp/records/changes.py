"""Files a revision that arrives: the one place where the rules of revisions meet the database."""

import uuid
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import defer

from webapp.database import db
from webapp.records.rules import Current, Receipt, Revision, Verdict, judge
from webapp.records.tables import RevisionRow

MOST = 500
"""Revisions of one record: a phone that saves every change of a long walk sends some dozens."""


class TooMany(Exception):
    """The record has more revisions than any person makes; nothing more is kept of it."""


def file_revision(
    table: type[RevisionRow], record_id: uuid.UUID, current: Current | None, arrived: Revision
) -> tuple[Verdict, Receipt]:
    """Keeps the revision where the rules say so, and gives its receipt: its own, or that of the newer one.

    The record's own row must be there. Whoever calls changes it when the verdict is COUNTS.
    """
    query = select(table).where(table.record_id == record_id).order_by(table.order)
    rows = db.session.scalars(query.options(defer(table.body))).all()
    if len(rows) >= MOST and not any(row.sha256 == arrived.sha256 for row in rows):
        raise TooMany
    known = next((row for row in rows if row.sha256 == arrived.sha256), None)
    if known is not None and (not known.counted or (current and known.sha256 == current.sha256)):
        return Verdict.SAME, _receipt(known)
    verdict = Verdict.OLDER if known else judge(current, arrived, _forks(rows))
    if verdict is Verdict.OLDER and current:
        return verdict, _receipt(next(row for row in rows if row.sha256 == current.sha256))
    row = table()
    row.record_id = record_id
    row.device, row.sequence = arrived.device, arrived.sequence
    row.revision, row.base = arrived.revision, arrived.base
    row.sha256, row.body = arrived.sha256, arrived.body
    row.counted = verdict is Verdict.COUNTS
    db.session.add(row)
    db.session.flush()
    return verdict, _receipt(row)


def _forks(rows: Iterable[RevisionRow]) -> frozenset[tuple[str, int]]:
    return frozenset((row.device, row.revision) for row in rows if not row.counted)


def _receipt(row: RevisionRow) -> Receipt:
    kept = None if row.counted else Verdict.VERSION.value
    return Receipt(str(row.record_id), row.revision, row.sha256, row.received, kept)
