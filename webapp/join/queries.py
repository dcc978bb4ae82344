"""What a code opens."""

import uuid
from dataclasses import dataclass
from typing import Any

from webapp.people.rules import tidy_code
from webapp.photo import queries as photo_queries
from webapp.walk import queries as walk_queries


@dataclass(frozen=True)
class Place:
    """A walk or a call, by its code. `kind` is the word that the API uses; `row` is its table's."""

    kind: str
    row: Any

    @property
    def id(self) -> uuid.UUID:
        found: uuid.UUID = self.row.id
        return found

    @property
    def project_id(self) -> uuid.UUID:
        found: uuid.UUID = self.row.project_id
        return found


def place_by_code(code: str) -> Place | None:
    """What this code opens; spaces, dashes and small letters do not matter."""
    tidy = tidy_code(code)
    if walk := walk_queries.walk_by_code(tidy):
        return Place("walk", walk)
    if call := photo_queries.call_by_code(tidy):
        return Place("call", call)
    return None


def place(kind: str, place_id: uuid.UUID) -> Place | None:
    """A walk or call by its id."""
    row = walk_queries.walk(place_id) if kind == "walk" else photo_queries.call(place_id)
    return Place(kind, row) if row else None


def joined(participant_id: uuid.UUID, place: Place) -> bool:
    if place.kind == "walk":
        return walk_queries.joined(participant_id, place.id)
    return photo_queries.joined_call(participant_id, place.id)


def all_joined(participant_id: uuid.UUID) -> list[tuple[str, uuid.UUID]]:
    """(kind, id) of all that this person has joined."""
    walks = [("walk", walk_id) for walk_id in walk_queries.walks_joined(participant_id)]
    return walks + [("call", call_id) for call_id in photo_queries.calls_joined(participant_id)]
