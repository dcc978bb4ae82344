import uuid
from collections.abc import Sequence

from sqlalchemy import select

from webapp.database import db
from webapp.exhibition.rules import State
from webapp.exhibition.tables import Exhibition, Mark


def exhibition(exhibition_id: uuid.UUID) -> Exhibition | None:
    return db.session.get(Exhibition, exhibition_id)


def project_of(exhibition_id: uuid.UUID) -> uuid.UUID | None:
    return db.session.scalar(select(Exhibition.project_id).where(Exhibition.id == exhibition_id))


def exhibitions_of(project_id: uuid.UUID) -> Sequence[Exhibition]:
    """A project's exhibitions, the first made first."""
    query = select(Exhibition).where(Exhibition.project_id == project_id)
    return db.session.scalars(query.order_by(Exhibition.created)).all()


def marks_of(exhibition_id: uuid.UUID) -> dict[uuid.UUID, Mark]:
    """What has been decided, by photo."""
    found = db.session.scalars(select(Mark).where(Mark.exhibition_id == exhibition_id))
    return {mark.photo_id: mark for mark in found}


def shortlist(exhibition_id: uuid.UUID) -> list[uuid.UUID]:
    """The picked photos, in the order in which they hang. Whether each may leave is asked at the exit."""
    query = select(Mark.photo_id).where(Mark.exhibition_id == exhibition_id, Mark.state == State.PICK)
    return list(db.session.scalars(query.order_by(Mark.position, Mark.photo_id)))
