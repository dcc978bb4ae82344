"""Tracks of walks, clocks of cameras, and where they put photos.

That is worked out when a photo, a track or a clock comes or goes, and kept with the photo for pages of many photos.
"""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import aliased

from webapp.consent.changes import after_keep
from webapp.database import db
from webapp.photo import queries
from webapp.photo.geotag import by_track
from webapp.photo.rules import Facts, Taken, TimeSource, UtcSource
from webapp.photo.tables import CameraClock, Photo, Picture, WalkTrack
from webapp.photo.track import Track, TrackFound
from webapp.project import queries as project_queries

KEPT = (Photo.clock, Photo.track_lat, Photo.track_lon, Photo.track_accuracy, Photo.track_gap)


@dataclass(frozen=True)
class _Known:
    id: uuid.UUID
    walk_id: uuid.UUID | None
    taken: Taken | None
    was: tuple[float | None, ...]
    """What `KEPT` says so far."""


def locate(*which: ColumnElement[bool]) -> None:
    """Works out anew the clocks and the tracks' places of these photos. A photo of a call is on no track."""
    tracks: dict[uuid.UUID | None, list[Track]] = {None: []}
    changed = []
    for each in _known(*which):
        if each.walk_id not in tracks:
            tracks[each.walk_id] = [row.track for row in queries.tracks_of(each.walk_id)] if each.walk_id else []
        place = by_track(tracks[each.walk_id], each.taken.utc if each.taken else None)
        where = (place.lat, place.lon, place.accuracy, place.gap) if place else (None, None, None, None)
        new = (each.taken.clock or None if each.taken else None, *where)
        if new != each.was:
            changed.append({"id": each.id, **{column.key: value for column, value in zip(KEPT, new, strict=True)}})
    if changed:
        db.session.execute(update(Photo), changed)
        for photo in [each for each in db.session.identity_map.values() if isinstance(each, Photo)]:
            db.session.expire(photo, [column.key for column in KEPT])


def _known(*which: ColumnElement[bool]) -> Iterator[_Known]:
    """The photos with the times of their pictures, every clock put right."""
    original, shown = aliased(Picture), aliased(Picture)
    columns = (
        Photo.id,
        Photo.walk_id,
        Photo.project_id,
        Photo.participant_id,
        Photo.taken,
        original.facts,
        shown.facts,
        *KEPT,
    )
    query = select(*columns).where(Photo.withdrawn.is_(None), *which)
    query = query.outerjoin(original, and_(Photo.whole, original.sha256 == Photo.original))
    query = query.outerjoin(shown, shown.sha256 == Photo.sha256)
    zones: dict[uuid.UUID, str] = {}
    clocks: dict[uuid.UUID, dict[str, float]] = {}
    for id_, walk_id, project_id, person, said, whole, preview, *was in db.session.execute(query).all():
        phones = Taken(None, None, queries.instant(said), TimeSource.ORIGINAL, UtcSource.OFFSET) if said else None
        if not (whole or preview):
            yield _Known(id_, walk_id, None, tuple(was))
            continue
        facts = Facts.from_json(whole or preview)
        if project_id not in zones:
            project = project_queries.project(project_id)
            zones[project_id] = project.zone if project else "UTC"
        if person not in clocks:
            clocks[person] = {row.camera: row.seconds for row in queries.clocks_of(person)}
        taken = facts.put_right(clocks[person].get(facts.camera or "", 0)).in_zone(zones[project_id]).taken
        # What was painted over on the phone says nothing by itself: its record does.
        yield _Known(id_, walk_id, taken if taken and taken.utc else phones, tuple(was))


def placed_by(walk_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """How many of the walk's photos each of its tracks could place."""
    moments = [each.taken.utc for each in _known(Photo.walk_id == walk_id) if each.taken and each.taken.utc]
    found = {}
    for row in queries.tracks_of(walk_id):
        track = row.track
        found[row.id] = sum(track.place_at(moment) is not None for moment in moments)
    return found


def locate_project(project_id: uuid.UUID) -> None:
    """After the project's time zone has changed."""
    locate(Photo.project_id == project_id)


def bring_track(
    walk_id: uuid.UUID,
    track: Track,
    found: TrackFound,
    name: str,
    organiser_id: uuid.UUID,
    participant_id: uuid.UUID | None = None,
) -> WalkTrack:
    """A track of the walk, carried by a participant if one is named. The same track again changes nothing."""
    packed = track.pack()
    sha256 = hashlib.sha256(packed).hexdigest()
    known = select(WalkTrack).where(WalkTrack.walk_id == walk_id, WalkTrack.sha256 == sha256)
    if row := db.session.scalar(known):
        return row
    row = WalkTrack(
        walk_id=walk_id,
        organiser_id=organiser_id,
        participant_id=participant_id,
        name=name,
        packed=packed,
        sha256=sha256,
        points=len(track),
        starts=track.starts,
        ends=track.ends,
        found=asdict(found),
    )
    db.session.add(row)
    db.session.flush()
    locate(Photo.walk_id == walk_id)
    return row


def take_track_away(walk_id: uuid.UUID, track_id: uuid.UUID) -> None:
    """The walk's photos lose what this track said; one that is gone already is no matter."""
    db.session.execute(delete(WalkTrack).where(WalkTrack.walk_id == walk_id, WalkTrack.id == track_id))
    locate(Photo.walk_id == walk_id)


def erase_tracks(participant_id: uuid.UUID) -> int:
    """The tracks that this person carried, and what they said of anybody's photos; returns how many there were."""
    tracks = queries.tracks_carried_by(participant_id)
    db.session.execute(delete(WalkTrack).where(WalkTrack.participant_id == participant_id))
    for walk_id in {each.walk_id for each in tracks}:
        locate(Photo.walk_id == walk_id)
    return len(tracks)


@after_keep
def _follow(participant_id: uuid.UUID) -> None:
    """Whoever does not agree to keeping any more places nobody's photos; whoever does again, places them again."""
    for walk_id in queries.walks_with_tracks_of(participant_id):
        locate(Photo.walk_id == walk_id)


def put_clock_right(photo: Photo, camera: str, seconds: float, organiser_id: uuid.UUID) -> None:
    """By so many seconds the instants of all photos that this person took with this camera are moved."""
    row = db.session.get(CameraClock, (photo.participant_id, camera))
    if row is None:
        row = CameraClock(participant_id=photo.participant_id, camera=camera)
        db.session.add(row)
    row.seconds, row.photo_id, row.organiser_id = seconds, photo.id, organiser_id
    db.session.flush()
    locate(Photo.participant_id == photo.participant_id)


def leave_clock(participant_id: uuid.UUID, camera: str) -> None:
    """The camera's clock counts as it is."""
    which = (CameraClock.participant_id == participant_id, CameraClock.camera == camera)
    db.session.execute(delete(CameraClock).where(*which))
    locate(Photo.participant_id == participant_id)
