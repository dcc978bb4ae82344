"""Joining a walk or a call: one way in, for the API, the pages without scripts, the commands and the demo."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.database import new_id, now
from webapp.join.queries import Place
from webapp.people import changes as people_changes
from webapp.people.rules import new_key
from webapp.people.tables import Participant
from webapp.photo import changes as photo_changes
from webapp.project import changes as project_changes
from webapp.project import queries as project_queries
from webapp.walk import changes as walk_changes
from webapp.words import language_of


class KeepRefused(Exception):
    """Nothing may be kept, so nothing is stored, not even this."""


class OtherProject(Exception):
    """A participant belongs to one project, and this code to another."""


@dataclass(frozen=True)
class Newcomer:
    """Who joins: an id and a key (64 hex digits) that their phone made."""

    id: uuid.UUID
    key: str
    language: str
    perspective: str | None = None
    name: str | None = None


def join(place: Place, newcomer: Newcomer, decisions: Sequence[Decision], by_hand: bool = False) -> Participant:
    """The participant, new or known by the same key, at the place. Sending it again changes nothing.

    `by_hand`: a person sent it on our own pages, so that sending an old page again is a new word of theirs.
    """
    if not _keeps(decisions):
        raise KeepRefused
    person = people_changes.join_project(
        place.project_id, newcomer.id, newcomer.key, newcomer.language, newcomer.perspective, newcomer.name
    )
    if person.number is None:
        people_changes.give_number(person, project_changes.next_person_number(place.project_id))
    (consent_changes.say if by_hand else consent_changes.record)(person.id, decisions)
    _enter(place, person.id)
    return person


def join_as(place: Place, person: Participant, decisions: Sequence[Decision]) -> None:
    """Adds the place to a participant who is known already. Without decisions, those of before hold."""
    if person.project_id != place.project_id:
        raise OtherProject
    if not _keeps(decisions) and (decisions or not consent_queries.may_keep(person.id)):
        raise KeepRefused
    consent_changes.record(person.id, decisions)
    _enter(place, person.id)


def join_by_script(place: Place) -> tuple[Newcomer, str]:
    """A new participant who says yes to everything, and the token of their device; for scripts and tests."""
    project = project_queries.project(place.project_id)
    language = project.languages[0] if project else "en"
    newcomer = Newcomer(new_id(), new_key(), language)
    texts = consent_queries.current_texts(place.project_id, project.purposes if project else [])
    decisions = [
        Decision(Purpose(text.purpose), True, text.id, language_of(text.title, language), now()) for text in texts
    ]
    person = join(place, newcomer, decisions)
    return newcomer, people_changes.admit_device(person, newcomer.key, "script")


def _keeps(decisions: Sequence[Decision]) -> bool:
    said = [each.yes for each in decisions if each.purpose is Purpose.KEEP]
    return bool(said) and said[-1]


def _enter(place: Place, participant_id: uuid.UUID) -> None:
    if place.kind == "walk":
        walk_changes.join_walk(participant_id, place.id)
    else:
        photo_changes.join_call(participant_id, place.id)
