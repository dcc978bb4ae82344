import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from webapp.consent.queries import consents_of
from webapp.consent.rules import Exit, refusal
from webapp.database import now
from webapp.people import queries as people_queries
from webapp.photo import coarse
from webapp.photo import queries as photo_queries
from webapp.photo.coarse import Square
from webapp.photo.queries import Card
from webapp.photo.rules import Place, PlaceSource, known_zone
from webapp.project import queries as project_queries
from webapp.results.rules import Tally, tally
from webapp.results.shown import Aggregate, aggregate
from webapp.walk import queries as walk_queries
from webapp.walk.questions import KINDS
from webapp.walk.rules import EVERY_STOP, ONCE, Answer, Checklist, Question

SETTLED = timedelta(days=1)
"""So long after a walk has begun, or a call has closed, nothing is told of where its photos were taken: while
they come in, each that comes would tell of those before it."""
Key = tuple[uuid.UUID | None, uuid.UUID, str]
"""Stop, checklist version, question."""


@dataclass(frozen=True)
class Given:
    """One person's answer to one question at one stop, or once; of several responses it stands in the last.

    `come`: whether the recording that it may name is here.
    """

    response: Any
    question: Question
    checklist: Checklist
    answer: Answer
    perspective: str
    come: bool


@dataclass(frozen=True)
class StopResults:
    """What was answered at one stop, or once for the whole walk (`stop` is None)."""

    stop: Any | None
    checklists: list[tuple[Checklist, list[Tally]]]


@dataclass(frozen=True)
class StopAggregates:
    """What viewers see of one stop, or of what is asked once (`stop` is None)."""

    stop: Any | None
    checklists: list[tuple[Checklist, list[Aggregate]]]


@dataclass(frozen=True)
class ReportPhoto:
    """A photo that its author lets into the report, and the square that others may know it by, if any."""

    photo: Any
    square: Square | None


@dataclass(frozen=True)
class WalkResults:
    """A walk's results stop by stop; `whole`: every question of all stops together, where n is answers."""

    stops: list[StopResults]
    whole: list[tuple[Checklist, list[Tally]]]


def of_walk(walk_id: uuid.UUID, way: Exit = Exit.DESK) -> list[StopResults]:
    """All answers of a walk that may leave by this way. Each person counts once for each question at each stop."""
    return results(walk_id, way).stops


def results(walk_id: uuid.UUID, way: Exit = Exit.DESK) -> WalkResults:
    """The same, and all stops together."""
    walk = walk_queries.walk(walk_id)
    if walk is None:
        return WalkResults([], [])
    lists, answers = _lists_and_answers(walk_id, way)
    places = [(stop, EVERY_STOP) for stop in walk.stops] + [(None, ONCE)]
    stops = [StopResults(stop, list(_tallies(_at(stop), asked, lists, answers))) for stop, asked in places]
    together: dict[Key, list[Given]] = defaultdict(list)
    for (stop_id, version, question), given in answers.items():
        if stop_id:
            together[None, version, question] += given
    return WalkResults(stops, list(_tallies(None, EVERY_STOP, lists, together)))


def answers_of(walk_id: uuid.UUID, way: Exit = Exit.DESK) -> list[Given]:
    """The answers that the results are made of, stop by stop and question by question."""
    walk = walk_queries.walk(walk_id)
    if walk is None:
        return []
    lists, answers = _lists_and_answers(walk_id, way)
    places = [(stop, EVERY_STOP) for stop in walk.stops] + [(None, ONCE)]
    return [
        given
        for stop, asked in places
        for key, checklist in lists
        for question in checklist.questions(asked)
        for given in answers.get((_at(stop), key, question.id), [])
    ]


def _at(stop: Any | None) -> uuid.UUID | None:
    return stop.id if stop else None


def for_viewers(walk_id: uuid.UUID) -> list[StopAggregates]:
    """The walk's results as those see them who may see no single answer."""
    return [
        StopAggregates(
            place.stop,
            [(checklist, [aggregate(each) for each in tallies]) for checklist, tallies in place.checklists],
        )
        for place in of_walk(walk_id, Exit.REPORT)
    ]


def report_photos(walk_id: uuid.UUID) -> list[ReportPhoto]:
    """The walk's photos that may go into the report, as soon as they can be seen."""
    walk = walk_queries.walk(walk_id)
    photos = [each for each in photo_queries.photos_of_walk(walk_id) if each.picture and each.picture.sizes]
    refused = photo_queries.refusals(photos, Exit.REPORT)
    squares = {photo.id: square for photo, square in told(walk.project_id)} if walk else {}
    return [ReportPhoto(photo, squares.get(photo.id)) for photo in photos if refused[photo.id] is None]


def told(project_id: uuid.UUID) -> list[tuple[Any, Square]]:
    """The photos of which others may know the place, by their numbers, and by which square they may know it.

    Whatever is told of places to others is made of this: of all the project's photos that may go into the report. Two
    pages that each counted their own would tell, together, what neither tells.
    """
    settled = _settled(project_id, now() - SETTLED)
    photos = [each for each in photo_queries.photos_of_project(project_id) if {each.walk_id, each.call_id} & settled]
    refused = photo_queries.refusals(photos, Exit.REPORT)
    seen = [each for each in photos if refused[each.id] is None]
    known = photo_queries.places_of(seen)
    spots = {
        each.id: coarse.Spot(each.participant_id, place.lat, place.lon, place.accuracy)
        for each in seen
        if (place := known[each.id])
    }
    squares = coarse.places(spots)
    return [(each, found) for each in seen if (found := squares.get(each.id)) is not None]


def _settled(project_id: uuid.UUID, moment: datetime) -> set[uuid.UUID | None]:
    """The walks that had begun by then, and the calls that had closed."""
    walks = {walk.id for walk in walk_queries.walks_of(project_id) if walk.starts < moment}
    return {*walks, *(call.id for call in photo_queries.calls_of(project_id) if call.closes < moment)}


def _day(card: Card, zone: str) -> date | None:
    """By the clock there."""
    taken = card.facts.taken if card.facts else None
    if taken is None:
        return None
    return taken.local.date() if taken.local else taken.utc.astimezone(known_zone(zone)).date() if taken.utc else None


@dataclass(frozen=True)
class Region:
    """A square that others may know, its photos, and when they were taken, where that may be told."""

    square: Square
    photos: int
    up: int
    down: int
    taken: str | None = None


def regions(project_id: uuid.UUID) -> list[Region]:
    """What others may know of where and when the project's photos were taken. The month of some stands in a region of
    its own, and each of these has enough people, too."""
    project = project_queries.project(project_id)
    zone = project.zone if project else "UTC"
    found = told(project_id)
    where = {photo.id: square for photo, square in found}
    inside = defaultdict[Square, list[tuple[Any, date | None]]](list)
    for card in photo_queries.desk_cards([photo for photo, _ in found], zone):
        inside[where[card.photo.id]].append((card.photo, _day(card, zone)))
    return [each for square in sorted(inside) for each in _regions(square, inside[square])]


def _regions(square: Square, found: Sequence[tuple[Any, date | None]]) -> Iterator[Region]:
    known = [(photo.participant_id, day) for photo, day in found if day]
    # One photo without a day would stand alone.
    write = coarse.months(known) if len(known) == len(found) else None
    parts = defaultdict[str | None, list[Any]](list)
    for photo, day in found:
        parts[write(day) if write and day else None].append(photo)
    for taken, photos in sorted(parts.items(), key=lambda part: part[0] or ""):
        up, down = (sum(getattr(photo, light) for photo in photos) for light in ("up", "down"))
        yield Region(square, len(photos), up, down, taken)


def counts(walk_id: uuid.UUID) -> tuple[int, int]:
    """How many people joined, and how many checklists they filled in, of those who agree to their being kept."""
    kept = _agreeing(walk_queries.walkers(walk_id), Exit.DESK)
    return len(kept), sum(author in kept for author in walk_queries.authors(walk_id))


def filled_in(walk_id: uuid.UUID) -> Counter[uuid.UUID | None]:
    """How many checklists were filled in at each stop, of those who agree to their being kept."""
    rows = walk_queries.filled_in(walk_id)
    kept = _agreeing((person for person, _ in rows), Exit.DESK)
    return Counter(stop_id for person, stop_id in rows if person in kept)


def voices(walk_id: uuid.UUID, way: Exit = Exit.DESK) -> Counter[str]:
    """How many people of each perspective joined, of those who agree; "" for those who named none."""
    people = _agreeing(walk_queries.walkers(walk_id), way)
    return Counter(people_queries.perspectives(people).values())


@dataclass(frozen=True)
class Spot:
    """A stop, and the light of the photos that were taken at it."""

    stop: Any
    up: int
    down: int
    photos: int


@dataclass(frozen=True)
class Places:
    """Where a walk's stops and photos lie; photos with their exact places, for those who may see them."""

    spots: list[Spot]
    photos: list[tuple[Any, Place]]


def places(walk_id: uuid.UUID) -> Places:
    """The walk's map."""
    walk = walk_queries.walk(walk_id)
    photos = photo_queries.photos_of_walk(walk_id)
    refused = photo_queries.refusals(photos, Exit.DESK)
    seen = [photo for photo in photos if refused[photo.id] is None]
    spots = [
        _spot(stop, [photo for photo in seen if photo.stop_id == stop.id]) for stop in (walk.stops if walk else [])
    ]
    known = [(photo, photo_queries.place_of(photo)) for photo in seen]
    return Places(spots, [(photo, place) for photo, place in known if place and place.source != PlaceSource.STOP])


def _spot(stop: Any, photos: Sequence[Any]) -> Spot:
    return Spot(stop, sum(photo.up for photo in photos), sum(photo.down for photo in photos), len(photos))


def _agreeing(people: Iterable[uuid.UUID], way: Exit) -> set[uuid.UUID]:
    agreed = consents_of(set(people))
    return {person for person, purposes in agreed.items() if refusal(way, purposes, unreleased=False) is None}


def _lists_and_answers(
    walk_id: uuid.UUID, way: Exit
) -> tuple[Sequence[tuple[uuid.UUID, Checklist]], Mapping[Key, list[Given]]]:
    """The checklists that were asked or answered, and the answers to each of their questions: of two by one person
    the one that came last. A question that no list has any more is in none."""
    responses = walk_queries.responses(walk_id)
    agreeing = _agreeing((response.participant_id for response in responses), way)
    responses = [response for response in responses if response.participant_id in agreeing]
    # Versions that phones still held, which must not be mixed with the walk's own.
    lists = walk_queries.asked_or_answered(walk_id, {each.version_id for each in responses if each.answers})
    questions = {
        (key, question.id): (question, checklist)
        for key, checklist in lists
        for asked in (EVERY_STOP, ONCE)
        for question in checklist.questions(asked)
    }
    photos = _photos(walk_id, way)
    sounds = photo_queries.sounds_of(*responses)
    voices = people_queries.perspectives(agreeing)
    found: dict[Key, dict[uuid.UUID, Given]] = defaultdict(dict)
    for response in responses:
        person = response.participant_id
        for row in response.answers:
            if known := questions.get((response.version_id, row.question)):
                answer = walk_queries.answer_of(row)
                theirs = tuple(each for each in answer.photos if photos.get(each) == person)
                come = (response.id, row.question) in sounds
                given = Given(response, *known, replace(answer, photos=theirs), voices[person], come)
                found[response.stop_id, response.version_id, row.question][person] = given
    return lists, {key: list(answers.values()) for key, answers in found.items()}


def _photos(walk_id: uuid.UUID, way: Exit) -> Mapping[str, uuid.UUID]:
    """The photos that may leave by this way, each with its author."""
    photos = photo_queries.photos_of_walk(walk_id)
    refused = photo_queries.refusals(photos, way)
    return {str(photo.id): photo.participant_id for photo in photos if refused[photo.id] is None}


def _tallies(
    place: uuid.UUID | None,
    asked: str,
    lists: Sequence[tuple[uuid.UUID, Checklist]],
    answers: Mapping[Key, list[Given]],
) -> Iterator[tuple[Checklist, list[Tally]]]:
    for key, checklist in lists:
        tallies = [
            _tally(question, answers.get((place, key, question.id), [])) for question in checklist.questions(asked)
        ]
        if tallies:
            yield checklist, tallies


def _tally(question: Question, given: Sequence[Given]) -> Tally:
    made = tally(
        KINDS[question.kind], question, [each.answer for each in given], [each.perspective for each in given]
    )
    spoken = [each.response.id for each in given if each.come]
    return replace(made, spoken=spoken, awaited=sum(bool(each.answer.sound) and not each.come for each in given))
