import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_, case, cast, false, not_, or_, select
from sqlalchemy.orm import lazyload

from webapp.consent.queries import taken_back_of
from webapp.consent.rules import Exit
from webapp.database import db
from webapp.exhibition.rules import State
from webapp.exhibition.tables import Exhibition, Mark
from webapp.gallery.rules import LOOKED, PAGE, Light, Wanted, Where
from webapp.meeting.tables import Meeting, Placing, ThemeGroup
from webapp.people.queries import by_number
from webapp.photo.queries import places_of, project_of_call, refusals
from webapp.photo.rules import Lack, Look, PartName, People, Place
from webapp.photo.tables import Part, Photo, Picture
from webapp.walk.queries import project_of as project_of_walk
from webapp.walk.tables import Stop, Walk

BESIDE = 12
"""So many photos on either side are asked for the next one that may be shown."""
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class Found:
    """A page of photos, the newest first, which still have to pass the gate.

    `before` and `after` are the numbers at which the older and the newer page go on, where there may be one. `cut`:
    the page is not full, because it has looked through so many as one page may.
    """

    photos: Sequence[Photo]
    before: int | None = None
    after: int | None = None
    cut: bool = False


@dataclass(frozen=True)
class Uses:
    """Where a photo lies: the meeting and group of each board, the exhibition and mark of each show."""

    groups: Sequence[tuple[Meeting, ThemeGroup]]
    shows: Sequence[tuple[Exhibition, Mark]]


def page(
    project_id: uuid.UUID, newest: int, wanted: Wanted, where: Where, size: int = PAGE, looked: int = LOOKED
) -> Found:
    """The photos that stand there, by their numbers: whatever comes meanwhile, no page leaves one out or shows one
    twice. `newest` is the number that the project gave last."""
    conditions, narrow = _like(project_id, wanted)
    reach = newest if narrow else looked
    if where.after is None:
        return _older(conditions, newest, where.before, size, reach)
    return _newer(conditions, newest, where.after, size, reach)


def _older(conditions: Conditions, newest: int, before: int | None, size: int, reach: int) -> Found:
    top = newest + 1 if before is None else min(before, newest + 1)
    floor = max(top - reach, 1)
    found = _look([*conditions, Photo.number < top, Photo.number >= floor], False, size + 1)
    after = top - 1 if top <= newest else None
    if len(found) > size:
        return Found(found[:size], found[size - 1].number, after)
    return Found(found, floor, after, cut=True) if floor > 1 else Found(found, None, after)


def _newer(conditions: Conditions, newest: int, after: int, size: int, reach: int) -> Found:
    ceiling = after + reach
    found = _look([*conditions, Photo.number > after, Photo.number <= ceiling], True, size + 1)
    before = after + 1 if after > 0 else None
    if len(found) > size:
        return Found(found[:size][::-1], before, found[size - 1].number)
    found = found[::-1]
    return Found(found, before, ceiling, cut=True) if ceiling < newest else Found(found, before)


def beside(photo: Photo, wanted: Wanted, looked: int = LOOKED) -> tuple[Photo | None, Photo | None]:
    """The next newer and the next older photo that are wanted and that the desk may see."""
    conditions, narrow = _like(photo.project_id, wanted)
    near = [] if narrow else [Photo.number <= photo.number + looked, Photo.number >= photo.number - looked]
    newer = _look([*conditions, *near, Photo.number > photo.number], True, BESIDE)
    older = _look([*conditions, *near, Photo.number < photo.number], False, BESIDE)
    refused = refusals([*newer, *older], Exit.DESK)
    first = (next((each for each in side if refused[each.id] is None), None) for side in (newer, older))
    return next(first), next(first)


def uses(photo_id: uuid.UUID) -> Uses:
    """Where the photo lies."""
    groups = select(Meeting, ThemeGroup).join(ThemeGroup, ThemeGroup.meeting_id == Meeting.id)
    groups = groups.join(Placing, Placing.group_id == ThemeGroup.id).where(Placing.photo_id == photo_id)
    shows = select(Exhibition, Mark).join(Mark, Mark.exhibition_id == Exhibition.id)
    shows = shows.where(Mark.photo_id == photo_id, Mark.state != State.NONE)
    return Uses(
        [(meeting, group) for meeting, group in db.session.execute(groups.order_by(Meeting.starts))],
        [(show, mark) for show, mark in db.session.execute(shows.order_by(Exhibition.created))],
    )


@dataclass(frozen=True)
class Mapped:
    """Photos with their places, the newest first; how many have none, and whether older ones were left out."""

    photos: Sequence[tuple[Photo, Place]]
    unplaced: int
    cut: bool


def mapped(project_id: uuid.UUID, wanted: Wanted, most: int = LOOKED) -> Mapped:
    """The newest photos that are wanted and that the desk may see, for the map. Only what stands on it is read."""
    conditions, _ = _like(project_id, wanted)
    query = select(Photo).where(Photo.withdrawn.is_(None), *conditions).order_by(Photo.number.desc()).limit(most + 1)
    unread = (lazyload(Photo.parts), lazyload(Photo.wordings), lazyload(Photo.ask))
    found = db.session.scalars(query.options(*unread)).all()
    refused = refusals(found[:most], Exit.DESK)
    seen = [photo for photo in found[:most] if refused[photo.id] is None]
    places = places_of(seen)
    placed = [(photo, place) for photo in seen if (place := places[photo.id])]
    return Mapped(placed, len(seen) - len(placed), len(found) > most)


def _look(conditions: Conditions, upwards: bool, limit: int) -> Sequence[Photo]:
    query = select(Photo).where(Photo.withdrawn.is_(None), *conditions).limit(limit)
    return db.session.scalars(query.order_by(Photo.number if upwards else Photo.number.desc())).all()


def _like(project_id: uuid.UUID, wanted: Wanted) -> tuple[Conditions, bool]:
    """What a photo must be like; and whether an index leads to few enough, so that all may be looked through.

    What narrows is looked up in its project first, and then the project is not asked again: with both, SQLite would
    walk through the whole project by its numbers.
    """
    narrow = _narrow(project_id, wanted)
    return [*(narrow or [Photo.project_id == project_id]), *_words(wanted), *_marks(wanted)], bool(narrow)


def _narrow(project_id: uuid.UUID, wanted: Wanted) -> Conditions:
    conditions: Conditions = []
    if wanted.within:
        conditions.append(_within(project_id, wanted.within))
    if wanted.stop:
        home = select(Walk.project_id).join(Stop, Stop.walk_id == Walk.id).where(Stop.id == wanted.stop)
        conditions.append(Photo.stop_id == wanted.stop if db.session.scalar(home) == project_id else false())
    if wanted.author is not None:
        author = by_number(project_id, wanted.author)
        conditions.append(Photo.participant_id == author if author else false())
    return conditions


def _within(project_id: uuid.UUID, place_id: uuid.UUID) -> ColumnElement[bool]:
    if project_of_walk(place_id) == project_id:
        return Photo.walk_id == place_id
    return Photo.call_id == place_id if project_of_call(place_id) == project_id else false()


def _words(wanted: Wanted) -> Conditions:
    return [Photo.plain.contains(word, autoescape=True) for word in wanted.words]


def _marks(wanted: Wanted) -> Conditions:
    conditions: Conditions = []
    if wanted.theme:
        conditions.append(cast(Photo.themes, String).contains(json.dumps(wanted.theme), autoescape=True))
    if wanted.light:
        conditions.append(_LIGHTS[wanted.light])
    if wanted.people:
        conditions.append(Photo.people == wanted.people.value)
    if wanted.placed is not None:
        conditions.append(_PLACED if wanted.placed else not_(_PLACED))
    if wanted.lack:
        conditions.append(_LACKS[wanted.lack])
    return conditions


_LIGHTS = {
    Light.UP: Photo.up.is_(True),
    Light.DOWN: Photo.down.is_(True),
    Light.BOTH: and_(Photo.up.is_(True), Photo.down.is_(True)),
    Light.NEITHER: and_(Photo.up.is_(False), Photo.down.is_(False)),
}


def _has(*parts: PartName) -> ColumnElement[bool]:
    return select(Part.id).where(Part.photo_id == Photo.id, Part.name.in_(parts)).correlate(Photo).exists()


# As `photo.queries.lacks` has it.
_LACKS = {
    Lack.RELEASE: and_(or_(Photo.people == People.UNRELEASED, taken_back_of(Photo.id)), Photo.look != Look.CLEAR),
    Lack.CAPTION: and_(Photo.plain == "", not_(_has(PartName.SOUND))),
    Lack.ORIGINAL: and_(Photo.whole.is_(False), _has(PartName.PREVIEW, PartName.REDACTED)),
    Lack.PICTURE: and_(Photo.whole.is_(False), not_(_has(PartName.PREVIEW, PartName.REDACTED))),
}
# As `photo.queries.place_of` finds one: by hand, by the phone, by a track, in the file, or at the stop.
_PLACED = or_(
    Photo.pin_lat.is_not(None),
    Photo.fix_lat.is_not(None),
    Photo.track_lat.is_not(None),
    select(Picture.sha256)
    .where(Picture.sha256 == case((and_(Photo.whole, Photo.painted == 0), Photo.original), else_=Photo.sha256))
    .where(Picture.facts["place"].as_string().is_not(None))
    .correlate(Photo)
    .exists(),
    select(Stop.id).where(Stop.id == Photo.stop_id, Stop.lat.is_not(None)).correlate(Photo).exists(),
)
