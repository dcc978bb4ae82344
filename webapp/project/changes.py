import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from webapp.database import Localised, db
from webapp.doors import Role
from webapp.project.tables import Membership, Project


def add_project(
    title: Localised,
    languages: Sequence[str],
    zone: str,
    perspectives: list[dict[str, Any]],
    purposes: Sequence[str],
    controller: str,
    contact: str,
    keep_until: date,
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
    )
    db.session.add(project)
    db.session.flush()
    return project


def give_role(organiser_id: uuid.UUID, project_id: uuid.UUID, role: Role) -> None:
    """Sets the organiser's one role in the project."""
    db.session.merge(Membership(organiser_id=organiser_id, project_id=project_id, role=role.value))
