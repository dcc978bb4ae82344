import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol, cast

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from webapp.consent.queries import consents_of, refused_for, released_for, taken_back
from webapp.consent.rules import Exit, Purpose, Refusal, keeps_inside, refusal
from webapp.database import db
from webapp.people import queries as people_queries
from webapp.photo.geotag import FAR, choose, from_route
from webapp.photo.likeness import Likeness, groups
from webapp.photo.regions import Region, read_regions
from webapp.photo.rules import Facts, Lack, Look, PartName, People, PhotoState, PictureState, Place, PlaceSource
from webapp.photo.tables import (
    Call,
    Caller,
    CameraClock,
    OriginalAsk,
    Part,
    Photo,
    PhotoRevision,
    Picture,
    RecordedPiece,
    Recording,
    Redaction,
    Sealed,
    ToldApart,
    Upload,
    WalkTrack,
    Wording,
)
from webapp.photo.track import Position
from webapp.walk import queries as walk_queries
from webapp.walk.queries import Begun
from webapp.walk.tables import AnswerRow, Response, Stop, Walk


def photo(photo_id: uuid.UUID) -> Photo | None:
    return db.session.get(Photo, photo_id)


def photos_by_number(project_id: uuid.UUID, numbers: Collection[int]) -> Sequence[Photo]:
    """Those of a project's photos with these numbers, by them, without what was withdrawn."""
    return _photos(and_(Photo.project_id == project_id, Photo.number.in_(numbers)))


def photo_by_number(project_id: uuid.UUID, number: int) -> Photo | None:
    return db.session.scalar(select(Photo).where(Photo.project_id == project_id, Photo.number == number))


def picture(sha256: str) -> Picture | None:
    return db.session.get(Picture, sha256)


def revisions_of(participant_id: uuid.UUID) -> Sequence[PhotoRevision]:
    """Every revision that counts or was kept beside it, of all of one person's photos."""
    return db.session.scalars(
        select(PhotoRevision)
        .join(Photo, Photo.id == PhotoRevision.record_id)
        .where(Photo.participant_id == participant_id)
        .where(or_(PhotoRevision.sha256 == Photo.record_sha256, PhotoRevision.counted.is_(False)))
        .order_by(PhotoRevision.order)
    ).all()


def wordings_of(project_id: uuid.UUID) -> dict[uuid.UUID, list[Wording]]:
    """What organisers wrote for the labels of a project's photos, by photo."""
    found: dict[uuid.UUID, list[Wording]] = {}
    query = select(Wording).join(Photo, Photo.id == Wording.photo_id).where(Photo.project_id == project_id)
    for row in db.session.scalars(query.order_by(Wording.language)):
        found.setdefault(row.photo_id, []).append(row)
    return found


def unanswered_by(participant_id: uuid.UUID) -> int:
    """To how many of one person's photos an organiser has written words that wait for them."""
    query = select(Photo).where(Photo.participant_id == participant_id, Photo.withdrawn.is_(None))
    worded = query.where(Photo.id.in_(select(Wording.photo_id)))
    return sum(bool(photo.unanswered) for photo in db.session.scalars(worded))


def withdrawn_of(participant_id: uuid.UUID) -> Sequence[Photo]:
    query = select(Photo).where(Photo.participant_id == participant_id, Photo.withdrawn.is_not(None))
    return db.session.scalars(query.order_by(Photo.withdrawn, Photo.id)).all()


def call(call_id: uuid.UUID) -> Call | None:
    return db.session.get(Call, call_id)


def call_by_code(code: str) -> Call | None:
    return db.session.scalar(select(Call).where(Call.code == code.upper()))


def calls_of(project_id: uuid.UUID) -> Sequence[Call]:
    """A project's calls by their opening."""
    return db.session.scalars(select(Call).where(Call.project_id == project_id).order_by(Call.opens)).all()


def project_of_call(call_id: uuid.UUID) -> uuid.UUID | None:
    return db.session.scalar(select(Call.project_id).where(Call.id == call_id))


def wants_no_faces(walk_id: uuid.UUID | None, call_id: uuid.UUID | None) -> bool:
    """Whether photos of this walk or call stay at the desk until somebody has looked at them."""
    place = walk_queries.walk(walk_id) if walk_id else call(call_id) if call_id else None
    return bool(place and place.no_faces)


def joined_call(participant_id: uuid.UUID, call_id: uuid.UUID) -> bool:
    return db.session.get(Caller, (call_id, participant_id)) is not None


def calls_joined(participant_id: uuid.UUID) -> Sequence[uuid.UUID]:
    query = select(Caller.call_id).where(Caller.participant_id == participant_id)
    return db.session.scalars(query.order_by(Caller.joined, Caller.call_id)).all()


def callers(call_id: uuid.UUID) -> Sequence[uuid.UUID]:
    return db.session.scalars(select(Caller.participant_id).where(Caller.call_id == call_id)).all()


def own_photos(participant_id: uuid.UUID, place_id: uuid.UUID | None = None) -> Sequence[Photo]:
    """One person's photos, of one walk or call or of all, the newest first; without what was withdrawn."""
    query = select(Photo).where(Photo.participant_id == participant_id, Photo.withdrawn.is_(None))
    if place_id:
        query = query.where(or_(Photo.walk_id == place_id, Photo.call_id == place_id))
    return db.session.scalars(query.order_by(Photo.received.desc(), Photo.id)).all()


def photos_of_walk(walk_id: uuid.UUID) -> Sequence[Photo]:
    """All photos of a walk in the order in which they came, without what was withdrawn."""
    return _photos(Photo.walk_id == walk_id)


def photographed_stops(walk_id: uuid.UUID) -> set[uuid.UUID]:
    """Stops that a photo names, even one that was taken back."""
    query = select(Photo.stop_id).where(Photo.walk_id == walk_id, Photo.stop_id.is_not(None))
    return {stop_id for stop_id in db.session.scalars(query.distinct()) if stop_id}


def photos_of_call(call_id: uuid.UUID) -> Sequence[Photo]:
    """All photos of a call in the order in which they came, without what was withdrawn."""
    return _photos(Photo.call_id == call_id)


def photos_of_project(project_id: uuid.UUID) -> Sequence[Photo]:
    """All photos of a project, of walks and calls alike, by their numbers, without what was withdrawn."""
    query = select(Photo).where(Photo.project_id == project_id, Photo.withdrawn.is_(None))
    return db.session.scalars(query.order_by(Photo.number)).all()


def count_withdrawn(project_id: uuid.UUID) -> int:
    """How many of a project's photos were taken back."""
    query = select(func.count()).where(Photo.project_id == project_id, Photo.withdrawn.is_not(None))
    return db.session.scalar(query) or 0


def _photos(where: ColumnElement[bool]) -> Sequence[Photo]:
    query = select(Photo).where(where, Photo.withdrawn.is_(None))
    return db.session.scalars(query.order_by(Photo.number)).all()


@dataclass(frozen=True)
class Come:
    """How far a photo has come: nothing but its words, a picture (`here`), the original (`whole`); and whether the
    organisers have asked for the original."""

    id: uuid.UUID
    participant_id: uuid.UUID
    stop_id: uuid.UUID | None
    people: str
    look: str
    withdrawn: datetime | None
    here: bool
    whole: bool
    asked: bool


def come(place_id: uuid.UUID) -> list[Come]:
    """How far the photos of a walk or call have come, as far as the desk may see them."""
    columns = (Photo.id, Photo.participant_id, Photo.stop_id, Photo.people, Photo.look, Photo.withdrawn)
    query = select(*columns, Photo.sha256.is_not(None), Photo.whole, OriginalAsk.photo_id.is_not(None))
    query = query.outerjoin(OriginalAsk, OriginalAsk.photo_id == Photo.id).where(Photo.withdrawn.is_(None))
    query = query.where(or_(Photo.walk_id == place_id, Photo.call_id == place_id))
    found = [Come(*row) for row in db.session.execute(query.order_by(Photo.number))]
    refused = refusals(found, Exit.DESK)
    return [each for each in found if refused[each.id] is None]


@dataclass(frozen=True)
class Owed:
    """A photo of which a smaller picture has come; its original, of so many `bytes`, is still on a phone.

    `asked` is when an organiser (`by`) has asked for it, `heard` when one of its author's phones last spoke.
    """

    id: uuid.UUID
    number: int
    participant_id: uuid.UUID
    people: str
    look: str
    withdrawn: datetime | None
    bytes: int
    asked: datetime | None
    by: uuid.UUID | None
    heard: datetime | None = None

    @property
    def knows(self) -> bool:
        """Whether a phone has spoken since, and so has heard of it."""
        return bool(self.asked and self.heard and self.heard > self.asked)


def owed_by(participant_id: uuid.UUID) -> list[Owed]:
    """The originals that one person's phones still hold, and that are of use to anybody."""
    return _owed(Photo.participant_id == participant_id)


def owed_of_place(place_id: uuid.UUID) -> list[Owed]:
    """The same of a walk or call."""
    return _owed(or_(Photo.walk_id == place_id, Photo.call_id == place_id))


def owed_of(photo_ids: Collection[uuid.UUID]) -> list[Owed]:
    """The same of these photos."""
    return _owed(Photo.id.in_(photo_ids)) if photo_ids else []


def _owed(which: ColumnElement[bool]) -> list[Owed]:
    """By their numbers; without those that would have to stay inside, for which nobody may ask."""
    small = select(Part.id).where(Part.photo_id == Photo.id, Part.name.in_((PartName.PREVIEW, PartName.REDACTED)))
    waits = select(Sealed.id).where(Sealed.photo_id == Photo.id, Sealed.name == PartName.ORIGINAL)
    columns = (Photo.id, Photo.number, Photo.participant_id, Photo.people, Photo.look, Photo.withdrawn, Photo.bytes)
    query = select(*columns, OriginalAsk.at, OriginalAsk.organiser_id)
    query = query.outerjoin(OriginalAsk, OriginalAsk.photo_id == Photo.id)
    query = query.where(which, Photo.withdrawn.is_(None), Photo.whole.is_(False), small.exists(), ~waits.exists())
    found = [Owed(*row) for row in db.session.execute(query.order_by(Photo.number))]
    refused = refusals(found, Exit.ORIGINALS)
    found = [each for each in found if refused[each.id] is None]
    heard = people_queries.heard({each.participant_id for each in found}) if found else {}
    return [replace(each, heard=heard.get(each.participant_id)) for each in found]


def begun(walk_id: uuid.UUID) -> list[Begun]:
    """Every photo at a stop of this walk, as its device began it."""
    found = db.session.execute(
        select(
            Photo.participant_id,
            PhotoRevision.device,
            Photo.stop_id,
            func.min(PhotoRevision.sequence),
            func.min(PhotoRevision.received),
        )
        .join(Photo, Photo.id == PhotoRevision.record_id)
        .where(Photo.walk_id == walk_id, Photo.stop_id.is_not(None), Photo.withdrawn.is_(None))
        .group_by(Photo.id, Photo.participant_id, PhotoRevision.device, Photo.stop_id)
    )
    return [Begun(who, device, stop, number, at) for who, device, stop, number, at in found if stop]


def awaited_sounds(walk_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """How many of each person's responses name a recording that has not come."""
    here = select(Part.id).where(Part.response_id == AnswerRow.response_id, Part.sha256 == AnswerRow.sound)
    query = select(Response.participant_id, func.count(Response.id.distinct()))
    query = query.join(AnswerRow, AnswerRow.response_id == Response.id).group_by(Response.participant_id)
    found = db.session.execute(query.where(Response.walk_id == walk_id, AnswerRow.sound.is_not(None), ~here.exists()))
    return {person: number for person, number in found}


def parts_of(participant_id: uuid.UUID) -> Sequence[Part]:
    """All bytes that belong to one person's photos and responses, without those of withdrawn photos."""
    photos = select(Photo.id).where(Photo.participant_id == participant_id, Photo.withdrawn.is_(None))
    responses = select(Response.id).where(Response.participant_id == participant_id)
    query = select(Part).where(or_(Part.photo_id.in_(photos), Part.response_id.in_(responses)))
    return db.session.scalars(query.order_by(Part.received, Part.id)).all()


def sounds_of(*responses: Response) -> dict[tuple[uuid.UUID, str], Part]:
    """The recordings that have come, by response and by the question whose answer names them."""
    named = [(each.id, row.question, row.sound) for each in responses for row in each.answers if row.sound]
    query = select(Part).where(Part.response_id.in_({id_ for id_, _, _ in named}))
    come = {(part.response_id, part.sha256): part for part in db.session.scalars(query)}
    return {(id_, question): come[id_, sound] for id_, question, sound in named if (id_, sound) in come}


def uploads_of(participant_id: uuid.UUID) -> Sequence[Upload]:
    """What one person has under way, or sent without a record that names it."""
    return db.session.scalars(select(Upload).where(Upload.participant_id == participant_id)).all()


def finished_uploads(photo: Photo) -> Sequence[Upload]:
    """What this photo's author has sent for it and is whole, in the order in which it was."""
    return db.session.scalars(
        select(Upload)
        .where(Upload.participant_id == photo.participant_id, Upload.finished.is_not(None))
        .where(or_(Upload.photo_id == photo.id, Upload.sha256 == photo.original))
        .order_by(Upload.finished)
    ).all()


def painted_preview(photo: Photo) -> str | None:
    """The SHA-256 of the preview that the record names, if its author has painted the picture over on the phone."""
    counting = PhotoRevision.record_id == photo.id, PhotoRevision.sha256 == photo.record_sha256
    body = db.session.scalar(select(PhotoRevision.body).where(*counting, PhotoRevision.body.contains('"painted"')))
    painted: str | None = json.loads(body).get("painted") if body else None
    return painted


def all_referred() -> set[str]:
    """The SHA-256 of all bytes that a photo, a response or an upload needs, if only for what was made of them."""
    return _shas(Photo.sha256, Part.sha256, Upload.sha256) | _still_sealed()


def all_received() -> set[str]:
    """The SHA-256 of all bytes of which somebody was told that they are here."""
    return _shas(Part.sha256, Upload.sha256) | _still_sealed()


def _still_sealed() -> set[str]:
    return set(db.session.scalars(select(Sealed.sha256).where(Sealed.destroyed.is_(None))))


def anything_received() -> bool:
    """Whether bytes are here of which somebody was told so."""
    return any(db.session.scalar(select(column).limit(1)) for column in (Part.sha256, Upload.sha256))


def _shas(*columns: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> set[str]:
    return {sha256 for column in columns for sha256 in db.session.scalars(select(column)) if sha256}


def all_named() -> set[str]:
    """The SHA-256 of all bytes that a record names, whether they have come or not."""
    return _shas(Photo.original, AnswerRow.sound)


def referred(sha256: str) -> bool:
    """Whether any photo, response or upload needs these bytes."""
    sealed = select(Sealed.id).where(Sealed.sha256 == sha256, Sealed.destroyed.is_(None)).limit(1)
    return db.session.scalar(sealed) is not None or any(
        db.session.scalar(select(column).where(column == sha256).limit(1)) is not None
        for column in (Photo.sha256, Part.sha256, Upload.sha256)
    )


def part(photo: Photo, name: PartName) -> Part | None:
    return next((part for part in photo.parts if part.name == name), None)


def original_of(photo: Photo) -> Picture | None:
    """The picture that stands for the original, once its bytes are here: that which the record names, or, where it
    was painted over, what was made of it."""
    if painted := part(photo, PartName.REDACTED):
        return picture(painted.sha256) if photo.whole else None
    here = part(photo, PartName.ORIGINAL)
    return picture(photo.original) if here and here.sha256 == photo.original else None


def lacks(photo: Photo, back: Collection[uuid.UUID] = ()) -> set[Lack]:
    """What the photo still wants. `back`: the photos of which somebody has taken back what they had signed."""
    here = {part.name for part in photo.parts}
    wants = recognisable(photo) or (photo.id in back and photo.look != Look.CLEAR)
    found = {Lack.RELEASE} if wants else set[Lack]()
    if not any(words.strip() for words in photo.caption.values()) and PartName.SOUND not in here:
        found.add(Lack.CAPTION)
    if not photo.whole:
        found.add(Lack.ORIGINAL if here & {PartName.PREVIEW, PartName.REDACTED} else Lack.PICTURE)
    return found


def state(photo: Photo) -> PhotoState:
    """How far the photo is, as its author sees it."""
    best = original_of(photo) or photo.picture
    if best is None:
        return PhotoState.WAITING
    return PhotoState.PROCESSING if best.state == PictureState.WAITING else PhotoState(best.state)


def project_of(photo_id: uuid.UUID) -> uuid.UUID | None:
    """The project of the walk or call that a photo belongs to."""
    return db.session.scalar(select(Photo.project_id).where(Photo.id == photo_id))


def author_of(photo_id: uuid.UUID) -> uuid.UUID | None:
    return db.session.scalar(select(Photo.participant_id).where(Photo.id == photo_id))


class Passing(Protocol):
    """What the gate asks of a photo."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def participant_id(self) -> uuid.UUID: ...
    @property
    def people(self) -> str: ...
    @property
    def look(self) -> str: ...
    @property
    def withdrawn(self) -> datetime | None: ...


def recognisable(photo: "Photo | Passing") -> bool:
    """Whether somebody can be recognised who has not agreed: as its author says, until an organiser who has painted
    them over says otherwise."""
    return photo.people == People.UNRELEASED and photo.look != Look.CLEAR


def must_be_painted(photo: Photo) -> bool:
    """Whether nobody may say that all is well before it was painted over: its author saw somebody in it."""
    seen = photo.people == People.UNRELEASED or photo.id in taken_back([photo.participant_id])
    return seen and not photo.painted


def refusals(photos: Sequence["Photo | Passing"], way: Exit) -> dict[uuid.UUID, Refusal | None]:
    """The gate, for many photos at once: why each may not leave by this way, or None."""
    return refusals_by(photos, [way])[way]


def refusals_by(
    photos: Sequence["Photo | Passing"], ways: Iterable[Exit]
) -> dict[Exit, dict[uuid.UUID, Refusal | None]]:
    """The same for several ways, with the register read once."""
    agreed = consents_of({photo.participant_id for photo in photos})
    authors = {photo.id: photo.participant_id for photo in photos}
    narrowed, released = refused_for(authors), released_for(authors)
    return {
        way: {
            photo.id: refusal(
                way,
                agreed[photo.participant_id] - narrowed[photo.id],
                unreleased=recognisable(photo)
                or (photo.look != Look.CLEAR and keeps_inside(way, released[photo.id])),
                withdrawn=photo.withdrawn is not None,
                unseen=photo.look == Look.AWAITED,
            )
            for photo in photos
        }
        for way in ways
    }


def response_refusal(response: Response, way: Exit) -> Refusal | None:
    """The gate for what somebody answered: why it may not leave by this way, or None. Nobody is pictured in it."""
    person = response.participant_id
    return refusal(way, consents_of([person])[person], unreleased=False)


def facts_of(photo: Photo) -> Facts | None:
    """What intake made of the bytes, of the original's if it can, with the camera's clock put right; None until it
    has looked."""
    return _facts(photo, original_of(photo))


def _facts(photo: Photo, original: Picture | None) -> Facts | None:
    """Those of the first picture that has some."""
    pictures = (original, photo.picture)
    found = next((Facts.from_json(each.facts) for each in pictures if each and each.facts), None)
    return found.put_right(photo.clock) if found and photo.clock else found


def candidates(photo: Photo) -> list[Place]:
    """Every place that somebody or something named for the photo."""
    stop = db.session.get(Stop, photo.stop_id) if photo.stop_id else None
    return _candidates(photo, facts_of(photo), stop)


def _candidates(photo: Photo, facts: Facts | None, stop: Stop | None) -> list[Place]:
    found = []
    if photo.pin_lat is not None and photo.pin_lon is not None:
        found.append(Place(photo.pin_lat, photo.pin_lon, None, PlaceSource.PIN))
    if photo.fix_lat is not None and photo.fix_lon is not None:
        found.append(Place(photo.fix_lat, photo.fix_lon, photo.fix_accuracy, PlaceSource.PHONE))
    if facts and facts.place:
        found.append(facts.place)
    if photo.track_lat is not None and photo.track_lon is not None:
        found.append(
            Place(photo.track_lat, photo.track_lon, photo.track_accuracy, PlaceSource.TRACK, photo.track_gap)
        )
    if stop and stop.lat is not None and stop.lon is not None:
        found.append(Place(stop.lat, stop.lon, stop.accuracy, PlaceSource.STOP))
    return found


def place_of(photo: Photo) -> Place | None:
    """The best of the candidates, by the ladder of places."""
    return choose(candidates(photo))


def places_of(photos: Sequence[Photo]) -> dict[uuid.UUID, Place | None]:
    """As `place_of`, for many photos at once: three questions to the database, however many there are."""
    originals, stops = _originals(photos), _stops(photos)
    return {
        photo.id: choose(_candidates(photo, _facts(photo, originals.get(photo.id)), stops.get(photo.stop_id)))
        for photo in photos
    }


def without_likeness() -> set[str]:
    """Pictures from which sizes were made before anybody looked what they look like."""
    query = select(Picture.sha256).where(Picture.state == PictureState.READY)
    return set(db.session.scalars(query.where(Picture.facts["likeness"].as_string().is_(None))))


def looks(project_id: uuid.UUID) -> list[Likeness]:
    """What the project's photos look like, as far as the desk may see them: some columns of each, in few queries."""
    said = Picture.facts["likeness"].as_string()
    columns = (Photo.id, Photo.number, Photo.participant_id, Photo.people, Photo.look, Photo.withdrawn, Photo.taken)
    query = select(*columns, said.label("print"), Picture.facts[("taken", "utc")].as_string().label("utc"))
    query = query.join(Picture, Picture.sha256 == Photo.sha256)
    query = query.where(Photo.project_id == project_id, Photo.withdrawn.is_(None), said != "")
    rows = db.session.execute(query.order_by(Photo.number)).all()
    refused = refusals(cast(Sequence[Passing], rows), Exit.DESK)
    return [
        Likeness(row.number, row.participant_id, int(row.print, 16), instant(row.taken or row.utc))
        for row in rows
        if refused[row.id] is None
    ]


def instant(said: str | None) -> datetime | None:
    """What a record or a file says of a moment; without an offset it is UTC."""
    try:
        found = datetime.fromisoformat(said or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def told_apart(project_id: uuid.UUID) -> dict[tuple[uuid.UUID, uuid.UUID], tuple[int, int]]:
    """Which photos of a project were told apart: ids, and numbers, the smaller first."""
    one, other = aliased(Photo), aliased(Photo)
    query = select(ToldApart.one_id, ToldApart.other_id, one.number, other.number)
    query = query.join(one, one.id == ToldApart.one_id).join(other, other.id == ToldApart.other_id)
    rows = db.session.execute(query.where(one.project_id == project_id))
    return {(one_id, other_id): (first, second) for one_id, other_id, first, second in rows}


def alike(project_id: uuid.UUID) -> list[list[int]]:
    """Numbers of photos that look alike, in groups, without those that somebody has told apart."""
    return groups(looks(project_id), set(told_apart(project_id).values()))


def tracks_of(walk_id: uuid.UUID) -> Sequence[WalkTrack]:
    """A walk's tracks in the order of their times, without those of people who do not agree to their being kept."""
    query = select(WalkTrack).where(WalkTrack.walk_id == walk_id).order_by(WalkTrack.starts, WalkTrack.id)
    rows = db.session.scalars(query).all()
    agreed = consents_of({row.participant_id for row in rows if row.participant_id})
    return [row for row in rows if row.participant_id is None or Purpose.KEEP in agreed[row.participant_id]]


def tracks_carried_by(participant_id: uuid.UUID) -> Sequence[WalkTrack]:
    """Every track that is this person's."""
    query = select(WalkTrack).where(WalkTrack.participant_id == participant_id)
    return db.session.scalars(query.order_by(WalkTrack.starts, WalkTrack.id)).all()


def way_of(participant_id: uuid.UUID, walk_id: uuid.UUID) -> WalkTrack | None:
    """What a person's phones recorded on a walk."""
    query = select(WalkTrack).where(WalkTrack.participant_id == participant_id, WalkTrack.walk_id == walk_id)
    return db.session.scalar(query.where(WalkTrack.recorded))


def recording(recording_id: uuid.UUID) -> Recording | None:
    return db.session.get(Recording, recording_id)


def recordings_of(participant_id: uuid.UUID, walk_id: uuid.UUID | None = None) -> Sequence[Recording]:
    """A person's recordings, also those deleted; of one walk, if one is named."""
    query = select(Recording).where(Recording.participant_id == participant_id)
    if walk_id:
        query = query.where(Recording.walk_id == walk_id)
    return db.session.scalars(query.order_by(Recording.id)).all()


def all_recordings() -> Sequence[Recording]:
    """Everybody's that are not deleted."""
    return db.session.scalars(select(Recording).where(Recording.deleted.is_(None))).all()


def count_pieces(recording_id: uuid.UUID) -> int:
    return db.session.scalar(select(func.count()).where(RecordedPiece.recording_id == recording_id)) or 0


def walks_with_tracks_of(participant_id: uuid.UUID) -> set[uuid.UUID]:
    query = select(WalkTrack.walk_id).where(WalkTrack.participant_id == participant_id)
    return set(db.session.scalars(query))


def clocks_of(participant_id: uuid.UUID) -> Sequence[CameraClock]:
    """The cameras of one person whose clocks are put right."""
    return db.session.scalars(select(CameraClock).where(CameraClock.participant_id == participant_id)).all()


def clock_of(participant_id: uuid.UUID, camera: str) -> CameraClock | None:
    return db.session.get(CameraClock, (participant_id, camera))


def route_of(walk: Walk) -> list[list[Position]]:
    """The walk's way for whoever measures the distance to it: from stop to stop, and its tracks, thinned out."""
    stops = [(stop.lat, stop.lon) for stop in walk.stops if stop.lat is not None and stop.lon is not None]
    return [stops, *(way for row in tracks_of(walk.id) for way in row.track.ways(ROUTE_POINTS))]


def is_outlier(photo: Photo, place: Place | None) -> bool:
    """Whether a photo of a walk is too far from its route to be believed unseen."""
    walk = db.session.get(Walk, photo.walk_id) if photo.walk_id else None
    metres = from_route(place, route_of(walk)) if walk and place else None
    return metres is not None and metres > FAR


ROUTE_POINTS = 1000


def missing_pictures(moment: datetime, limit: int = 1000) -> Sequence[str]:
    """Pictures that nobody is processing and that are not done, the oldest first.

    A sweep comes once a minute: `limit` is more than a machine does in that time.
    """
    return db.session.scalars(
        select(Picture.sha256)
        .where(Picture.state == PictureState.WAITING)
        .where(or_(Picture.leased_until.is_(None), Picture.leased_until < moment))
        .order_by(Picture.received)
        .limit(limit)
    ).all()


def type_of(sha256: str) -> str | None:
    """What the bytes of a picture are, by their beginning; None where there is no such picture."""
    return db.session.scalar(select(Picture.type).where(Picture.sha256 == sha256))


def unreadable(project_id: uuid.UUID) -> list[Photo]:
    """The project's photos whose file nobody could open, the newest first."""
    bad = select(Picture.sha256).where(Picture.state == PictureState.UNREADABLE)
    parts = select(Part.photo_id).where(Part.sha256.in_(bad), Part.photo_id.is_not(None))
    wanted = select(Photo).where(Photo.project_id == project_id, Photo.id.in_(parts), Photo.withdrawn.is_(None))
    return list(db.session.scalars(wanted.order_by(Photo.number.desc())))


def unreadable_parts(photos: Collection[Photo]) -> dict[uuid.UUID, Picture]:
    """For each photo the file that nobody could open: its original, else its preview."""
    which = [photo.id for photo in photos]
    rows = db.session.execute(
        select(Part.photo_id, Picture)
        .join(Picture, Picture.sha256 == Part.sha256)
        .where(Part.photo_id.in_(which), Picture.state == PictureState.UNREADABLE)
        .order_by(Part.name.desc())
    )
    return {photo_id: picture for photo_id, picture in rows if photo_id}


def pictures() -> list[tuple[str, list[str]]]:
    """All readable or waiting pictures: SHA-256, and the names of the sizes that were made."""
    rows = db.session.execute(
        select(Picture.sha256, Picture.sizes)
        .where(Picture.state != PictureState.UNREADABLE)
        .order_by(Picture.received)
    )
    return [(sha256, [f"{edge}.jpg" for edge in sizes or {}]) for sha256, sizes in rows]


@dataclass(frozen=True)
class Card:
    """A photo as the desk shows it. `facts` are told in the project's zone; `kept_back`: it must stay inside."""

    photo: Photo
    facts: Facts | None
    place: Place | None
    stop: Stop | None
    kept_back: bool


def desk_cards(photos: Sequence[Photo], zone: str) -> list[Card]:
    """Those of the photos that the desk may see. It asks the database as often for many as for one."""
    refused = refusals_by(photos, [Exit.DESK, Exit.ORIGINALS])
    seen = [photo for photo in photos if refused[Exit.DESK][photo.id] is None]
    originals, stops = _originals(seen), _stops(seen)
    cards = []
    for photo in seen:
        stop = stops.get(photo.stop_id)
        facts = _facts(photo, originals.get(photo.id))
        cards.append(
            Card(
                photo,
                facts.in_zone(zone) if facts else None,
                choose(_candidates(photo, facts, stop)),
                stop,
                refused[Exit.ORIGINALS][photo.id] in (Refusal.NO_RELEASE, Refusal.NOT_LOOKED),
            )
        )
    return cards


def _originals(photos: Iterable[Photo]) -> dict[uuid.UUID, Picture]:
    """As `original_of`, for many photos at once."""
    wanted = {photo.id: photo.original for photo in photos if photo.whole and not photo.painted}
    found = {
        each.sha256: each for each in db.session.scalars(select(Picture).where(Picture.sha256.in_(wanted.values())))
    }
    return {id_: found[sha256] for id_, sha256 in wanted.items() if sha256 in found}


def _stops(photos: Iterable[Photo]) -> dict[uuid.UUID | None, Stop]:
    wanted = {photo.stop_id for photo in photos if photo.stop_id}
    return {stop.id: stop for stop in db.session.scalars(select(Stop).where(Stop.id.in_(wanted)))}


def call_counts(call_id: uuid.UUID) -> tuple[int, int]:
    """How many people joined a call, and how many photos came, of those who agree to their being kept."""
    people = callers(call_id)
    agreed = consents_of(people)
    return sum(Purpose.KEEP in agreed[each] for each in people), desk_count(photos_of_call(call_id))


def desk_count(photos: Sequence[Photo]) -> int:
    """How many of the photos the desk may see."""
    return sum(refused is None for refused in refusals(photos, Exit.DESK).values())


def redactions_of(photo_id: uuid.UUID) -> Sequence[Redaction]:
    """How often a photo was painted over, the newest first."""
    query = select(Redaction).where(Redaction.photo_id == photo_id)
    return db.session.scalars(query.order_by(Redaction.number.desc())).all()


def painted_numbers() -> list[tuple[uuid.UUID, int]]:
    """Every photo, and how often it was painted over."""
    query = select(Photo.id, Photo.painted).where(Photo.withdrawn.is_(None))
    return [(id_, number) for id_, number in db.session.execute(query)]


def sealed_of(photo_id: uuid.UUID) -> Sequence[Sealed]:
    """What was received for a photo that was painted over, and nobody but the owner may see; destroyed or not."""
    query = select(Sealed).where(Sealed.photo_id == photo_id)
    return db.session.scalars(query.order_by(Sealed.received, Sealed.id)).all()


def expired_seals(moment: datetime) -> Sequence[Sealed]:
    """What was sealed for long enough."""
    query = select(Sealed).where(Sealed.destroyed.is_(None), Sealed.until <= moment)
    return db.session.scalars(query.order_by(Sealed.until)).all()


@dataclass(frozen=True)
class ToPaint:
    """What is painted over next: the picture, what is painted over already, and whether that may be taken away again.

    `later`: a better picture than the one that was painted over has come since, and waits for somebody to look.
    """

    picture: Picture
    regions: tuple[Region, ...]
    style: str | None
    free: bool
    later: bool


def to_paint(photo: Photo, sealed_too: bool) -> ToPaint | None:
    """What to paint for this photo, for somebody who may see what is sealed (`sealed_too`); None where nothing is.

    Whoever may not is given the picture as it is shown, and can only paint over more of it.
    """
    if not photo.painted:
        shown = photo.picture
        return ToPaint(shown, (), None, True, False) if shown and shown.state == PictureState.READY else None
    last = redactions_of(photo.id)[0]
    regions, style = read_regions(last.regions), last.style
    whole = {row.sha256: row.name for row in sealed_of(photo.id) if row.destroyed is None}
    ready = {sha256: found for sha256 in whole if (found := picture(sha256)) and found.state == PictureState.READY}
    best = next((ready[sha] for sha, name in whole.items() if sha in ready and sha == photo.original), None)
    was = ready.get(last.made_of or "")
    later = best is not None and best is not was
    if sealed_too and (source := best or was or next(iter(ready.values()), None)):
        return ToPaint(source, regions, style, True, later)
    if was:
        return ToPaint(was, regions, style, False, later)
    painted = part(photo, PartName.REDACTED)
    shown = picture(painted.sha256) if painted else None
    return ToPaint(shown, regions, style, False, later) if shown else None
