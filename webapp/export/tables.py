"""Files that somebody asked for, and that a worker makes."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, new_id, now


class Export(Base):
    """One file that was asked for. `wanted` says of what (`{"walk": id}`, `{"exhibition": id, "paper": "a3"}`).

    The row says what is missing: one that is waiting, and not leased by a worker, is to be made. `done` of `total`
    photos are in it so far. `photos` are those that are in the finished file (`rules.Inside`): once one of them may
    not leave any more, neither may the file. `left_out`: [{"number", "reason"}]. `file` is
    its name for whoever takes it.
    """

    __tablename__ = "export"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    organiser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organiser.id"))
    format: Mapped[str]
    wanted: Mapped[dict[str, Any]]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    file: Mapped[str] = mapped_column(default="")
    bytes: Mapped[int] = mapped_column(default=0)
    photos: Mapped[list[Any]] = mapped_column(default=list)
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    created: Mapped[datetime] = mapped_column(default=now)
    finished: Mapped[datetime | None]
