import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from webapp.database import Localised, db
from webapp.doors import Role
from webapp.project import queries
from webapp.project.tables import Act, Membership, Notice, Project


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
) -> Project:
    project = Project(
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
    )
    db.session.add(project)
    db.session.flush()
    return project


def add_notice(project_id: uuid.UUID, text: Localised) -> Notice:
    """The privacy notice in force from now on; the same words again make no new version."""
    last = queries.notice(project_id)
    if last and last.text == text:
        return last
    notice = Notice(project_id=project_id, version=last.version + 1 if last else 1, text=text)
    db.session.add(notice)
    db.session.flush()
    return notice


def note_act(project_id: uuid.UUID, organiser_id: uuid.UUID | None, what: str, subject: str = "") -> None:
    """Writes down what an organiser did. `what` is marked for translation; `subject` names no participant."""
    db.session.add(Act(project_id=project_id, organiser_id=organiser_id, what=what, subject=subject))


def give_role(organiser_id: uuid.UUID, project_id: uuid.UUID, role: Role) -> None:
    """Sets the organiser's one role in the project."""
    db.session.merge(Membership(organiser_id=organiser_id, project_id=project_id, role=role.value))
