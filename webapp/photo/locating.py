"""Tracks of walks, clocks of cameras, and where they put photos.

That is worked out when a photo, a track or a clock comes or goes, and kept with the photo for pages of many photos.
"""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import aliased

from webapp.consent.changes import after_keep
from webapp.database import db, now
from webapp.people.tables import Participant
from webapp.photo import queries
from webapp.photo.geotag import by_track
from webapp.photo.rules import Facts, Taken, TimeSource, UtcSource
from webapp.photo.tables import CameraClock, Photo, Picture, RecordedPiece, Recording, WalkTrack
from webapp.photo.track import MOST_RECORDED, Point, Track, TrackFound, recorded
from webapp.project import queries as project_queries
from webapp.records.changes import MOST, TooMany
from webapp.records.rules import Receipt

KEPT = (Photo.clock, Photo.track_lat, Photo.track_lon, Photo.track_accuracy, Photo.track_gap)


@dataclass(frozen=True)
class _Known:
    id: uuid.UUID
    walk_id: uuid.UUID | None
    participant_id: uuid.UUID
    taken: Taken | None
    was: tuple[float | None, ...]
    """What `KEPT` says so far."""


def locate(*which: ColumnElement[bool]) -> None:
    """Works out anew the clocks and the tracks' places of these photos. A photo of a call is on no track.

    What a person's own phones recorded goes before what organisers brought, and never places anybody else's photos.
    """
    tracks: dict[uuid.UUID | None, list[tuple[uuid.UUID | None, Track]]] = {None: []}
    changed = []
    for each in _known(*which):
        if each.walk_id not in tracks:
            rows = queries.tracks_of(each.walk_id) if each.walk_id else []
            tracks[each.walk_id] = [(row.participant_id if row.recorded else None, row.track) for row in rows]
        when = each.taken.utc if each.taken else None
        own = [track for person, track in tracks[each.walk_id] if person == each.participant_id]
        brought = [track for person, track in tracks[each.walk_id] if person is None]
        place = by_track(own, when) or by_track(brought, when)
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
            yield _Known(id_, walk_id, person, None, tuple(was))
            continue
        facts = Facts.from_json(whole or preview)
        if project_id not in zones:
            project = project_queries.project(project_id)
            zones[project_id] = project.zone if project else "UTC"
        if person not in clocks:
            clocks[person] = {row.camera: row.seconds for row in queries.clocks_of(person)}
        taken = facts.put_right(clocks[person].get(facts.camera or "", 0)).in_zone(zones[project_id]).taken
        # What was painted over on the phone says nothing by itself: its record does.
        yield _Known(id_, walk_id, person, taken if taken and taken.utc else phones, tuple(was))


def placed_by(walk_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """How many of the walk's photos each of its tracks could place; a recorded one, of that person's."""
    moments = [
        (each.participant_id, each.taken.utc)
        for each in _known(Photo.walk_id == walk_id)
        if each.taken and each.taken.utc
    ]
    found = {}
    for row in queries.tracks_of(walk_id):
        track = row.track
        found[row.id] = sum(
            track.place_at(moment) is not None
            for person, moment in moments
            if not row.recorded or person == row.participant_id
        )
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
    """The walk's photos lose what this track said; one that is gone already is no matter. Of a recorded one, what the
    phone sends later is not taken either."""
    row = db.session.get(WalkTrack, track_id)
    if row and row.walk_id == walk_id and row.recorded and row.participant_id:
        delete_way(row.participant_id, walk_id)
        return
    db.session.execute(delete(WalkTrack).where(WalkTrack.walk_id == walk_id, WalkTrack.id == track_id))
    locate(Photo.walk_id == walk_id)


class WayTooLong(Exception):
    """More points than a person walks in a day."""


def add_piece(
    recording_id: uuid.UUID,
    participant_id: uuid.UUID,
    walk_id: uuid.UUID,
    agreed: datetime,
    number: int,
    sha256: str,
    points: Sequence[Point],
) -> Receipt:
    """Adds what a phone has recorded since its last piece to the person's track of the walk. A piece that has come
    before changes nothing. Whoever calls has seen that the recording is theirs, of this walk and not deleted.

    Raises WayTooLong, TooMany.
    """
    known = db.session.get(RecordedPiece, (recording_id, sha256))
    if known is None:
        if db.session.get(Recording, recording_id) is None:
            new = Recording(id=recording_id, participant_id=participant_id, walk_id=walk_id, agreed=agreed)
            db.session.add(new)
            db.session.flush()
        if queries.count_pieces(recording_id) >= MOST:
            raise TooMany
        known = RecordedPiece(recording_id=recording_id, sha256=sha256, number=number)
        db.session.add(known)
        db.session.flush()
        _walked(participant_id, walk_id, points)
    return Receipt(str(recording_id), known.number, sha256, known.received)


def _walked(participant_id: uuid.UUID, walk_id: uuid.UUID, points: Sequence[Point]) -> None:
    # Two phones of one person may send at the same moment; their way is one.
    db.session.execute(select(Participant.id).where(Participant.id == participant_id).with_for_update())
    row = queries.way_of(participant_id, walk_id)
    track = recorded([*points, *(each for line in row.track.lines for each in line)] if row else points)
    if len(track) > MOST_RECORDED:
        raise WayTooLong
    if row is None:
        row = WalkTrack(walk_id=walk_id, participant_id=participant_id, recorded=True, name="")
    row.packed = track.pack()
    row.sha256 = hashlib.sha256(participant_id.bytes + row.packed).hexdigest()
    row.points, row.starts, row.ends = len(track), track.starts, track.ends
    row.found = asdict(TrackFound(len(track)))
    db.session.add(row)
    db.session.flush()
    locate(Photo.walk_id == walk_id, Photo.participant_id == participant_id)


def delete_recording(participant_id: uuid.UUID, recording_id: uuid.UUID) -> list[uuid.UUID]:
    """A person deletes their way: on this walk all of it, whichever phone recorded it. What comes later is not taken,
    also where nothing has come yet. Returns the recordings that are deleted now; none where it is somebody else's."""
    row = db.session.get(Recording, recording_id)
    if row is None:
        row = Recording(id=recording_id, participant_id=participant_id, deleted=now())
        db.session.add(row)
        db.session.flush()
    if row.participant_id != participant_id:
        return []
    return delete_way(participant_id, row.walk_id) if row.walk_id else [row.id]


def delete_way(participant_id: uuid.UUID, walk_id: uuid.UUID) -> list[uuid.UUID]:
    """What a person's phones recorded on a walk goes, and stays away; returns their recordings of it."""
    rows = queries.recordings_of(participant_id, walk_id)
    for row in rows:
        row.deleted = row.deleted or now()
    mine = [row.id for row in rows]
    db.session.execute(delete(RecordedPiece).where(RecordedPiece.recording_id.in_(mine)))
    which = (WalkTrack.walk_id == walk_id, WalkTrack.participant_id == participant_id, WalkTrack.recorded)
    db.session.execute(delete(WalkTrack).where(*which))
    db.session.flush()
    locate(Photo.walk_id == walk_id, Photo.participant_id == participant_id)
    return mine


def erase_tracks(participant_id: uuid.UUID) -> int:
    """The tracks that this person carried, and what they said of anybody's photos; returns how many there were."""
    tracks = queries.tracks_carried_by(participant_id)
    own = select(Recording.id).where(Recording.participant_id == participant_id)
    db.session.execute(delete(RecordedPiece).where(RecordedPiece.recording_id.in_(own)))
    db.session.execute(delete(Recording).where(Recording.participant_id == participant_id))
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
