"""A city's undertaking, and who does what in it."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Localised, new_id, now


class Project(Base):
    """`perspectives` and `themes`: [{"id", "label": {language: text}}]. `purposes`: ids, in the order of asking.

    `local_language` is what people speak there: checklists name it. `keep_until` is the date of deletion.
    `sealed_days`: for so long the untouched picture is kept after a photo was painted over; 0: not at all.
    `people` and `photos`: how many participants and photos have got a number.
    """

    __tablename__ = "project"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[Localised]
    languages: Mapped[list[str]]
    zone: Mapped[str]
    perspectives: Mapped[list[Any]]
    themes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    local_language: Mapped[str] = mapped_column(default="cs", server_default="cs")
    purposes: Mapped[list[str]]
    controller: Mapped[str]
    contact: Mapped[str]
    keep_until: Mapped[date]
    sealed_days: Mapped[int] = mapped_column(default=30, server_default="30")
    people: Mapped[int] = mapped_column(default=0, server_default="0")
    photos: Mapped[int] = mapped_column(default=0, server_default="0")
    created: Mapped[datetime] = mapped_column(default=now)


class Membership(Base):
    """An organiser's role in a project."""

    __tablename__ = "membership"
    organiser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organiser.id"), primary_key=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), primary_key=True, index=True)
    role: Mapped[str]


class Notice(Base):
    """The privacy notice, in the project's languages. A change is a new version."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("project_id", "version"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"))
    version: Mapped[int]
    text: Mapped[Localised]
    created: Mapped[datetime] = mapped_column(default=now)


class Act(Base):
    """What an organiser did that others must be able to ask about later. `subject` names no person."""

    __tablename__ = "act"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    organiser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    what: Mapped[str]
    subject: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
