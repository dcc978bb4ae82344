import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from webapp.consent.queries import consents_of
from webapp.consent.rules import Exit, refusal
from webapp.people import queries as people_queries
from webapp.photo import queries as photo_queries
from webapp.photo.rules import Place, PlaceSource
from webapp.results.rules import Tally, tally
from webapp.results.shown import Aggregate, aggregate
from webapp.walk import queries as walk_queries
from webapp.walk.questions import KINDS
from webapp.walk.rules import EVERY_STOP, ONCE, Answer, Checklist, Question

COARSE = 2
"""Decimals of a degree, about a kilometre: so well may viewers know where a photo was taken."""
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
    """A photo that its author lets into the report; `lat` and `lon` are coarse."""

    photo: Any
    stop: Any | None
    lat: float | None
    lon: float | None


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
    stops: dict[uuid.UUID | None, Any] = {stop.id: stop for stop in walk.stops} if walk else {}
    return [
        ReportPhoto(photo, stops.get(photo.stop_id), *_coarse(photo_queries.place_of(photo)))
        for photo in photos
        if refused[photo.id] is None
    ]


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


def _coarse(place: Place | None) -> tuple[float | None, float | None]:
    return (round(place.lat, COARSE), round(place.lon, COARSE)) if place else (None, None)
