import uuid
from collections.abc import Sequence

from sqlalchemy import select

from webapp.database import db
from webapp.meeting.tables import Meeting, Placing, ThemeGroup


def meeting(meeting_id: uuid.UUID) -> Meeting | None:
    return db.session.get(Meeting, meeting_id)


def project_of(meeting_id: uuid.UUID) -> uuid.UUID | None:
    return db.session.scalar(select(Meeting.project_id).where(Meeting.id == meeting_id))


def meetings_of(project_id: uuid.UUID) -> Sequence[Meeting]:
    """A project's meetings by their beginning."""
    return db.session.scalars(select(Meeting).where(Meeting.project_id == project_id).order_by(Meeting.starts)).all()


def groups_of(meeting_id: uuid.UUID) -> Sequence[ThemeGroup]:
    """The groups on a meeting's board, in their order."""
    query = select(ThemeGroup).where(ThemeGroup.meeting_id == meeting_id)
    return db.session.scalars(query.order_by(ThemeGroup.position, ThemeGroup.created)).all()


def placings_of(meeting_id: uuid.UUID) -> Sequence[Placing]:
    """Which photo lies where on a meeting's board, each group's in their order."""
    query = select(Placing).where(Placing.meeting_id == meeting_id)
    return db.session.scalars(query.order_by(Placing.group_id, Placing.position)).all()
