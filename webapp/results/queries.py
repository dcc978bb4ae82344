import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from webapp.consent.queries import consents_of
from webapp.consent.rules import Exit, refusal
from webapp.photo import queries as photo_queries
from webapp.photo.rules import Place
from webapp.results.rules import Aggregate, Tally, aggregate, tally
from webapp.walk import queries as walk_queries
from webapp.walk.questions import KINDS
from webapp.walk.rules import EVERY_STOP, ONCE, Answer, Checklist, Question

COARSE = 2
"""Decimals of a degree, about a kilometre: so well may viewers know where a photo was taken."""
Key = tuple[uuid.UUID | None, uuid.UUID, str]
"""Stop, checklist version, question."""
Given = tuple[uuid.UUID, Answer, bool]
"""The response that an answer stands in, and whether the recording that it may name has come."""


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


def of_walk(walk_id: uuid.UUID, way: Exit = Exit.DESK) -> list[StopResults]:
    """All answers of a walk that may leave by this way. Each person counts once for each question at each stop."""
    walk = walk_queries.walk(walk_id)
    if walk is None:
        return []
    answers = _answers(walk_id, way)
    lists = _checklists(walk_id, {version for _, version, _ in answers})
    places = [(stop, EVERY_STOP) for stop in walk.stops] + [(None, ONCE)]
    return [StopResults(stop, list(_tallies(stop, asked, lists, answers))) for stop, asked in places]


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


def _agreeing(people: Iterable[uuid.UUID], way: Exit) -> set[uuid.UUID]:
    agreed = consents_of(set(people))
    return {person for person, purposes in agreed.items() if refusal(way, purposes, unreleased=False) is None}


def _answers(walk_id: uuid.UUID, way: Exit) -> Mapping[Key, list[Given]]:
    """The answers to each question; of two by one person the one that came last."""
    responses = walk_queries.responses(walk_id)
    agreeing = _agreeing((response.participant_id for response in responses), way)
    photos = _photos(walk_id, way)
    sounds = photo_queries.sounds_of(*responses)
    found: dict[Key, dict[uuid.UUID, Given]] = defaultdict(dict)
    for response in responses:
        person = response.participant_id
        if person in agreeing:
            for row in response.answers:
                answer = walk_queries.answer_of(row)
                theirs = tuple(each for each in answer.photos if photos.get(each) == person)
                given = (response.id, replace(answer, photos=theirs), (response.id, row.question) in sounds)
                found[response.stop_id, response.version_id, row.question][person] = given
    return {key: list(answers.values()) for key, answers in found.items()}


def _photos(walk_id: uuid.UUID, way: Exit) -> Mapping[str, uuid.UUID]:
    """The photos that may leave by this way, each with its author."""
    photos = photo_queries.photos_of_walk(walk_id)
    refused = photo_queries.refusals(photos, way)
    return {str(photo.id): photo.participant_id for photo in photos if refused[photo.id] is None}


def _checklists(walk_id: uuid.UUID, answered: set[uuid.UUID]) -> Sequence[tuple[uuid.UUID, Checklist]]:
    """The walk's checklists; then other versions that phones still held, which must not be mixed with these."""
    return walk_queries.asked_or_answered(walk_id, answered)


def _tallies(
    stop: Any | None,
    asked: str,
    lists: Sequence[tuple[uuid.UUID, Checklist]],
    answers: Mapping[Key, list[Given]],
) -> Iterator[tuple[Checklist, list[Tally]]]:
    place = stop.id if stop else None
    for key, checklist in lists:
        tallies = [
            _tally(question, answers.get((place, key, question.id), [])) for question in checklist.questions(asked)
        ]
        if tallies:
            yield checklist, tallies


def _tally(question: Question, given: Sequence[Given]) -> Tally:
    made = tally(KINDS[question.kind], question, [answer for _, answer, _ in given])
    spoken = [response for response, _, come in given if come]
    return replace(made, spoken=spoken, awaited=sum(bool(answer.sound) and not come for _, answer, come in given))


def _coarse(place: Place | None) -> tuple[float | None, float | None]:
    return (round(place.lat, COARSE), round(place.lon, COARSE)) if place else (None, None)
