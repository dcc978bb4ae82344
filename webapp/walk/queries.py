import uuid
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Exists, func, or_, select
from sqlalchemy.orm import selectinload

from webapp.database import db
from webapp.walk.rules import EVERY_STOP, ONCE, Answer, Checklist
from webapp.walk.tables import (
    AnswerRow,
    ChecklistVersion,
    Response,
    ResponseRevision,
    Stop,
    Walk,
    WalkChecklist,
    Walker,
)


def walk(walk_id: uuid.UUID) -> Walk | None:
    return db.session.get(Walk, walk_id)


def walk_by_code(code: str) -> Walk | None:
    return db.session.scalar(select(Walk).where(Walk.code == code.upper()))


def walks_of(project_id: uuid.UUID) -> Sequence[Walk]:
    """A project's walks by date."""
    return db.session.scalars(select(Walk).where(Walk.project_id == project_id).order_by(Walk.starts)).all()


def stops_of(walk_ids: Iterable[uuid.UUID]) -> Sequence[Stop]:
    """The stops of several walks, those of each in their order."""
    query = select(Stop).where(Stop.walk_id.in_(list(walk_ids)))
    return db.session.scalars(query.order_by(Stop.walk_id, Stop.position)).all()


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


def asked_or_answered(walk_id: uuid.UUID, answered: Set[uuid.UUID]) -> list[tuple[uuid.UUID, Checklist]]:
    """The walk's checklists, then the other versions that were `answered` on it.

    Where there are several versions of one checklist, the titles carry their numbers.
    """
    asked = [key for key, _ in checklists(walk_id)]
    order = [*asked, *sorted(answered - set(asked), key=str)]
    found = select(ChecklistVersion).where(ChecklistVersion.id.in_(order))
    rows = {row.id: row for row in db.session.scalars(found)}
    count = Counter(row.checklist for row in rows.values())
    return [(key, _numbered(rows[key], count[rows[key].checklist] > 1)) for key in order]


def _numbered(row: ChecklistVersion, several: bool) -> Checklist:
    checklist = Checklist.read(row.body)
    titles = {code: f"{title} ({row.version})" for code, title in checklist.title.items()}
    return replace(checklist, title=titles) if several else checklist


def versions_on(walk_id: uuid.UUID) -> Sequence[ChecklistVersion]:
    """The versions that the walk asks, in order."""
    return db.session.scalars(
        select(ChecklistVersion)
        .join(WalkChecklist, WalkChecklist.version_id == ChecklistVersion.id)
        .where(WalkChecklist.walk_id == walk_id)
        .order_by(WalkChecklist.position)
    ).all()


def versions_of(project_id: uuid.UUID, checklist: str) -> Sequence[ChecklistVersion]:
    """All versions of a project's checklist, the newest first."""
    query = select(ChecklistVersion).where(
        ChecklistVersion.project_id == project_id, ChecklistVersion.checklist == checklist
    )
    return db.session.scalars(query.order_by(ChecklistVersion.version.desc())).all()


def versions_by_id(ids: Iterable[uuid.UUID]) -> Sequence[ChecklistVersion]:
    return db.session.scalars(select(ChecklistVersion).where(ChecklistVersion.id.in_(list(ids)))).all()


def checklist_names(project_id: uuid.UUID) -> Sequence[str]:
    """Every checklist that the project has a version of."""
    query = select(ChecklistVersion.checklist).where(ChecklistVersion.project_id == project_id)
    return db.session.scalars(query.distinct().order_by(ChecklistVersion.checklist)).all()


def answered_versions(walk_id: uuid.UUID) -> set[uuid.UUID]:
    """Versions to which a response came on this walk."""
    return set(db.session.scalars(select(Response.version_id).where(Response.walk_id == walk_id).distinct()))


def answered_stops(walk_id: uuid.UUID) -> set[uuid.UUID]:
    """Stops at which a response came."""
    query = select(Response.stop_id).where(Response.walk_id == walk_id, Response.stop_id.is_not(None))
    return {stop_id for stop_id in db.session.scalars(query.distinct()) if stop_id}


def version(version_id: uuid.UUID) -> ChecklistVersion | None:
    return db.session.get(ChecklistVersion, version_id)


def version_of(project_id: uuid.UUID, checklist: str, version: int) -> ChecklistVersion | None:
    """One version of a project's checklist, in use or not: a phone may hold an older one."""
    return db.session.scalar(
        select(ChecklistVersion).where(
            ChecklistVersion.project_id == project_id,
            ChecklistVersion.checklist == checklist,
            ChecklistVersion.version == version,
        )
    )


def revisions_of(participant_id: uuid.UUID) -> Sequence[ResponseRevision]:
    """Every revision that counts or was kept beside it, of all of one person's responses."""
    return db.session.scalars(
        select(ResponseRevision)
        .join(Response, Response.id == ResponseRevision.record_id)
        .where(Response.participant_id == participant_id)
        .where(or_(ResponseRevision.sha256 == Response.sha256, ResponseRevision.counted.is_(False)))
        .order_by(ResponseRevision.order)
    ).all()


def response_by_id(response_id: uuid.UUID) -> Response | None:
    return db.session.get(Response, response_id)


def project_of_response(response_id: uuid.UUID) -> uuid.UUID | None:
    found = response_by_id(response_id)
    return project_of(found.walk_id) if found else None


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


def answers_of(response: Response | None) -> dict[str, Answer]:
    """A response's answers by question."""
    return {row.question: answer_of(row) for row in response.answers} if response else {}


def asking(walk_id: uuid.UUID, stop_id: uuid.UUID | None, question: str, version: str = "") -> uuid.UUID | None:
    """The walk's checklist (its version, if one is named) that asks this question there; None where none does."""
    for key, checklist in checklists(walk_id):
        asked = checklist.questions(EVERY_STOP if stop_id else ONCE)
        if version in ("", str(key)) and any(each.id == question for each in asked):
            return key
    return None


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
    """Whose the walk's responses are, one for each person, place and checklist in which something is answered."""
    return [person for person, _ in filled_in(walk_id)]


def filled_in(walk_id: uuid.UUID) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    """Who filled in a checklist at which stop: one for each checklist in which something is answered."""
    places = select(Response.participant_id, Response.stop_id, Response.version_id)
    found = db.session.execute(places.where(Response.walk_id == walk_id, _says_something()).distinct())
    return [(row.participant_id, row.stop_id) for row in found]


@dataclass(frozen=True)
class Begun:
    """A record that a device made at a stop: its first number by the device's own counter, and when that came."""

    participant_id: uuid.UUID
    device: str
    stop_id: uuid.UUID
    sequence: int
    received: datetime


def begun(walk_id: uuid.UUID) -> list[Begun]:
    """Every response at a stop of this walk, as its device began it."""
    found = db.session.execute(
        select(
            Response.participant_id,
            ResponseRevision.device,
            Response.stop_id,
            func.min(ResponseRevision.sequence),
            func.min(ResponseRevision.received),
        )
        .join(Response, Response.id == ResponseRevision.record_id)
        .where(Response.walk_id == walk_id, Response.stop_id.is_not(None))
        .group_by(Response.id, Response.participant_id, ResponseRevision.device, Response.stop_id)
    )
    return [Begun(who, device, stop, number, at) for who, device, stop, number, at in found if stop]


def arrivals(project_id: uuid.UUID) -> list[tuple[uuid.UUID, datetime]]:
    """Whose filled-in checklists came when, of all of a project's walks."""
    query = select(Response.participant_id, Response.received).join(Walk, Walk.id == Response.walk_id)
    found = db.session.execute(query.where(Walk.project_id == project_id, _says_something()))
    return [(row.participant_id, row.received) for row in found]


def _says_something() -> Exists:
    return select(AnswerRow.question).where(AnswerRow.response_id == Response.id).exists()
