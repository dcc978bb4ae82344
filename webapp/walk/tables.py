"""Walks, stops, checklists, and what people answered."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Localised, new_id, now
from webapp.records.tables import RevisionRow


class Walk(Base):
    """A dated walk of so many `minutes`. `starts` is an instant, shown in the project's time zone."""

    __tablename__ = "walk"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    title: Mapped[Localised]
    district: Mapped[Localised]
    meeting_point: Mapped[Localised]
    starts: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=120, server_default="120")
    code: Mapped[str] = mapped_column(unique=True)
    no_faces: Mapped[bool] = mapped_column(default=False, server_default="0")
    stops: Mapped[list["Stop"]] = relationship(order_by="Stop.position")
    checklists: Mapped[list["WalkChecklist"]] = relationship(order_by="WalkChecklist.position")


class Stop(Base):
    """A place on the walk; `accuracy` in metres says how well its position is known."""

    __tablename__ = "stop"
    __table_args__ = (UniqueConstraint("walk_id", "position"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"))
    position: Mapped[int]
    name: Mapped[Localised]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy: Mapped[float | None]
    photos: Mapped[bool] = mapped_column(default=True)


class ChecklistVersion(Base):
    """A checklist as it was at one time. `body` as `rules.Checklist.read` takes it; never changed once answered."""

    __tablename__ = "checklist_version"
    __table_args__ = (UniqueConstraint("project_id", "checklist", "version"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"))
    checklist: Mapped[str]
    version: Mapped[int]
    body: Mapped[dict[str, Any]]


class WalkChecklist(Base):
    """Which checklists a walk uses, in order."""

    __tablename__ = "walk_checklist"
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"), primary_key=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("checklist_version.id"), primary_key=True)
    position: Mapped[int]
    version: Mapped[ChecklistVersion] = relationship()


class Walker(Base):
    """Who joined which walk."""

    __tablename__ = "walker"
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"), primary_key=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), primary_key=True, index=True)
    joined: Mapped[datetime] = mapped_column(default=now)


class Response(Base):
    """One participant's filled-in checklist at one stop, or once for the walk. The phone makes the id.

    `revision`, `device` and `sha256` are those of the revision that counts.
    """

    __tablename__ = "response"
    __table_args__ = (Index("ix_response_walk_id_stop_id", "walk_id", "stop_id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"))
    stop_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stop.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("checklist_version.id"))
    language: Mapped[str]
    people: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int]
    device: Mapped[str]
    sha256: Mapped[str]
    received: Mapped[datetime] = mapped_column(default=now)
    answers: Mapped[list["AnswerRow"]] = relationship(cascade="all, delete-orphan")


class ResponseRevision(RevisionRow, Base):
    """Everything that ever arrived for a response, as it came. Answers are the revision that counts, spread out."""

    __tablename__ = "response_revision"
    __table_args__ = (UniqueConstraint("record_id", "sha256"),)
    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"))


class AnswerRow(Base):
    """One question's value, with "can't tell" and a remark; ids of photos, and the SHA-256 of a recording."""

    __tablename__ = "answer"
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    cant_tell: Mapped[bool]
    remark: Mapped[str]
    photos: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    sound: Mapped[str | None]
