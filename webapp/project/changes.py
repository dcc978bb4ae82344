import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from webapp.database import Localised, db
from webapp.doors import Role
from webapp.people import changes as people_changes
from webapp.project import queries
from webapp.project.tables import Act, Membership, Notice, Project


class LastOwner(Exception):
    """A project keeps at least one owner."""


def add_project(
    title: Localised,
    languages: Sequence[str],
    zone: str,
    perspectives: list[dict[str, Any]],
    purposes: Sequence[str],
    controller: str,
    contact: str,
    keep_until: date,
    themes: list[dict[str, Any]] | None = None,
    local_language: str = "cs",
    sealed_days: int = 30,
    project_id: uuid.UUID | None = None,
) -> Project:
    project = Project(
        id=project_id or uuid.uuid4(),
        title=title,
        languages=list(languages),
        zone=zone,
        perspectives=perspectives,
        purposes=list(purposes),
        controller=controller,
        contact=contact,
        keep_until=keep_until,
        themes=themes or [],
        local_language=local_language,
        sealed_days=sealed_days,
    )
    db.session.add(project)
    db.session.flush()
    return project


def edit_project(project: Project, facts: Mapping[str, Any]) -> None:
    """Sets these columns of a project."""
    for name, value in facts.items():
        setattr(project, name, value)
    db.session.flush()


def add_notice(project_id: uuid.UUID, text: Localised) -> Notice:
    """The privacy notice in force from now on; the same words again make no new version."""
    last = queries.notice(project_id)
    if last and last.text == text:
        return last
    notice = Notice(project_id=project_id, version=last.version + 1 if last else 1, text=text)
    db.session.add(notice)
    db.session.flush()
    return notice


def next_photo_number(project_id: uuid.UUID) -> int:
    """The number of one more photo, never given before. Two that come at once wait for each other."""
    return _one_more(project_id, Project.photos)


def next_person_number(project_id: uuid.UUID) -> int:
    """The number of one more participant, never given before."""
    return _one_more(project_id, Project.people)


def _one_more(project_id: uuid.UUID, counter: InstrumentedAttribute[int]) -> int:
    step = update(Project).where(Project.id == project_id).values({counter: counter + 1})
    return db.session.scalars(step.returning(counter)).one()


def note_act(project_id: uuid.UUID, organiser_id: uuid.UUID | None, what: str, subject: str = "") -> None:
    """Writes down what an organiser did. `what` is marked for translation; `subject` names no participant."""
    db.session.add(Act(project_id=project_id, organiser_id=organiser_id, what=what, subject=subject))


def give_role(organiser_id: uuid.UUID, project_id: uuid.UUID, role: Role) -> None:
    """Sets the organiser's one role in the project.

    Raises `LastOwner` where that would leave the project without one. Who is no owner any more has invited nobody.
    """
    if role is not Role.OWNER:
        _let_go(organiser_id, project_id)
    db.session.merge(Membership(organiser_id=organiser_id, project_id=project_id, role=role.value))
    people_changes.end_resets_between(organiser_id)


def take_role(organiser_id: uuid.UUID, project_id: uuid.UUID) -> None:
    """Takes the organiser out of the project; raises `LastOwner` where that would leave it without one."""
    _let_go(organiser_id, project_id)
    here = Membership.project_id == project_id
    db.session.execute(delete(Membership).where(Membership.organiser_id == organiser_id, here))
    people_changes.end_resets_between(organiser_id)


def _let_go(organiser_id: uuid.UUID, project_id: uuid.UUID) -> None:
    # Two owners who remove each other at the same moment must not both succeed: one waits here for the other.
    db.session.execute(select(Project.id).where(Project.id == project_id).with_for_update())
    if list(queries.owners(project_id)) == [organiser_id]:
        raise LastOwner
    people_changes.revoke_invitations_of(organiser_id, project_id)
