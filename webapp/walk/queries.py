import uuid
from collections.abc import Sequence

from sqlalchemy import Exists, select
from sqlalchemy.orm import selectinload

from webapp.database import db
from webapp.walk.rules import Answer, Checklist
from webapp.walk.tables import AnswerRow, ChecklistVersion, Response, Walk, WalkChecklist, Walker


def walk(walk_id: uuid.UUID) -> Walk | None:
    return db.session.get(Walk, walk_id)


def walk_by_code(code: str) -> Walk | None:
    return db.session.scalar(select(Walk).where(Walk.code == code.upper()))


def walks_of(project_id: uuid.UUID) -> Sequence[Walk]:
    """A project's walks by date."""
    return db.session.scalars(select(Walk).where(Walk.project_id == project_id).order_by(Walk.starts)).all()


def project_of(walk_id: uuid.UUID) -> uuid.UUID | None:
    return db.session.scalar(select(Walk.project_id).where(Walk.id == walk_id))


def joined(participant_id: uuid.UUID, walk_id: uuid.UUID) -> bool:
    return db.session.get(Walker, (walk_id, participant_id)) is not None


def walks_joined(participant_id: uuid.UUID) -> Sequence[uuid.UUID]:
    query = select(Walker.walk_id).where(Walker.participant_id == participant_id)
    return db.session.scalars(query.order_by(Walker.joined, Walker.walk_id)).all()


def walkers(walk_id: uuid.UUID) -> Sequence[uuid.UUID]:
    return db.session.scalars(select(Walker.participant_id).where(Walker.walk_id == walk_id)).all()


def checklists(walk_id: uuid.UUID) -> list[tuple[uuid.UUID, Checklist]]:
    """The walk's checklists in order: the version's id and what it says."""
    rows = db.session.scalars(
        select(ChecklistVersion)
        .join(WalkChecklist, WalkChecklist.version_id == ChecklistVersion.id)
        .where(WalkChecklist.walk_id == walk_id)
        .order_by(WalkChecklist.position)
    )
    return [(row.id, Checklist.read(row.body)) for row in rows]


def version(version_id: uuid.UUID) -> ChecklistVersion | None:
    return db.session.get(ChecklistVersion, version_id)


def response_by_id(response_id: uuid.UUID) -> Response | None:
    return db.session.get(Response, response_id)


def own_response(
    participant_id: uuid.UUID, walk_id: uuid.UUID, stop_id: uuid.UUID | None, version_id: uuid.UUID
) -> Response | None:
    """What this person answered there, the newest if there are several."""
    return db.session.scalar(
        select(Response)
        .where(
            Response.participant_id == participant_id,
            Response.walk_id == walk_id,
            Response.stop_id == stop_id if stop_id else Response.stop_id.is_(None),
            Response.version_id == version_id,
        )
        .order_by(Response.received.desc())
        .limit(1)
    )


def answer_of(row: AnswerRow) -> Answer:
    return Answer(row.value, row.cant_tell, row.remark, tuple(row.photos), row.sound)


def answered(participant_id: uuid.UUID, walk_id: uuid.UUID) -> set[tuple[uuid.UUID | None, uuid.UUID]]:
    """(stop, checklist version) pairs in which this person has answered something."""
    rows = db.session.execute(
        select(Response.stop_id, Response.version_id)
        .where(Response.participant_id == participant_id, Response.walk_id == walk_id)
        .where(_says_something())
    )
    return {(row.stop_id, row.version_id) for row in rows}


def responses(walk_id: uuid.UUID) -> Sequence[Response]:
    """All that was answered on a walk, with the answers, in the order in which it came."""
    return db.session.scalars(
        select(Response)
        .where(Response.walk_id == walk_id)
        .options(selectinload(Response.answers))
        .order_by(Response.received, Response.id)
    ).all()


def authors(walk_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Whose the walk's responses are, one for each response that answers something."""
    return db.session.scalars(
        select(Response.participant_id).where(Response.walk_id == walk_id, _says_something())
    ).all()


def _says_something() -> Exists:
    return select(AnswerRow.question).where(AnswerRow.response_id == Response.id).exists()
