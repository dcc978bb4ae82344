"""A walk while it goes on: who has joined, where they are by what has come, and what is still on whose phone.

Nobody's position is asked for. A phone says how many things it holds, and of photos the record tells the rest.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from webapp.consent.queries import consents_of
from webapp.consent.rules import Purpose
from webapp.people import queries as people_queries
from webapp.photo import queries as photo_queries
from webapp.photo.queries import Come
from webapp.results.rules import heard_before
from webapp.walk import queries as walk_queries
from webapp.walk.queries import Begun


@dataclass(frozen=True)
class Person:
    """Somebody who takes part. `stop` is where they made the newest record that has come, and `since` when it came.

    `told` is when one of their phones last said what it holds, None if none ever did; `quiet`: too long ago. The rest
    are numbers: what has come, and what is still on their `phones`; of `originals` a smaller picture is here,
    and so many of them are `asked` for.
    """

    id: uuid.UUID
    number: int
    name: str | None
    stop: Any | None
    since: datetime | None
    phones: int
    told: datetime | None
    quiet: bool
    answers: int
    photos: int
    held_answers: int
    held_photos: int
    originals: int
    asked: int

    @property
    def holds(self) -> bool:
        """Whether something of theirs is on a phone only."""
        return bool(self.held_answers or self.held_photos)


@dataclass(frozen=True)
class AtStop:
    """What has come from one stop, or from the way between them (`stop` is None). `here`: whose newest record is."""

    stop: Any | None
    here: int
    answered: int
    photos: int
    originals: int


@dataclass(frozen=True)
class During:
    """All of it. `apart`: so many have joined and keep everything to themselves."""

    people: Sequence[Person]
    stops: Sequence[AtStop]
    apart: int

    @property
    def holding(self) -> list[Person]:
        return [each for each in self.people if each.holds]

    @property
    def quiet(self) -> list[Person]:
        """Of whom nobody knows: who surely holds something is not among them."""
        return [each for each in self.people if each.quiet and not each.holds]

    @property
    def owing(self) -> list[Person]:
        return [each for each in self.people if each.originals]

    @property
    def unsaid(self) -> bool:
        """Whether there is a phone that has not said what it holds, or so long ago that it is forgotten."""
        return any(each.phones and each.told is None for each in self.people)

    def sum(self, what: str) -> int:
        """How many answers, photos ... of all together."""
        return sum(getattr(each, what) for each in self.people)


def walk(found: Any, moment: datetime) -> During:
    """A walk at this moment."""
    keeping, apart = _keeping(walk_queries.walkers(found.id))
    filled = [each for each in walk_queries.filled_in(found.id) if each[0] in keeping]
    photos = photo_queries.come(found.id)
    newest = newest_of([*walk_queries.begun(found.id), *photo_queries.begun(found.id)])
    people = _people(
        found.project_id,
        keeping,
        Counter(person for person, _ in filled),
        photos,
        photo_queries.awaited_sounds(found.id),
        heard_before(moment, found.starts, found.minutes),
    )
    stops = {stop.id: stop for stop in found.stops}
    placed = [_placed(each, newest.get(each.id), stops) for each in people]
    here = Counter(each.stop.id for each in placed if each.stop)
    return During(placed, _stops(found.stops, here, set(filled), photos), apart)


def call(found: Any) -> During:
    """A call: it has no stops, and for weeks nobody need speak up."""
    keeping, apart = _keeping(photo_queries.callers(found.id))
    photos = photo_queries.come(found.id)
    return During(_people(found.project_id, keeping, {}, photos, {}, None), [], apart)


def newest_of(begun: Iterable[Begun]) -> dict[uuid.UUID, Begun]:
    """The newest record of each person: the last by the counter of the phone that was heard last.

    What was corrected later stays where it was begun. The counters of two phones cannot be compared, and their clocks
    are not believed.
    """
    found = {}
    for person, theirs in groupby(sorted(begun, key=lambda each: str(each.participant_id)), _whose):
        last = dict[str, Begun]()
        for each in theirs:
            before = last.get(each.device)
            if before is None or (each.sequence, each.received) > (before.sequence, before.received):
                last[each.device] = each
        found[person] = max(last.values(), key=lambda each: each.received)
    return found


def _whose(begun: Begun) -> uuid.UUID:
    return begun.participant_id


def _keeping(joined: Sequence[uuid.UUID]) -> tuple[set[uuid.UUID], int]:
    agreed = consents_of(joined)
    keeping = {each for each in joined if Purpose.KEEP in agreed[each]}
    return keeping, len(joined) - len(keeping)


def _people(
    project_id: uuid.UUID,
    keeping: set[uuid.UUID],
    answers: Mapping[uuid.UUID, int],
    photos: Sequence[Come],
    sounds: Mapping[uuid.UUID, int],
    before: datetime | None,
) -> list[Person]:
    phones = people_queries.phones(keeping)
    come = Counter(each.participant_id for each in photos if each.here)
    bare = Counter(each.participant_id for each in photos if not each.here)
    owed = Counter(each.participant_id for each in photos if each.here and not each.whole)
    asked = Counter(each.participant_id for each in photos if each.asked and each.here and not each.whole)
    found = []
    for person in people_queries.participants(project_id):
        if person.id not in keeping:
            continue
        own = [each for each in phones if each.participant_id == person.id]
        told = max((each.told for each in own if each.told), default=None)
        found.append(
            Person(
                id=person.id,
                number=person.number or 0,
                name=person.name,
                stop=None,
                since=None,
                phones=len(own),
                told=told,
                quiet=bool(own and before and (told is None or told < before)),
                answers=answers.get(person.id, 0),
                photos=come[person.id],
                # What a record names and has not come is missing, whatever a phone says.
                held_answers=max(sum(each.held_answers or 0 for each in own), sounds.get(person.id, 0)),
                held_photos=max(sum(each.held_photos or 0 for each in own), bare[person.id]),
                originals=owed[person.id],
                asked=asked[person.id],
            )
        )
    return sorted(found, key=lambda each: each.number)


def _placed(person: Person, newest: Begun | None, stops: Mapping[uuid.UUID, Any]) -> Person:
    return replace(person, stop=stops.get(newest.stop_id), since=newest.received) if newest else person


def _stops(
    stops: Sequence[Any],
    here: Mapping[uuid.UUID, int],
    filled: set[tuple[uuid.UUID, uuid.UUID | None]],
    photos: Sequence[Come],
) -> list[AtStop]:
    answered = Counter(stop_id for _, stop_id in filled)
    pictures = Counter(each.stop_id for each in photos if each.here)
    whole = Counter(each.stop_id for each in photos if each.whole)
    found = [
        AtStop(each, here.get(each.id, 0), answered[each.id], pictures[each.id], whole[each.id]) for each in stops
    ]
    between = AtStop(None, 0, answered[None], pictures[None], whole[None])
    return [*found, between] if between.answered or between.photos else found
