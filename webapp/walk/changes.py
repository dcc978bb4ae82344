import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from webapp.database import Localised, db, new_id, now
from webapp.people.changes import mark_gone
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
    minutes: int = 120,
    walk_id: uuid.UUID | None = None,
    no_faces: bool = False,
) -> Walk:
    walk = Walk(
        id=walk_id or new_id(),
        project_id=project_id,
        minutes=minutes,
        no_faces=no_faces,
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


@dataclass(frozen=True)
class WalkDetails:
    """What an organiser says about a walk; `starts` is an instant."""

    title: Localised
    district: Localised
    meeting_point: Localised
    starts: datetime
    minutes: int
    no_faces: bool = False


def edit_walk(
    walk: Walk,
    details: WalkDetails,
    stops: Sequence[tuple[uuid.UUID | None, NewStop]],
    removed: Collection[uuid.UUID] = (),
) -> None:
    """Changes a walk and its stops, in this order; a stop without a known id is new.

    Stops that are neither in `stops` nor in `removed` stay, at the end. Whoever calls this has seen that nothing
    refers to what is removed.
    """
    walk.title, walk.district, walk.meeting_point = details.title, details.district, details.meeting_point
    walk.starts, walk.minutes, walk.no_faces = details.starts, details.minutes, details.no_faces
    known = {stop.id: stop for stop in walk.stops}
    for place, stop in enumerate(walk.stops, 1):
        stop.position = -place  # out of the way: positions are unique
    for stop_id in removed:
        if stop_id in known:
            walk.stops.remove(known[stop_id])
            db.session.delete(known.pop(stop_id))
    db.session.flush()
    order = [_set_stop(walk, known.pop(stop_id, None) if stop_id else None, new) for stop_id, new in stops]
    for position, stop in enumerate([*order, *known.values()], 1):
        stop.position = position
    db.session.flush()
    db.session.expire(walk, ["stops"])


def _set_stop(walk: Walk, stop: Stop | None, new: NewStop) -> Stop:
    if stop is None:
        stop = Stop(walk_id=walk.id, accuracy=new.accuracy)
        db.session.add(stop)
    elif (stop.lat, stop.lon) != (new.lat, new.lon):
        stop.accuracy = new.accuracy
    stop.name, stop.lat, stop.lon, stop.photos = dict(new.name), new.lat, new.lon, new.photos
    return stop


def keep_version(project_id: uuid.UUID, body: Mapping[str, Any]) -> ChecklistVersion:
    """The project's version that says exactly this, made if there is none.

    Versions are never changed and their numbers never used again: a phone without a signal may hold any of them.
    """
    known = queries.versions_of(project_id, body["id"])
    same = next((version for version in known if version.body == body), None)
    if same:
        return same
    number = known[0].version + 1 if known else 1
    version = ChecklistVersion(project_id=project_id, checklist=body["id"], version=number, body=dict(body))
    db.session.add(version)
    db.session.flush()
    return version


def set_checklists(walk_id: uuid.UUID, versions: Sequence[uuid.UUID]) -> None:
    """What the walk asks from now on, in this order. Answers to other versions stay."""
    db.session.execute(delete(WalkChecklist).where(WalkChecklist.walk_id == walk_id))
    db.session.add_all(
        WalkChecklist(walk_id=walk_id, version_id=version_id, position=position)
        for position, version_id in enumerate(versions, 1)
    )
    db.session.flush()


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


def attach_photo(
    whose: tuple[uuid.UUID, uuid.UUID, uuid.UUID | None, uuid.UUID], question: str, photo_id: uuid.UUID, language: str
) -> None:
    """Hangs a photo on an answer, which it begins where there is none; `whose` as in `NewResponse`.

    Doing so twice changes nothing.
    """
    participant_id, walk_id, stop_id, version_id = whose
    version = db.session.get_one(ChecklistVersion, version_id)
    response = queries.own_response(*whose)
    answers = queries.answers_of(response)
    answer = answers.get(question, Answer())
    if str(photo_id) in answer.photos:
        return
    answers[question] = replace(answer, photos=(*answer.photos, str(photo_id)))
    save_response(
        NewResponse(
            id=response.id if response else new_id(),
            participant_id=participant_id,
            walk_id=walk_id,
            stop_id=stop_id,
            version_id=version_id,
            checklist=version.checklist,
            version=version.version,
            language=response.language if response else language,
            answers=answers,
            people=response.people if response else 1,
        )
    )


def detach_photo(participant_id: uuid.UUID, photo_id: uuid.UUID) -> None:
    """Takes a photo that its author has taken back off their answers; an answer that was this photo alone goes."""
    mine = select(AnswerRow).join(Response, Response.id == AnswerRow.response_id)
    for row in db.session.scalars(mine.where(Response.participant_id == participant_id)).all():
        if str(photo_id) in row.photos:
            row.photos = [each for each in row.photos if each != str(photo_id)]
            if not queries.answer_of(row):
                db.session.delete(row)
    db.session.flush()


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


def erase_responses(participant_id: uuid.UUID) -> int:
    """Everything that this person answered, and where they walked; returns how many responses there were.

    Their ids are remembered as gone. What else belongs to a response (recordings) must be gone before.
    """
    mine = select(Response.id).where(Response.participant_id == participant_id)
    ids = db.session.scalars(mine).all()
    mark_gone(*ids)
    db.session.execute(delete(AnswerRow).where(AnswerRow.response_id.in_(mine)))
    db.session.execute(delete(ResponseRevision).where(ResponseRevision.record_id.in_(mine)))
    db.session.execute(delete(Response).where(Response.participant_id == participant_id))
    db.session.execute(delete(Walker).where(Walker.participant_id == participant_id))
    db.session.expire_all()
    return len(ids)
