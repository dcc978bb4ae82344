"""A meeting and its board: theme groups of photos, and what was said of them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Localised, new_id, now


class Meeting(Base):
    """Where photos are looked at together. `kind` is a `rules.MeetingKind`; `attendance`: heads by perspective.

    `revision` counts the changes: whoever writes over an older one is told.
    """

    __tablename__ = "meeting"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str]
    title: Mapped[Localised]
    starts: Mapped[datetime]
    where: Mapped[str] = mapped_column(default="", server_default="")
    attendance: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    note: Mapped[str] = mapped_column(default="", server_default="")
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    created: Mapped[datetime] = mapped_column(default=now)


class ThemeGroup(Base):
    """A named cluster of photos on a meeting's board, in the words of those who were there.

    `revision` counts the changes of name and note: whoever writes over an older one is told. A deleted group stays,
    with what lay in it, so that it can come back; its photos count as not grouped.
    """

    __tablename__ = "theme_group"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    note: Mapped[str] = mapped_column(default="", server_default="")
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    deleted: Mapped[datetime | None]
    created: Mapped[datetime] = mapped_column(default=now)


class Placing(Base):
    """Which group a photo lies in on a meeting's board; a photo lies in one or in none."""

    __tablename__ = "placing"
    __table_args__ = (UniqueConstraint("meeting_id", "photo_id"),)
    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("theme_group.id"), primary_key=True)
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True, index=True)
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int]
