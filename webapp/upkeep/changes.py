"""Erasing a person: every row, in one transaction. The files follow in `upkeep.jobs`."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from webapp.consent.changes import erase_consents, forget_releases
from webapp.consent.tables import Consent
from webapp.database import db, now
from webapp.exhibition import changes as exhibition_changes
from webapp.meeting import changes as meeting_changes
from webapp.people.changes import erase_participant
from webapp.people.rules import fingerprint
from webapp.people.tables import Device, Participant
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo.changes import erase_photos
from webapp.photo.tables import Photo, Upload
from webapp.upkeep.rules import Certificate, number_of
from webapp.walk.changes import erase_responses
from webapp.walk.tables import Response


@dataclass(frozen=True)
class Erased:
    """What was erased, and the files that must follow: SHA-256 of originals, names of partial uploads."""

    certificate: Certificate
    originals: list[str]
    partial: list[str]


def erase(person: Participant) -> Erased:
    """Takes every row of this person away. What stays: fingerprints of ids and tokens, so that a phone which comes
    back hears that they are gone."""
    mine = person.id
    gone = [fingerprint(str(each)) for each in [mine, *_ids(Response, mine), *_ids(Photo, mine)]]
    gone += db.session.scalars(select(Device.fingerprint).where(Device.participant_id == mine))
    removed = {
        "responses": _count(Response.participant_id == mine),
        "photos": _count(Photo.participant_id == mine),
        "uploads": _count(Upload.participant_id == mine),
        "tracks": len(photo_queries.tracks_carried_by(mine)),
        "consents": _count(Consent.participant_id == mine),
        "devices": _count(Device.participant_id == mine),
    }
    _forget_photos(_ids(Photo, mine))
    partial = [upload.file for upload in photo_queries.uploads_of(mine)]
    originals = erase_photos(mine)  # before the responses, whose recordings it takes along
    erase_responses(mine)
    erase_consents(mine)
    erase_participant(person)
    removed["files"] = len(originals)
    return Erased(Certificate(number_of(mine), now(), removed, tuple(gone)), originals, partial)


def withdraw_photo(photo: Photo) -> list[str]:
    """Takes a photo back, and off every board and shortlist.

    Returns the SHA-256 of bytes that belong to nobody any more; whoever calls deletes them after the commit.
    """
    _forget_photos([photo.id])
    forget_releases(photo.id)
    return photo_changes.withdraw_photo(photo)


def _forget_photos(photo_ids: Iterable[uuid.UUID]) -> None:
    exhibition_changes.forget_photos(photo_ids)
    meeting_changes.forget_photos(photo_ids)


def _ids(table: type[Response] | type[Photo], participant_id: Any) -> Sequence[uuid.UUID]:
    return db.session.scalars(select(table.id).where(table.participant_id == participant_id)).all()


def _count(where: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(where)) or 0
