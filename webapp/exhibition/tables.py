"""An exhibition: what the curators think of each photo, and in which order the chosen ones hang."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Localised, new_id, now


class Exhibition(Base):
    """A show. `languages` are those of its labels, in their order."""

    __tablename__ = "exhibition"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    title: Mapped[Localised]
    languages: Mapped[list[str]]
    created: Mapped[datetime] = mapped_column(default=now)


class Mark(Base):
    """What the curators decided on a photo: `state` is a `rules.State`.

    `position` is its place in the shortlist, from 1, where it is picked. `revision` counts the changes: whoever
    decides over an older one is told what has been decided meanwhile.
    """

    __tablename__ = "mark"
    exhibition_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exhibition.id"), primary_key=True)
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True, index=True)
    state: Mapped[str]
    position: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    organiser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class MarkChange(Base):
    """Every decision that ever was, in its order: who, when, from which state to which.

    `position`: the photo's place in the shortlist before it. `undoes`: the order of the decision that it takes back.
    """

    __tablename__ = "mark_change"
    order: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    exhibition_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exhibition.id"), index=True)
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), index=True)
    organiser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    before: Mapped[str]
    after: Mapped[str]
    position: Mapped[int | None]
    undoes: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)


class Rating(Base):
    """One curator's stars for a photo, 1 to 5; none has no row."""

    __tablename__ = "rating"
    exhibition_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exhibition.id"), primary_key=True)
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True, index=True)
    organiser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organiser.id"), primary_key=True)
    stars: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)


class RatingChange(Base):
    """How many stars a curator's photo had before they changed them, until that is undone; nobody else sees it."""

    __tablename__ = "rating_change"
    order: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    exhibition_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exhibition.id"))
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), index=True)
    organiser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organiser.id"))
    before: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (Index("ix_rating_change_mine", "exhibition_id", "organiser_id"),)
