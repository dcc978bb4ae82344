"""The demo project: made once in an empty store, through the same verbs as everything else."""

import hmac
import io
import json
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
from flask import current_app

from webapp.config import PACKAGE
from webapp.consent import changes as consent_changes
from webapp.consent.rules import Decision, Purpose
from webapp.database import new_id, now, transaction
from webapp.demo import content
from webapp.demo.scenes import draw
from webapp.doors import Role
from webapp.join import changes as join_changes
from webapp.join.queries import Place
from webapp.people import changes as people_changes
from webapp.people.rules import new_key
from webapp.photo import changes as photo_changes
from webapp.photo.jobs import rebuild
from webapp.project import changes as project_changes
from webapp.project import queries as project_queries
from webapp.storage import Store, Stored
from webapp.walk import changes as walk_changes
from webapp.walk.rules import Answer

EMAIL = "demo@example.org"
LIBRARY = PACKAGE / "walk" / "library"
KEEP_UNTIL = date(2028, 12, 31)
REFUSED = {"B": {Purpose.SOCIAL}, "C": {Purpose.WEB, Purpose.SOCIAL}}  # not everybody agrees to everything

Say = Callable[[str], None]
Stops = Mapping[content.StopId, uuid.UUID]
People = Mapping[str, tuple[uuid.UUID, str]]


def prepare(say: Say) -> None:
    """Makes the demo project if there is no project, and whatever small pictures are missing.

    All rows come in one transaction, after the files: a start that was cut off begins again.
    """
    if not project_queries.any_project():
        say("Drawing the demo's photos …")
        with ProcessPoolExecutor(2) as pool:
            drawn = list(pool.map(draw, [photo.scene for photo in content.PHOTOS]))
        store: Store = current_app.extensions["store"]
        stored = [store.put(io.BytesIO(data), len(data)) for data in drawn]
        with transaction():
            _make_project(stored)
    if made := rebuild(missing=True):
        say(f"{made} photos are ready.")


def greeting(address: str) -> str:
    """What the terminal says: addresses, a QR code to join, the organiser's login."""
    join = f"{address}/j/{content.WALK.code}"
    picture = io.StringIO()
    segno.make(join, error="l").terminal(picture, compact=True)
    return "\n".join(
        [
            "",
            f"Pohled's demo is at   {address}",
            f"Join the walk:        {join}",
            picture.getvalue(),
            f"Organisers log in at  {address}/desk",
            f"  with {EMAIL} and the password {password()}",
            "",
        ]
    )


def password() -> str:
    """The demo organiser's: the same at every start, another in every installation."""
    key: bytes = current_app.config["SECRET_KEY"]
    return hmac.new(key, b"the demo organiser's password", "sha256").hexdigest()[:12]


def _make_project(stored: list[Stored]) -> None:
    said = content.PROJECT
    project = project_changes.add_project(
        title=_both(said.title),
        languages=said.languages,
        zone=said.zone,
        perspectives=[{"id": each.id, "label": _both(each.label)} for each in said.perspectives],
        purposes=[purpose.value for purpose in Purpose if purpose is not Purpose.CONTACT],
        controller=said.controller,
        contact=said.contact,
        keep_until=KEEP_UNTIL,
    )
    organiser = people_changes.add_organiser(EMAIL, password())
    project_changes.give_role(organiser.id, project.id, Role.OWNER)
    texts = consent_changes.add_texts(project.id, project.purposes, list(said.languages))
    versions = {name: walk_changes.add_checklist(project.id, _library(name)) for name in content.WALK.checklists}
    walk = _make_walk(project.id, list(versions.values()))
    stops = {stop.id: row.id for stop, row in zip(content.WALK.stops, walk.stops, strict=True)}
    people = {}
    for each in content.PARTICIPANTS:
        newcomer = join_changes.Newcomer(new_id(), new_key(), each.language, each.perspective)
        refused = REFUSED.get(each.id, set())
        decisions = [
            Decision(Purpose(text.purpose), text.purpose not in refused, text.id, each.language, now())
            for text in texts
        ]
        person = join_changes.join(Place("walk", walk), newcomer, decisions)
        people[each.id] = (person.id, each.language)
    for response in content.RESPONSES:
        _add_response(response, walk.id, stops, versions, people)
    for photo, file in zip(content.PHOTOS, stored, strict=True):
        _add_photo(photo, file, walk.id, stops, people)


def _make_walk(project_id: uuid.UUID, versions: list[Any]) -> Any:
    said = content.WALK
    zone = ZoneInfo(content.PROJECT.zone)
    return walk_changes.add_walk(
        project_id=project_id,
        title=_both(said.title),
        district=dict.fromkeys(content.PROJECT.languages, said.district),
        meeting_point=_both(said.meeting_point),
        starts=said.starts.replace(tzinfo=zone),
        code=said.code,
        stops=[
            walk_changes.NewStop(
                _both(stop.name), stop.place.lat, stop.place.lon, stop.place.accuracy_m, stop.photos_allowed
            )
            for stop in said.stops
        ],
        checklists=versions,
    )


def _add_response(
    said: content.Response,
    walk_id: uuid.UUID,
    stops: Stops,
    versions: dict[str, Any],
    people: People,
) -> None:
    version, (person, language) = versions[said.checklist], people[said.participant]
    walk_changes.save_response(
        walk_changes.NewResponse(
            id=new_id(),
            participant_id=person,
            walk_id=walk_id,
            stop_id=stops[said.stop],
            version_id=version.id,
            checklist=version.checklist,
            version=version.version,
            language=language,
            answers={each.question: Answer(each.value, each.cant_tell, each.remark) for each in said.answers},
        )
    )


def _add_photo(
    said: content.Photo,
    stored: Stored,
    walk_id: uuid.UUID,
    stops: Stops,
    people: People,
) -> None:
    person, language = people[said.author]
    place = said.place
    photo_changes.add_photo(
        photo_changes.NewPhoto(
            id=new_id(),
            participant_id=person,
            walk_id=walk_id,
            stop_id=stops[said.stop],
            original=stored,
            type=said.scene.media_type,
            caption={language: said.caption},
            up=said.light in ("up", "both"),
            down=said.light in ("down", "both"),
            people=said.people,
            fix=photo_changes.Fix(place.lat, place.lon, place.accuracy_m)
            if place and said.source == "phone"
            else None,
            pin=(place.lat, place.lon) if place and said.source == "pin" else None,
        ),
        said.scene.media_type,
    )


def _both(words: content.Words) -> dict[str, str]:
    return {"cs": words.cs, "en": words.en}


def _library(name: str) -> dict[str, Any]:
    path: Path = LIBRARY / f"{name}.json"
    body: dict[str, Any] = json.loads(path.read_text())
    return body
