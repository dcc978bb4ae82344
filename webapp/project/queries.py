import uuid
from collections.abc import Sequence

from sqlalchemy import select

from webapp.database import db
from webapp.doors import Role
from webapp.project.tables import Membership, Project


def project(project_id: uuid.UUID) -> Project | None:
    return db.session.get(Project, project_id)


def any_project() -> bool:
    """Whether the store holds a project at all."""
    return db.session.scalar(select(Project.id).limit(1)) is not None


def projects_of(organiser_id: uuid.UUID) -> Sequence[Project]:
    """An organiser's projects, the newest first."""
    return db.session.scalars(
        select(Project)
        .join(Membership, Membership.project_id == Project.id)
        .where(Membership.organiser_id == organiser_id)
        .order_by(Project.created.desc())
    ).all()


def role_in(organiser_id: uuid.UUID, project_id: uuid.UUID) -> Role | None:
    found = db.session.get(Membership, (organiser_id, project_id))
    return Role(found.role) if found else None
