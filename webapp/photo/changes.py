import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from webapp.database import db, now
from webapp.photo import queries
from webapp.photo.rules import Facts, PictureState, Sizes
from webapp.photo.tables import Download, Photo, PhotoRevision, Picture
from webapp.storage import Stored
from webapp.walk.changes import PLAIN, NotYours
from webapp.walk.rules import Receipt, canonical

LEASE = timedelta(seconds=90)
LONGEST_REST = timedelta(hours=1)


@dataclass(frozen=True)
class Fix:
    """Where the phone said it was; degrees, metres, and its own clock."""

    lat: float
    lon: float
    accuracy: float | None
    at: datetime | None = None


@dataclass(frozen=True)
class NewPhoto:
    """A photo as it arrives, its bytes already in the store."""

    id: uuid.UUID
    participant_id: uuid.UUID
    walk_id: uuid.UUID
    stop_id: uuid.UUID | None
    stored: Stored
    type: str
    caption: Mapping[str, str]
    up: bool
    down: bool
    people: str
    fix: Fix | None = None
    pin: tuple[float, float] | None = None

    def body(self) -> dict[str, Any]:
        """The record as a phone would send it."""
        body: dict[str, Any] = {
            "device": PLAIN,
            "walk": str(self.walk_id),
            "stop": str(self.stop_id) if self.stop_id else None,
            "caption": dict(self.caption),
            "light": [name for name, lit in (("up", self.up), ("down", self.down)) if lit],
            "themes": [],
            "people": self.people,
            "sha256": self.stored.sha256,
            "bytes": self.stored.bytes,
            "type": self.type,
        }
        if self.fix:
            body["fix"] = {"lat": self.fix.lat, "lon": self.fix.lon, "accuracy": self.fix.accuracy}
        if self.pin:
            body["pin"] = {"lat": self.pin[0], "lon": self.pin[1]}
        return body


def photo_id_for(form_id: uuid.UUID, sha256: str) -> uuid.UUID:
    """The photo that a form's bytes belong to.

    One form sent twice is one photo. But somebody who goes back and chooses another picture has sent a second
    photo, and must not lose it: its id follows from both, so that sending that one again is harmless, too.
    """
    known = queries.photo(form_id)
    return form_id if known is None or known.sha256 == sha256 else uuid.uuid5(form_id, sha256)


def save_photo(new: NewPhoto) -> Receipt:
    """Keeps the photo; the same again is the same revision, and nothing that ever came is lost."""
    text, sha256 = canonical(new.body())
    _keep_picture(new.stored, new.type)
    photo = queries.photo(new.id)
    if photo is None:
        photo = Photo(
            id=new.id,
            participant_id=new.participant_id,
            walk_id=new.walk_id,
            sha256=new.stored.sha256,
            revision=0,
        )
        db.session.add(photo)
    elif (photo.participant_id, photo.walk_id) != (new.participant_id, new.walk_id):
        raise NotYours
    elif db.session.get_one(PhotoRevision, (new.id, photo.revision)).sha256 == sha256:
        return Receipt(str(new.id), photo.revision, sha256)
    photo.revision += 1
    photo.stop_id, photo.caption, photo.people = new.stop_id, dict(new.caption), new.people
    photo.up, photo.down = new.up, new.down
    if new.fix:
        photo.fix_lat, photo.fix_lon = new.fix.lat, new.fix.lon
        photo.fix_accuracy, photo.fix_at = new.fix.accuracy, new.fix.at
    if new.pin:
        photo.pin_lat, photo.pin_lon = new.pin
    db.session.flush()
    db.session.add(PhotoRevision(photo_id=new.id, revision=photo.revision, device=PLAIN, sha256=sha256, body=text))
    db.session.flush()
    return Receipt(str(new.id), photo.revision, sha256)


def lease_picture(sha256: str) -> bool:
    """Claims the processing of a picture for a while; False where it is done or somebody else has it.

    Each failed attempt makes the next rest longer, so that a picture which kills its worker cannot stop the others.
    """
    moment = now()
    row = db.session.get(Picture, sha256)
    if row is None or row.state != PictureState.WAITING or (row.leased_until and row.leased_until > moment):
        return False
    row.leased_until = moment + min(LEASE * 2**row.attempts, LONGEST_REST)
    row.attempts += 1
    return True


def settle_picture(sha256: str, facts: Facts, sizes: Sizes | None) -> None:
    """Records what was made of the bytes: ready with its sizes, or unreadable with the reason."""
    row = db.session.get_one(Picture, sha256)
    row.facts = facts.as_record()
    row.sizes = {str(size.edge): {"width": size.width, "height": size.height} for size in sizes or ()} or None
    row.state = PictureState.READY if sizes else PictureState.UNREADABLE
    row.leased_until = None


def forget_leases() -> None:
    """Frees what a worker that is gone had claimed."""
    db.session.execute(update(Picture).where(Picture.leased_until.is_not(None)).values(leased_until=None))


def note_download(organiser_id: uuid.UUID, walk_id: uuid.UUID, photos: int) -> None:
    db.session.add(Download(organiser_id=organiser_id, walk_id=walk_id, photos=photos))


def _keep_picture(stored: Stored, type_: str) -> None:
    if queries.picture(stored.sha256) is None:
        db.session.add(Picture(sha256=stored.sha256, bytes=stored.bytes, type=type_, state=PictureState.WAITING))
        db.session.flush()
