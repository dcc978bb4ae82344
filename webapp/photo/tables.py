"""Pictures (bytes, and what was made of them) and photos (a picture with its caption and place)."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Localised, new_id, now


class Picture(Base):
    """An original, by its SHA-256; the same bytes twice are one. `facts` is `rules.Facts` as JSON.

    The row says what is missing: a picture that is waiting, and not leased by a worker, is to be processed.
    """

    __tablename__ = "picture"
    __table_args__ = (Index("ix_picture_state_leased_until", "state", "leased_until"),)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    bytes: Mapped[int]
    type: Mapped[str]
    state: Mapped[str]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sizes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    received: Mapped[datetime] = mapped_column(default=now)


class Photo(Base):
    """A picture with its words. The phone makes the id. Positions in degrees, accuracy in metres.

    `pin_*` and `fix_*` are what a person and a phone said; the chosen place is worked out from all candidates.
    """

    __tablename__ = "photo"
    __table_args__ = (Index("ix_photo_walk_id_received", "walk_id", "received"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"))
    stop_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stop.id"))
    sha256: Mapped[str] = mapped_column(ForeignKey("picture.sha256"), index=True)
    caption: Mapped[Localised]
    up: Mapped[bool]
    down: Mapped[bool]
    people: Mapped[str]
    revision: Mapped[int]
    pin_lat: Mapped[float | None]
    pin_lon: Mapped[float | None]
    fix_lat: Mapped[float | None]
    fix_lon: Mapped[float | None]
    fix_accuracy: Mapped[float | None]
    fix_at: Mapped[datetime | None]
    received: Mapped[datetime] = mapped_column(default=now)
    picture: Mapped[Picture] = relationship(lazy="joined")


class PhotoRevision(Base):
    """Everything that ever arrived for a photo, as it came."""

    __tablename__ = "photo_revision"
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str]
    sha256: Mapped[str]
    body: Mapped[str]
    received: Mapped[datetime] = mapped_column(default=now)


class Download(Base):
    """Who took originals away, of which walk, and how many."""

    __tablename__ = "download"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organiser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organiser.id"))
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"))
    photos: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
