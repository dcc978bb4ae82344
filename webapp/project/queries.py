import uuid
from collections.abc import Sequence

from sqlalchemy import select

from webapp.database import db
from webapp.doors import Role
from webapp.project.tables import Membership, Notice, Project


def project(project_id: uuid.UUID) -> Project | None:
    return db.session.get(Project, project_id)


def notice(project_id: uuid.UUID) -> Notice | None:
    """The privacy notice in force: the newest version."""
    query = select(Notice).where(Notice.project_id == project_id)
    return db.session.scalar(query.order_by(Notice.version.desc()).limit(1))


def notices(project_id: uuid.UUID) -> Sequence[Notice]:
    """All versions of the privacy notice, the newest first."""
    query = select(Notice).where(Notice.project_id == project_id)
    return db.session.scalars(query.order_by(Notice.version.desc())).all()


def notice_id(project_id: uuid.UUID) -> uuid.UUID | None:
    found = notice(project_id)
    return found.id if found else None


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


def members(project_id: uuid.UUID) -> Sequence[Membership]:
    """Who has a role in the project."""
    return db.session.scalars(select(Membership).where(Membership.project_id == project_id)).all()


def owners(project_id: uuid.UUID) -> Sequence[uuid.UUID]:
    query = select(Membership.organiser_id).where(Membership.project_id == project_id)
    return db.session.scalars(query.where(Membership.role == Role.OWNER.value)).all()


def owns_all_of(owner_id: uuid.UUID, member_id: uuid.UUID) -> bool:
    """Whether every project of the member is one that this owner owns, and there is one."""
    theirs = set(db.session.scalars(select(Membership.project_id).where(Membership.organiser_id == member_id)))
    owned = select(Membership.project_id).where(Membership.organiser_id == owner_id)
    return bool(theirs) and theirs <= set(db.session.scalars(owned.where(Membership.role == Role.OWNER.value)))


def role_in(organiser_id: uuid.UUID, project_id: uuid.UUID) -> Role | None:
    found = db.session.get(Membership, (organiser_id, project_id))
    return Role(found.role) if found else None
