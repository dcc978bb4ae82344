"""The register of consents: append-only. Nothing here is ever changed."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Localised, new_id, now

_NAMED = text("photo_id is not null")


class ConsentText(Base):
    """What was asked, word for word, in every language of the project. A change is a new version."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("project_id", "purpose", "version"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"))
    purpose: Mapped[str]
    version: Mapped[int]
    title: Mapped[Localised]
    detail: Mapped[Localised]
    created: Mapped[datetime] = mapped_column(default=now)


class Consent(Base):
    """One decision: who, for what, yes or no, on which text, shown in which language, when, how.

    `at` is the clock of the phone (stored, not believed), `received` the server's. `order` decides what is later.
    With a `photo_id` it is about that photo alone; its record may come after this one. `notice_id` is the privacy
    notice that was in force.
    """

    __tablename__ = "consent"
    # Only of those that name a photo: with the others in it, SQLite takes this index for "no photo", and so reads the
    # whole register instead of one person's.
    __table_args__ = (Index("ix_consent_photo_id", "photo_id", sqlite_where=_NAMED, postgresql_where=_NAMED),)
    order: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    photo_id: Mapped[uuid.UUID | None]
    purpose: Mapped[str]
    yes: Mapped[bool]
    text_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent_text.id"))
    language: Mapped[str]
    method: Mapped[str]
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"))
    at: Mapped[datetime]
    received: Mapped[datetime] = mapped_column(default=now)


class Release(Base):
    """Somebody who can be recognised in a photo has said, on the spot, where it may be shown.

    Its photo's record may come after it. `code` is the SHA-256 of the letters by which they see it again and take it
    back (`withdrawn`). It goes with the photo, and with its author.
    """

    __tablename__ = "release"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    photo_id: Mapped[uuid.UUID] = mapped_column(index=True)
    language: Mapped[str]
    guardian: Mapped[bool]
    name: Mapped[str | None]
    method: Mapped[str]
    signature: Mapped[str | None]
    code: Mapped[str] = mapped_column(unique=True)
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notice.id"))
    at: Mapped[datetime]
    received: Mapped[datetime] = mapped_column(default=now)
    withdrawn: Mapped[datetime | None]
    answers: Mapped[list["ReleaseAnswer"]] = relationship(
        order_by="ReleaseAnswer.order", cascade="all, delete-orphan"
    )


class ReleaseAnswer(Base):
    """Yes or no for one purpose. Whoever changes it later gets a new row: the last word counts."""

    __tablename__ = "release_answer"
    order: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    release_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    yes: Mapped[bool]
    text_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent_text.id"))
    at: Mapped[datetime] = mapped_column(default=now)
