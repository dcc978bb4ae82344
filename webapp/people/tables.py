"""Organisers with accounts; participants without."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, new_id, now

_LEAVING = text("leaving is not null")


class Organiser(Base):
    """A person with an account. `password` is an argon2id hash."""

    __tablename__ = "organiser"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    created: Mapped[datetime] = mapped_column(default=now)


class Login(Base):
    """One browser of an organiser, as it names itself. Ended logins open nothing."""

    __tablename__ = "login"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organiser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organiser.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str] = mapped_column(default="", server_default="")
    created: Mapped[datetime] = mapped_column(default=now)
    ended: Mapped[datetime | None]


class Invitation(Base):
    """A one-time link: to a project in a role, or (with `organiser_id`) to a new password.

    `mail` is the language of the mail that is still to be sent, if any.
    """

    __tablename__ = "invitation"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("project.id"), index=True)
    role: Mapped[str | None]
    organiser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    email: Mapped[str] = mapped_column(default="")
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    created: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime]
    used: Mapped[datetime | None]
    mail: Mapped[str | None]


class Failure(Base):
    """A wrong password, recovery code or key. `subject` is a fingerprint of what was tried, not of who tried."""

    __tablename__ = "failure"
    __table_args__ = (Index("ix_failure_kind_subject_at", "kind", "subject", "at"),)
    order: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    subject: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class Participant(Base):
    """A person without an account, one per project.

    `key` and `recovery` are fingerprints of the phone's joining key and of the recovery code; shutting out a device
    retires both, because that device knew them. `leaving` closes everything of this person until it is erased.
    `number` is how organisers call them: from 1 in each project, never given twice. `reach` is where they may be
    contacted, in their own words; it is here only while they agree to that, and to being kept at all.
    """

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        # Asked for with every consent, and nearly always empty.
        Index("ix_participant_leaving", "leaving", sqlite_where=_LEAVING, postgresql_where=_LEAVING),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"))
    number: Mapped[int | None]
    key: Mapped[str | None]
    recovery: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str | None]
    reach: Mapped[str | None]
    language: Mapped[str]
    perspective: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)
    leaving: Mapped[datetime | None]


class Device(Base):
    """What may act for a participant: a phone, or the plain pages' cookie. A shut-out device opens nothing.

    The phone chooses the name, so two may carry the same one. `told` is when it last said how many answers and photos
    it still holds; that is forgotten after `rules.TOLD_KEPT`.
    """

    __tablename__ = "device"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    name: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(unique=True)
    created: Mapped[datetime] = mapped_column(default=now)
    shut: Mapped[datetime | None]
    told: Mapped[datetime | None]
    held_answers: Mapped[int | None]
    held_photos: Mapped[int | None]


class Gone(Base):
    """What was withdrawn or erased: fingerprints of ids and tokens, which tell nothing to whoever reads them.

    They make a phone that comes back with an old record hear 410, and not begin again.
    """

    __tablename__ = "gone"
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
