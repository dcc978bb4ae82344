import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from webapp.consent.queries import consents_of
from webapp.consent.rules import Purpose
from webapp.results.rules import Tally, tally
from webapp.walk import queries as walk_queries
from webapp.walk.questions import KINDS
from webapp.walk.rules import EVERY_STOP, ONCE, Answer, Checklist


@dataclass(frozen=True)
class StopResults:
    """What was answered at one stop, or once for the whole walk (`stop` is None)."""

    stop: Any | None
    checklists: list[tuple[Checklist, list[Tally]]]


def of_walk(walk_id: uuid.UUID) -> list[StopResults]:
    """All answers of a walk, of people who agree to their being kept."""
    walk = walk_queries.walk(walk_id)
    if walk is None:
        return []
    responses = walk_queries.responses(walk_id)
    agreed = consents_of({response.participant_id for response in responses})
    found: dict[tuple[uuid.UUID | None, uuid.UUID, str], list[Answer]] = defaultdict(list)
    for response in responses:
        if Purpose.KEEP in agreed[response.participant_id]:
            for row in response.answers:
                key = (response.stop_id, response.version_id, row.question)
                found[key].append(walk_queries.answer_of(row))
    lists = walk_queries.checklists(walk_id)
    places = [(stop, EVERY_STOP) for stop in walk.stops] + [(None, ONCE)]
    return [
        StopResults(
            stop,
            [
                (checklist, tallies)
                for key, checklist in lists
                if (
                    tallies := [
                        tally(
                            question,
                            KINDS[question.kind].scale(question),
                            found[stop.id if stop else None, key, question.id],
                        )
                        for question in checklist.questions(asked)
                    ]
                )
            ],
        )
        for stop, asked in places
    ]


def counts(walk_id: uuid.UUID) -> tuple[int, int]:
    """How many people joined, and how many responses came, of those who agree to their being kept."""
    walkers = set(walk_queries.walkers(walk_id))
    agreed = consents_of(walkers)
    kept = {person for person in walkers if Purpose.KEEP in agreed[person]}
    return len(kept), sum(author in kept for author in walk_queries.authors(walk_id))
