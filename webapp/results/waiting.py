"""What came in lately, and what waits for somebody: people without release, captions, originals, deadlines."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from webapp.consent.queries import consents_of, taken_back
from webapp.consent.rules import Exit, Purpose
from webapp.people import queries as people_queries
from webapp.photo import queries as photo_queries
from webapp.photo.rules import Lack
from webapp.walk import queries as walk_queries

SOON = timedelta(days=7)
DAYS = 5
"""So many days on which something came are told."""


@dataclass(frozen=True)
class Where:
    """How many photos of a walk or a call ("walk" or "call", and its row) lack something."""

    kind: str
    row: Any
    photos: int


@dataclass(frozen=True)
class Waits:
    """What photos lack, and where they are; `phones` and `people` (by number) who still have the files."""

    lack: Lack
    photos: int
    where: Sequence[Where]
    phones: int
    people: Sequence[int]


@dataclass(frozen=True)
class Closing:
    """A call that closes soon; so many of those who joined have sent nothing yet."""

    call: Any
    people: int
    silent: int


@dataclass(frozen=True)
class Day:
    """What came in on one day, by the project's clock."""

    day: date
    photos: int
    checklists: int


@dataclass(frozen=True)
class News:
    """What a project's home says beside its programme."""

    today: Sequence[Any]
    closing: Sequence[Closing]
    waits: Sequence[Waits]
    days: Sequence[Day]

    def __bool__(self) -> bool:
        return bool(self.today or self.closing or self.waits)


def news(project: Any, moment: datetime) -> News:
    """Of photos and answers that the desk may see. Its queries do not grow with their number."""
    zone = ZoneInfo(project.zone)
    photos = photo_queries.photos_of_project(project.id)
    refused = photo_queries.refusals(photos, Exit.DESK)
    photos = [photo for photo in photos if refused[photo.id] is None]
    walks, calls = walk_queries.walks_of(project.id), photo_queries.calls_of(project.id)
    places = {row.id: (kind, row) for kind, rows in (("walk", walks), ("call", calls)) for row in rows}
    numbers = people_queries.numbers(project.id)
    today, back = moment.astimezone(zone).date(), taken_back({photo.participant_id for photo in photos})
    return News(
        [walk for walk in walks if walk.starts.astimezone(zone).date() == today or _goes_on(walk, moment)],
        [_closing(call, photos) for call in calls if call.opens <= moment <= call.closes <= moment + SOON],
        [waits for lack in Lack if (waits := _waits(lack, photos, places, numbers, back)).photos],
        _days(photos, walk_queries.arrivals(project.id), zone),
    )


def _goes_on(walk: Any, moment: datetime) -> bool:
    """Also after midnight."""
    return bool(walk.starts <= moment <= walk.starts + timedelta(minutes=walk.minutes))


def _waits(
    lack: Lack,
    photos: Iterable[Any],
    places: Mapping[Any, tuple[str, Any]],
    numbers: Mapping[uuid.UUID, int],
    back: Collection[uuid.UUID],
) -> Waits:
    lacking = [photo for photo in photos if lack in photo_queries.lacks(photo, back)]
    counted = Counter(photo.walk_id or photo.call_id for photo in lacking)
    where = [Where(*place, counted[id_]) for id_, place in places.items() if counted[id_]]
    phones = {(photo.participant_id, photo.device) for photo in lacking}
    people = sorted({numbers[photo.participant_id] for photo in lacking if photo.participant_id in numbers})
    return Waits(lack, len(lacking), where, len(phones), people)


def _closing(call: Any, photos: Iterable[Any]) -> Closing:
    agreed = consents_of(photo_queries.callers(call.id))
    people = {person for person, purposes in agreed.items() if Purpose.KEEP in purposes}
    return Closing(
        call, len(people), len(people - {photo.participant_id for photo in photos if photo.call_id == call.id})
    )


def _days(photos: Iterable[Any], arrivals: Sequence[tuple[uuid.UUID, datetime]], zone: ZoneInfo) -> list[Day]:
    agreed = consents_of({person for person, _ in arrivals})
    pictures = Counter(photo.received.astimezone(zone).date() for photo in photos)
    checklists = Counter(at.astimezone(zone).date() for person, at in arrivals if Purpose.KEEP in agreed[person])
    latest = sorted({*pictures, *checklists}, reverse=True)[:DAYS]
    return [Day(day, pictures[day], checklists[day]) for day in latest]
