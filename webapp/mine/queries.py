"""What a participant sees of themselves."""

import uuid
from dataclasses import dataclass
from typing import Any

from webapp.consent import queries as consent_queries
from webapp.consent.rules import Purpose
from webapp.join.queries import all_joined
from webapp.people import queries as people_queries
from webapp.people.rules import COOKIE_DEVICE, fingerprint
from webapp.photo import queries as photo_queries
from webapp.walk import queries as walk_queries


@dataclass(frozen=True)
class Joined:
    """A walk or call that this person takes part in, and how much they gave there."""

    kind: str
    place: Any
    answered: int
    photos: int


@dataclass(frozen=True)
class Choice:
    """One purpose: the words that are asked now, and the last decision. `changed`: it was about other words."""

    text: Any
    said: Any | None

    @property
    def changed(self) -> bool:
        return self.said is not None and self.said.text_id != self.text.id


@dataclass(frozen=True)
class Phone:
    """A device. `plain`: a browser on the pages without scripts; `here`: the one that asks."""

    id: uuid.UUID
    name: str
    since: Any
    plain: bool
    here: bool


def places(participant_id: uuid.UUID) -> list[Joined]:
    """All walks and calls, in the order in which they were joined."""
    found = []
    for kind, place_id in all_joined(participant_id):
        place = walk_queries.walk(place_id) if kind == "walk" else photo_queries.call(place_id)
        answered = len(walk_queries.answered(participant_id, place_id)) if kind == "walk" else 0
        found.append(Joined(kind, place, answered, len(photo_queries.own_photos(participant_id, place_id))))
    return found


def choices(participant_id: uuid.UUID, texts: list[Any]) -> list[Choice]:
    """Each purpose that the project asks about."""
    said = {each.purpose: each for each in consent_queries.register(participant_id) if each.photo_id is None}
    return [Choice(text, said.get(text.purpose)) for text in texts]


def narrowed(participant_id: uuid.UUID, photo_id: uuid.UUID) -> frozenset[Purpose]:
    """What this person refuses for this photo alone."""
    return consent_queries.refused_for({photo_id: participant_id})[photo_id]


def phones(participant_id: uuid.UUID, token: str) -> list[Phone]:
    """What may act for this person; `token` is that of the browser that asks."""
    here = fingerprint(token)
    return [
        Phone(each.id, each.name, each.created, each.name.startswith(COOKIE_DEVICE), each.fingerprint == here)
        for each in people_queries.devices(participant_id)
    ]
