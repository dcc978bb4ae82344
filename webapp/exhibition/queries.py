import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from webapp.consent.queries import consents_of
from webapp.consent.rules import Exit, Purpose
from webapp.database import Localised, db
from webapp.exhibition import rules
from webapp.exhibition.rules import Change, Frame, Print, State, best_print, prints
from webapp.exhibition.tables import Exhibition, Mark, MarkChange, Rating, RatingChange
from webapp.people import queries as people_queries
from webapp.people.tables import Organiser, Participant
from webapp.photo import queries as photo_queries
from webapp.photo.queries import Owed
from webapp.photo.rules import Facts, PictureState, may_hang
from webapp.photo.tables import Call, Photo
from webapp.walk.tables import Stop, Walk


def exhibition(exhibition_id: uuid.UUID) -> Exhibition | None:
    return db.session.get(Exhibition, exhibition_id)


def project_of(exhibition_id: uuid.UUID) -> uuid.UUID | None:
    return db.session.scalar(select(Exhibition.project_id).where(Exhibition.id == exhibition_id))


def exhibitions_of(project_id: uuid.UUID) -> Sequence[Exhibition]:
    """A project's exhibitions, the first made first."""
    query = select(Exhibition).where(Exhibition.project_id == project_id)
    return db.session.scalars(query.order_by(Exhibition.created)).all()


def picked(exhibition_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """How many photos are picked for each exhibition."""
    query = select(Mark.exhibition_id, func.count()).where(Mark.state == State.PICK)
    query = query.where(Mark.exhibition_id.in_(list(exhibition_ids))).group_by(Mark.exhibition_id)
    return {id_: n for id_, n in db.session.execute(query)}


def mark_of(exhibition_id: uuid.UUID, photo_id: uuid.UUID) -> Mark | None:
    return db.session.get(Mark, (exhibition_id, photo_id))


def marks_of(exhibition_id: uuid.UUID) -> dict[uuid.UUID, Mark]:
    """What has been decided, by photo."""
    found = db.session.scalars(select(Mark).where(Mark.exhibition_id == exhibition_id))
    return {mark.photo_id: mark for mark in found}


def shortlist(exhibition_id: uuid.UUID) -> list[uuid.UUID]:
    """The picked photos, in the order in which they hang. Whether each may leave is asked at the exit."""
    query = select(Mark.photo_id).where(Mark.exhibition_id == exhibition_id, Mark.state == State.PICK)
    return list(db.session.scalars(query.order_by(Mark.position, Mark.photo_id)))


def unlabelled(exhibition: Exhibition) -> Mapping[int, list[str]]:
    """As the rule of this name, for the shortlist."""
    query = select(Photo).where(Photo.id.in_(shortlist(exhibition.id)), Photo.withdrawn.is_(None))
    photos = db.session.scalars(query.order_by(Photo.number)).all()
    refused = photo_queries.refusals(photos, Exit.EXHIBITION)
    return rules.unlabelled(
        ((photo.number, photo.words) for photo in photos if not refused[photo.id]), exhibition.languages
    )


def owed(exhibition: Exhibition) -> list[Owed]:
    """The picked photos whose originals are still on phones; what may not hang is not asked for."""
    query = select(Photo).where(Photo.id.in_(shortlist(exhibition.id)), Photo.withdrawn.is_(None))
    refused = photo_queries.refusals(db.session.scalars(query).all(), Exit.EXHIBITION)
    return photo_queries.owed_of([photo_id for photo_id, refusal in refused.items() if refusal is None])


def refused(photo_id: uuid.UUID) -> bool:
    """Whether the photo may not leave for an exhibition."""
    photo = photo_queries.photo(photo_id)
    return photo is None or photo_queries.refusals([photo], Exit.EXHIBITION)[photo_id] is not None


def history(exhibition_id: uuid.UUID) -> list[Change]:
    """Every decision, in its order, as the rules of undoing want it."""
    query = select(
        MarkChange.order,
        MarkChange.photo_id,
        MarkChange.organiser_id,
        MarkChange.before,
        MarkChange.after,
        MarkChange.undoes,
    ).where(MarkChange.exhibition_id == exhibition_id)
    return [
        Change(order, photo, by, State(before), State(after), undoes)
        for order, photo, by, before, after, undoes in db.session.execute(query.order_by(MarkChange.order))
    ]


def decided_at(change: Change) -> datetime | None:
    return db.session.scalar(select(MarkChange.at).where(MarkChange.order == change.order))


def last_rating(exhibition_id: uuid.UUID, by: uuid.UUID) -> RatingChange | None:
    """Somebody's last change of stars that is not undone."""
    query = select(RatingChange).where(RatingChange.exhibition_id == exhibition_id, RatingChange.organiser_id == by)
    return db.session.scalars(query.order_by(RatingChange.order.desc()).limit(1)).first()


def place_before(change: Change) -> int | None:
    """The place in the shortlist that the photo had before a decision."""
    return db.session.scalar(select(MarkChange.position).where(MarkChange.order == change.order))


@dataclass(frozen=True)
class Entry:
    """A line of the log; `who` is an organiser's address, if the account is still there."""

    order: int
    number: int
    before: State
    after: State
    undoes: bool
    who: str | None
    at: datetime


def log(exhibition_id: uuid.UUID, below: int | None, most: int) -> list[Entry]:
    """The newest decisions, or the newest before the order `below`."""
    query = select(MarkChange, Photo.number, Organiser.email).join(Photo, Photo.id == MarkChange.photo_id)
    query = query.outerjoin(Organiser, Organiser.id == MarkChange.organiser_id)
    query = query.where(MarkChange.exhibition_id == exhibition_id)
    if below is not None:
        query = query.where(MarkChange.order < below)
    return [
        Entry(row.order, number, State(row.before), State(row.after), row.undoes is not None, who, row.at)
        for row, number, who in db.session.execute(query.order_by(MarkChange.order.desc()).limit(most))
    ]


@dataclass(frozen=True)
class Passing:
    """What the gate asks of a photo."""

    id: uuid.UUID
    participant_id: uuid.UUID
    people: str
    look: str
    withdrawn: datetime | None = None


def frames(exhibition: Exhibition, me: uuid.UUID, compared: bool = False) -> list[Frame]:
    """All photos of the project that the desk may see, by their numbers: some columns of each, in a few queries. What
    each looks like stands there only where they are `compared`."""
    rows = db.session.execute(
        select(
            Photo.id,
            Photo.number,
            Photo.participant_id,
            Photo.people,
            Photo.look,
            Photo.walk_id,
            Photo.call_id,
            Photo.stop_id,
            Photo.caption,
            Photo.themes,
            Photo.up,
            Photo.down,
            Participant.perspective,
        )
        .join(Participant, Participant.id == Photo.participant_id)
        .where(Photo.project_id == exhibition.project_id, Photo.withdrawn.is_(None))
        .order_by(Photo.number)
    ).all()
    passing = [Passing(row.id, row.participant_id, row.people, row.look) for row in rows]
    hidden = photo_queries.refusals(passing, Exit.DESK)
    refused = photo_queries.refusals(passing, Exit.EXHIBITION)
    marks = {row.photo_id: row for row in db.session.execute(_marks(exhibition.id))}
    stars = _stars(exhibition.id)
    worded = photo_queries.wordings_of(exhibition.project_id)
    authors = people_queries.numbers(exhibition.project_id)
    groups = photo_queries.alike(exhibition.project_id) if compared else []
    alike = {number: group for group in groups for number in group}
    districts = {id_: district_key(district) for id_, district in _districts(exhibition.project_id)}
    found = []
    for row in (row for row in rows if hidden[row.id] is None):
        mark, rated = marks.get(row.id), stars.get(row.id, {})
        reason = refused[row.id]
        found.append(
            Frame(
                row.id,
                row.number,
                authors.get(row.participant_id, 0),
                row.perspective or "",
                tuple(row.themes),
                tuple(light for light, on in (("up", row.up), ("down", row.down)) if on),
                tuple(may_hang(row.caption, worded.get(row.id, ()))),
                str(row.walk_id or row.call_id),
                str(row.stop_id or ""),
                districts.get(row.walk_id, ""),
                reason.name.lower() if reason else "",
                State(mark.state) if mark else State.NONE,
                mark.position if mark else None,
                mark.revision if mark else 0,
                rated.get(me, 0),
                sum(rated.values()) / len(rated) if rated else None,
                len(rated),
                tuple(number for number in alike.get(row.number, ()) if number != row.number),
            )
        )
    return found


def _marks(exhibition_id: uuid.UUID) -> Any:
    query = select(Mark.photo_id, Mark.state, Mark.position, Mark.revision)
    return query.where(Mark.exhibition_id == exhibition_id)


def _stars(exhibition_id: uuid.UUID) -> Mapping[uuid.UUID, Mapping[uuid.UUID, int]]:
    found: dict[uuid.UUID, dict[uuid.UUID, int]] = defaultdict(dict)
    query = select(Rating.photo_id, Rating.organiser_id, Rating.stars).where(Rating.exhibition_id == exhibition_id)
    for photo, organiser, stars in db.session.execute(query):
        found[photo][organiser] = stars
    return found


def _districts(project_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, Localised]]:
    query = select(Walk.id, Walk.district).where(Walk.project_id == project_id)
    return [(id_, district) for id_, district in db.session.execute(query)]


def district_key(district: Localised) -> str:
    """What two walks share that go through the same district: its name in English, else in any language."""
    return district.get("en") or next(iter(district.values()), "")


@dataclass(frozen=True)
class Places:
    """What places are called: walks and calls, districts by their keys, stops (with their walk)."""

    titles: Mapping[str, Localised]
    districts: Mapping[str, Localised]
    stops: Mapping[str, tuple[Localised, int, Localised]]


def places(project_id: uuid.UUID) -> Places:
    """The names of everything in which a project's photos were made."""
    walks = select(Walk.id, Walk.title, Walk.district).where(Walk.project_id == project_id).order_by(Walk.starts)
    calls = select(Call.id, Call.title).where(Call.project_id == project_id).order_by(Call.opens)
    stops = select(Stop.id, Stop.position, Stop.name, Walk.title).join(Walk, Walk.id == Stop.walk_id)
    stops = stops.where(Walk.project_id == project_id).order_by(Walk.starts, Stop.position)
    found = db.session.execute(walks).all()
    return Places(
        {str(row.id): row.title for row in (*found, *db.session.execute(calls))},
        {district_key(row.district): row.district for row in found if district_key(row.district)},
        {str(row.id): (row.title, row.position, row.name) for row in db.session.execute(stops)},
    )


@dataclass(frozen=True)
class Sheet:
    """A frame with its photo. `facts` are of the best picture that has come, `original` whether that is the original;
    `prints` how large it can be printed, empty where its pixels are not known."""

    frame: Frame
    photo: Photo
    facts: Facts | None
    original: bool
    prints: tuple[Print, ...]
    best: Print | None

    @property
    def ready(self) -> bool:
        return self.photo.picture is not None and self.photo.picture.state == PictureState.READY


def sheets(of: Sequence[Frame]) -> list[Sheet]:
    """The frames' photos with their words and pixels, in the same order."""
    query = select(Photo).where(Photo.id.in_([frame.id for frame in of]))
    photos = {photo.id: photo for photo in db.session.scalars(query)}
    return [_sheet(frame, photos[frame.id]) for frame in of if frame.id in photos]


def _sheet(frame: Frame, photo: Photo) -> Sheet:
    # Not `photo_queries.facts_of`, which asks for each photo's original: the picture is it, where it has come.
    facts = Facts.from_json(photo.picture.facts) if photo.picture and photo.picture.facts else None
    here = photo.whole and (bool(photo.painted) or photo.sha256 == photo.original)
    if facts and facts.width and facts.height:
        of = (facts.width, facts.height)
        return Sheet(frame, photo, facts, here, prints(*of), best_print(*of))
    return Sheet(frame, photo, facts, here, (), None)


def names_of(marks: Iterable[Mark | None]) -> Mapping[uuid.UUID, str]:
    """The addresses of those who decided."""
    return people_queries.addresses({mark.organiser_id for mark in marks if mark and mark.organiser_id})


def may_contact(photos: Iterable[Photo]) -> set[uuid.UUID]:
    """The authors, of these photos, who agreed to being written to."""
    agreed = consents_of({photo.participant_id for photo in photos})
    return {person for person, purposes in agreed.items() if Purpose.CONTACT in purposes}


def languages_of(photos: Iterable[Photo]) -> Mapping[uuid.UUID, str]:
    """The language that each author of these photos chose."""
    ids = {photo.participant_id for photo in photos}
    query = select(Participant.id, Participant.language).where(Participant.id.in_(ids))
    return {id_: language for id_, language in db.session.execute(query)}
