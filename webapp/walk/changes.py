import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.database import Localised, db, now
from webapp.records.changes import file_revision
from webapp.records.rules import Current, Receipt, Revision, Verdict, by_hand
from webapp.walk import queries
from webapp.walk.rules import Answer
from webapp.walk.tables import (
    AnswerRow,
    ChecklistVersion,
    Response,
    ResponseRevision,
    Stop,
    Walk,
    WalkChecklist,
    Walker,
)


class NotYours(Exception):
    """The id belongs to another record: somebody else's, or one of another place."""


@dataclass(frozen=True)
class NewStop:
    """A stop before it is stored; degrees and metres."""

    name: Localised
    lat: float | None
    lon: float | None
    accuracy: float | None
    photos: bool = True


def add_checklist(project_id: uuid.UUID, body: Mapping[str, Any]) -> ChecklistVersion:
    """A checklist's first version in a project."""
    version = ChecklistVersion(project_id=project_id, checklist=body["id"], version=1, body=dict(body))
    db.session.add(version)
    db.session.flush()
    return version


def add_walk(
    project_id: uuid.UUID,
    title: Localised,
    district: Localised,
    meeting_point: Localised,
    starts: datetime,
    code: str,
    stops: Sequence[NewStop],
    checklists: Sequence[ChecklistVersion],
) -> Walk:
    walk = Walk(
        project_id=project_id,
        title=title,
        district=district,
        meeting_point=meeting_point,
        starts=starts,
        code=code,
        stops=[
            Stop(
                position=position,
                name=stop.name,
                lat=stop.lat,
                lon=stop.lon,
                accuracy=stop.accuracy,
                photos=stop.photos,
            )
            for position, stop in enumerate(stops, 1)
        ],
        checklists=[
            WalkChecklist(version_id=version.id, position=position) for position, version in enumerate(checklists, 1)
        ],
    )
    db.session.add(walk)
    db.session.flush()
    return walk


def join_walk(participant_id: uuid.UUID, walk_id: uuid.UUID) -> None:
    """Puts the participant on the walk; doing so twice changes nothing."""
    if not queries.joined(participant_id, walk_id):
        db.session.add(Walker(walk_id=walk_id, participant_id=participant_id))
        db.session.flush()


@dataclass(frozen=True)
class NewResponse:
    """A filled-in checklist as it arrives."""

    id: uuid.UUID
    participant_id: uuid.UUID
    walk_id: uuid.UUID
    stop_id: uuid.UUID | None
    version_id: uuid.UUID
    checklist: str
    version: int
    language: str
    answers: Mapping[str, Answer]
    people: int = 1

    @property
    def whose(self) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID | None, uuid.UUID]:
        """Participant, walk, stop and checklist: these never change for an id."""
        return self.participant_id, self.walk_id, self.stop_id, self.version_id

    def body(self) -> dict[str, Any]:
        """The record as a phone would send it, without device and revision."""
        return {
            "walk": str(self.walk_id),
            "stop": str(self.stop_id) if self.stop_id else None,
            "checklist": self.checklist,
            "version": self.version,
            "language": self.language,
            "people": self.people,
            "answers": {question: answer.as_json() for question, answer in self.answers.items() if answer},
        }


def save_response(new: NewResponse, arrived: Revision | None = None) -> Receipt:
    """Keeps the response as the rules of revisions say; nothing that ever came is lost.

    Without `arrived` it was written on our own pages: there, a person's last act counts.
    """
    response = queries.response_by_id(new.id)
    if response is None and arrived is None:
        # Two pages opened at once carry two ids: still it is one person's one response at one place.
        response = queries.own_response(*new.whose)
    if response is None:
        response = Response(
            id=new.id,
            participant_id=new.participant_id,
            walk_id=new.walk_id,
            stop_id=new.stop_id,
            version_id=new.version_id,
            language=new.language,
            revision=0,
            device="",
            sha256="",
        )
        db.session.add(response)
        db.session.flush()
    elif new.whose != (response.participant_id, response.walk_id, response.stop_id, response.version_id):
        raise NotYours
    current = Current(response.device, response.revision, response.sha256) if response.revision else None
    arrived = arrived or by_hand(new.body(), current)
    verdict, receipt = file_revision(ResponseRevision, response.id, current, arrived)
    if verdict is Verdict.COUNTS:
        _spread(response, new, arrived)
    return receipt


def _spread(response: Response, new: NewResponse, arrived: Revision) -> None:
    response.revision, response.device, response.sha256 = arrived.revision, arrived.device, arrived.sha256
    response.language, response.people, response.received = new.language, new.people, now()
    response.answers.clear()
    db.session.flush()
    response.answers.extend(
        AnswerRow(
            question=question,
            value=answer.value,
            cant_tell=answer.cant_tell,
            remark=answer.remark,
            photos=list(answer.photos),
            sound=answer.sound,
        )
        for question, answer in new.answers.items()
        if answer
    )
    db.session.flush()
