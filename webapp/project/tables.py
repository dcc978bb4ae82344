"""A city's undertaking, and who does what in it."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Localised, new_id, now


class Project(Base):
    """`perspectives`: [{"id", "label": {language: text}}]. `purposes`: ids, in the order of asking."""

    __tablename__ = "project"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[Localised]
    languages: Mapped[list[str]]
    zone: Mapped[str]
    perspectives: Mapped[list[Any]]
    purposes: Mapped[list[str]]
    controller: Mapped[str]
    contact: Mapped[str]
    keep_until: Mapped[date]
    created: Mapped[datetime] = mapped_column(default=now)


class Membership(Base):
    """An organiser's role in a project."""

    __tablename__ = "membership"
    organiser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organiser.id"), primary_key=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), primary_key=True, index=True)
    role: Mapped[str]
