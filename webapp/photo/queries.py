import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from webapp.consent.queries import consents_of
from webapp.consent.rules import Exit, Refusal, refusal
from webapp.database import db
from webapp.photo.geotag import choose
from webapp.photo.rules import Facts, People, PictureState, Place, PlaceSource
from webapp.photo.tables import Photo, Picture
from webapp.walk.tables import Stop


def photo(photo_id: uuid.UUID) -> Photo | None:
    return db.session.get(Photo, photo_id)


def picture(sha256: str) -> Picture | None:
    return db.session.get(Picture, sha256)


def own_photos(participant_id: uuid.UUID, walk_id: uuid.UUID) -> Sequence[Photo]:
    """One person's photos of a walk, the newest first."""
    return db.session.scalars(
        select(Photo)
        .where(Photo.participant_id == participant_id, Photo.walk_id == walk_id)
        .order_by(Photo.received.desc(), Photo.id)
    ).all()


def photos_of_walk(walk_id: uuid.UUID) -> Sequence[Photo]:
    """All photos of a walk in the order in which they came."""
    return db.session.scalars(select(Photo).where(Photo.walk_id == walk_id).order_by(Photo.received, Photo.id)).all()


def walk_of(photo_id: uuid.UUID) -> uuid.UUID | None:
    return db.session.scalar(select(Photo.walk_id).where(Photo.id == photo_id))


def author_of(photo_id: uuid.UUID) -> uuid.UUID | None:
    return db.session.scalar(select(Photo.participant_id).where(Photo.id == photo_id))


def refusals(photos: Sequence[Photo], way: Exit) -> dict[uuid.UUID, Refusal | None]:
    """The gate, for many photos at once: why each may not leave by this way, or None."""
    agreed = consents_of({photo.participant_id for photo in photos})
    return {
        photo.id: refusal(way, agreed[photo.participant_id], photo.people == People.UNRELEASED) for photo in photos
    }


def facts_of(picture: Picture) -> Facts | None:
    """What intake made of the bytes; None until it has looked."""
    return Facts.from_json(picture.facts) if picture.facts else None


def candidates(photo: Photo) -> list[Place]:
    """Every place that somebody or something named for the photo."""
    facts, found = facts_of(photo.picture), []
    if photo.pin_lat is not None and photo.pin_lon is not None:
        found.append(Place(photo.pin_lat, photo.pin_lon, None, PlaceSource.PIN))
    if photo.fix_lat is not None and photo.fix_lon is not None:
        found.append(Place(photo.fix_lat, photo.fix_lon, photo.fix_accuracy, PlaceSource.PHONE))
    if facts and facts.place:
        found.append(facts.place)
    stop = db.session.get(Stop, photo.stop_id) if photo.stop_id else None
    if stop and stop.lat is not None and stop.lon is not None:
        found.append(Place(stop.lat, stop.lon, stop.accuracy, PlaceSource.STOP))
    return found


def place_of(photo: Photo) -> Place | None:
    """The best of the candidates, by the ladder of places."""
    return choose(candidates(photo))


def missing_pictures(moment: datetime, limit: int = 200) -> Sequence[str]:
    """Pictures that nobody is processing and that are not done."""
    return db.session.scalars(
        select(Picture.sha256)
        .where(Picture.state == PictureState.WAITING)
        .where(or_(Picture.leased_until.is_(None), Picture.leased_until < moment))
        .order_by(Picture.received)
        .limit(limit)
    ).all()


def pictures() -> list[tuple[str, list[str]]]:
    """All readable or waiting pictures: SHA-256, and the names of the sizes that were made."""
    rows = db.session.execute(
        select(Picture.sha256, Picture.sizes)
        .where(Picture.state != PictureState.UNREADABLE)
        .order_by(Picture.received)
    )
    return [(sha256, [f"{edge}.jpg" for edge in sizes or {}]) for sha256, sizes in rows]


def states(walk_id: uuid.UUID) -> dict[str, int]:
    """How many photos of the walk are in each state."""
    rows = db.session.execute(
        select(Picture.state, func.count())
        .join(Photo, Photo.sha256 == Picture.sha256)
        .where(Photo.walk_id == walk_id)
        .group_by(Picture.state)
    )
    return {state: count for state, count in rows}
