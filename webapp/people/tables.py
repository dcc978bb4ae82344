"""Organisers with accounts; participants without."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, new_id, now


class Organiser(Base):
    """A person with an account. `password` is an argon2id hash."""

    __tablename__ = "organiser"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    created: Mapped[datetime] = mapped_column(default=now)


class Login(Base):
    """One browser of an organiser. Ended logins open nothing."""

    __tablename__ = "login"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organiser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organiser.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    created: Mapped[datetime] = mapped_column(default=now)
    ended: Mapped[datetime | None]


class Participant(Base):
    """A person without an account, one per project. `key` is the fingerprint of the phone's joining key."""

    __tablename__ = "participant"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    key: Mapped[str]
    language: Mapped[str]
    perspective: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=now)


class Device(Base):
    """What may act for a participant: a phone, or the plain pages' cookie. A shut-out device opens nothing."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("participant_id", "name"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"))
    name: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(unique=True)
    created: Mapped[datetime] = mapped_column(default=now)
    shut: Mapped[datetime | None]
