"""The demo project: made once in an empty store, through the same verbs as everything else."""

import hmac
import io
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import segno
from babel.dates import format_date
from flask import current_app

from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.consent.texts import TEXTS
from webapp.database import new_id, now, transaction
from webapp.demo import content, others, shortlist, whole, workshop
from webapp.demo.scenes import Scene, draw
from webapp.doors import Role
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition.rules import State
from webapp.join import changes as join_changes
from webapp.join.queries import Place
from webapp.mark import N_
from webapp.meeting import changes as meeting_changes
from webapp.meeting.rules import MeetingKind
from webapp.people import changes as people_changes
from webapp.people.rules import new_key
from webapp.photo import changes as photo_changes
from webapp.photo.jobs import rebuild
from webapp.project import changes as project_changes
from webapp.project import queries as project_queries
from webapp.project.rules import THEMES
from webapp.project.texts import WRITTEN, notice_text
from webapp.storage import Store, Stored
from webapp.walk import changes as walk_changes
from webapp.walk import library
from webapp.walk.plan import chosen, filled
from webapp.walk.rules import Answer
from webapp.words import LANGUAGES

EMAIL = "demo@example.org"
CURATOR = "curator@example.org"
KEEP_UNTIL = date(2028, 12, 31)
PURPOSES = [purpose for purpose in Purpose if purpose is not Purpose.CONTACT]
REFUSED = {  # not everybody agrees to everything
    "B": {Purpose.SOCIAL},
    "C": {Purpose.WEB, Purpose.SOCIAL},
    "G": {Purpose.EXHIBITION, Purpose.PRINT, Purpose.SOCIAL},
    "H": {Purpose.SOCIAL, Purpose.PARTNERS},
    "J": {Purpose.MEETING},
    "L": {Purpose.EXHIBITION, Purpose.WEB, Purpose.SOCIAL},
    "P": {Purpose.WEB},
    "Q": {Purpose.MEETING, Purpose.EXHIBITION, Purpose.WEB},
    "S": {Purpose.EXHIBITION, Purpose.PARTNERS},
}

AUTHORS = {person.id: person for person in content.PARTICIPANTS}

Say = Callable[[str], None]
Files = Mapping[Scene, Stored]
Stops = Mapping[str, uuid.UUID]
Photos = Mapping[str, uuid.UUID]  # by their ids in the demo


def prepare(say: Say) -> None:
    """Makes the demo project if there is no project, and whatever small pictures are missing.

    All rows come in one transaction, after the files: a start that was cut off begins again.
    """
    if not project_queries.any_project():
        say("Drawing the demo's photos …")
        files = _drawn(say)
        with transaction():
            _make_project(files)
    if made := rebuild(missing=True):
        say(f"{made} photos are ready.")


def _drawn(say: Say) -> Files:
    """Every picture, in the store. The large ones come first, so that neither process waits for the other's last."""
    scenes = sorted({photo.scene for photo in whole.PHOTOS}, key=lambda scene: -scene.width * scene.height)
    store: Store = current_app.extensions["store"]
    files = {}
    with ProcessPoolExecutor(2) as pool:
        for scene, data in zip(scenes, pool.map(draw, scenes), strict=True):
            files[scene] = store.put(io.BytesIO(data), len(data))
            if len(files) % 50 == 0:
                say(f"{len(files)} of {len(scenes)} photos are drawn …")
    return files


def greeting(address: str) -> str:
    """What the terminal says: addresses, a QR code to join the first walk, the organiser's login."""
    join = f"{address}/j/{content.WALK.code}"
    picture = io.StringIO()
    segno.make(join, error="l").terminal(picture, compact=True)
    return "\n".join(
        [
            "",
            f"Pohled's demo is at   {address}",
            f"Join the walk:        {join}",
            picture.getvalue(),
            f"Answer the call:      {address}/j/{others.CALL.code}",
            f"Organisers log in at  {address}/desk",
            f"  with {EMAIL} and the password {password()}",
            f"  or as {CURATOR}, with the same password: a second one who chooses photos",
            "",
        ]
    )


def password() -> str:
    """The demo organiser's: the same at every start, another in every installation."""
    key: bytes = current_app.config["SECRET_KEY"]
    return hmac.new(key, b"the demo organiser's password", "sha256").hexdigest()[:12]


def _make_project(files: Files) -> None:
    project, owner, curator = _add_project()
    photos: dict[str, uuid.UUID] = {}
    people: dict[str, Any] = {}  # participants by their letters
    stops: dict[str, uuid.UUID] = {}
    for said, responses, taken in whole.WALKS:
        walk, versions = _add_walk(project, said)
        stops |= {stop.id: row.id for stop, row in zip(said.stops, walk.stops, strict=True)}
        _join(Place("walk", walk), said.walkers, project, people)
        for response in responses:
            _add_response(response, walk.id, stops, versions[response.checklist], people[response.participant])
        for photo in taken:
            photos[photo.id] = _add_photo(photo, files[photo.scene], people[photo.author], walk.id, stops)
    call = _add_call(project.id)
    _join(Place("call", call), others.CALL.callers, project, people)
    for photo in whole.CALL_PHOTOS:
        photos[photo.id] = _add_photo(photo, files[photo.scene], people[photo.author], call_id=call.id)
    _hold_workshop(project.id, photos)
    _begin_exhibition(project.id, photos, owner.id, curator.id)


def _add_project() -> tuple[Any, Any, Any]:
    """The project, its owner, and one more who chooses photos."""
    said = content.PROJECT
    project = project_changes.add_project(
        title=_both(said.title),
        languages=WRITTEN,  # the walks are told in two of them, what is asked in all
        zone=said.zone,
        perspectives=[{"id": each.id, "label": _both(each.label)} for each in said.perspectives],
        themes=list(THEMES),
        purposes=[purpose.value for purpose in PURPOSES],
        controller=said.controller,
        contact=said.contact,
        keep_until=KEEP_UNTIL,
    )
    organiser = people_changes.add_organiser(EMAIL, password())
    project_changes.give_role(organiser.id, project.id, Role.OWNER)
    curator = people_changes.add_organiser(CURATOR, password())
    project_changes.give_role(curator.id, project.id, Role.CURATOR)
    consent_changes.add_texts(project.id, project.purposes, project.languages)
    project_changes.add_notice(project.id, {code: _notice(code) for code in WRITTEN})
    project_changes.note_act(project.id, organiser.id, N_("Project made"))
    return project, organiser, curator


def _notice(code: str) -> str:
    day = format_date(KEEP_UNTIL, "long", locale=LANGUAGES[code].locale)
    asked = [TEXTS[purpose][code][0] for purpose in PURPOSES]
    return notice_text(code, content.PROJECT.controller, content.PROJECT.contact, day, asked)


def _add_walk(project: Any, said: content.Walk) -> tuple[Any, dict[str, Any]]:
    """The walk, and what it asks: versions of checklists by their names."""
    versions = {name: walk_changes.keep_version(project.id, _checklist(name, project)) for name in said.checklists}
    walk = walk_changes.add_walk(
        project_id=project.id,
        title=_both(said.title),
        district=dict.fromkeys(content.PROJECT.languages, said.district),
        meeting_point=_both(said.meeting_point),
        starts=said.starts.replace(tzinfo=ZoneInfo(content.PROJECT.zone)),
        minutes=said.minutes,
        code=said.code,
        stops=[
            walk_changes.NewStop(
                _both(stop.name), stop.place.lat, stop.place.lon, stop.place.accuracy_m, stop.photos_allowed
            )
            for stop in said.stops
        ],
        checklists=list(versions.values()),
    )
    return walk, versions


def _checklist(name: str, project: Any) -> dict[str, Any]:
    """As an organiser takes it from the library: sections asked when it says so, of a long one few questions."""
    body = filled(library.checklist(name), project.local_language)
    if name not in others.CHOSEN:
        return body
    return chosen(body, {section["id"]: section["asked"] for section in body["sections"]}, others.CHOSEN[name])


def _add_call(project_id: uuid.UUID) -> Any:
    said, opens = others.CALL, now().astimezone(ZoneInfo(content.PROJECT.zone))
    last = opens + timedelta(days=said.days)
    return photo_changes.add_call(
        project_id,
        title=_both(said.title),
        prompt=_both(said.prompt),
        opens=opens,
        closes=last.replace(hour=22, minute=0, second=0, microsecond=0),
        photos_each=said.photos_each,
        code=said.code,
    )


def _join(place: Place, letters: str, project: Any, people: dict[str, Any]) -> None:
    """Who is known from an earlier walk comes as the same participant, and what they agreed to there holds."""
    for each in (each for each in content.PARTICIPANTS if each.id in letters):
        if each.id in people:
            join_changes.join_as(place, people[each.id], ())
        else:
            newcomer = join_changes.Newcomer(new_id(), new_key(), each.language, each.perspective)
            people[each.id] = join_changes.join(place, newcomer, _decisions(each, project))


def _decisions(person: content.Participant, project: Any) -> list[Decision]:
    texts = consent_queries.current_texts(project.id, project.purposes)
    refused = REFUSED.get(person.id, set())
    return [
        Decision(Purpose(text.purpose), text.purpose not in refused, text.id, person.language, now())
        for text in texts
    ]


def _add_response(said: content.Response, walk_id: uuid.UUID, stops: Stops, version: Any, person: Any) -> None:
    walk_changes.save_response(
        walk_changes.NewResponse(
            id=new_id(),
            participant_id=person.id,
            walk_id=walk_id,
            stop_id=stops[said.stop] if said.stop else None,
            version_id=version.id,
            checklist=version.checklist,
            version=version.version,
            language=person.language,
            answers={each.question: _answer(each) for each in said.answers},
        )
    )


def _answer(said: content.Answer) -> Answer:
    value = list(said.value) if isinstance(said.value, tuple) else said.value
    return Answer(value, said.cant_tell, said.remark)


def _add_photo(
    said: content.Photo,
    stored: Stored,
    person: Any,
    walk_id: uuid.UUID | None = None,
    stops: Stops | None = None,
    call_id: uuid.UUID | None = None,
) -> uuid.UUID:
    place, id_, author = said.place, new_id(), AUTHORS[said.author]
    photo_changes.add_photo(
        photo_changes.NewPhoto(
            id=id_,
            participant_id=person.id,
            walk_id=walk_id,
            stop_id=stops[said.stop] if stops and said.stop else None,
            call_id=call_id,
            original=stored,
            type=said.scene.media_type,
            caption={person.language: said.caption, **said.also},
            story=said.story,
            up=said.light in ("up", "both"),
            down=said.light in ("down", "both"),
            themes=said.themes,
            people=said.people,
            credit=author.credit,
            credit_as=author.credit_as,
            star=said.star,
            fix=photo_changes.Fix(place.lat, place.lon, place.accuracy_m)
            if place and said.source == "phone"
            else None,
            pin=(place.lat, place.lon) if place and said.source == "pin" else None,
        ),
        said.scene.media_type,
    )
    return id_


def _hold_workshop(project_id: uuid.UUID, photos: Photos) -> None:
    meeting = meeting_changes.add_meeting(
        project_id,
        MeetingKind.WORKSHOP,
        _both(workshop.TITLE),
        workshop.STARTS.replace(tzinfo=ZoneInfo(content.PROJECT.zone)),
        workshop.WHERE,
    )
    meeting.attendance, meeting.note = dict(workshop.ATTENDANCE), workshop.NOTE
    for group in workshop.GROUPS:
        meeting_changes.add_group(meeting.id, group.name, group.note, [photos[id_] for id_ in group.photos.split()])


def _begin_exhibition(project_id: uuid.UUID, photos: Photos, owner: uuid.UUID, curator: uuid.UUID) -> None:
    show = exhibition_changes.add_exhibition(project_id, _both(shortlist.TITLE), shortlist.LANGUAGES)
    decided = ((shortlist.PICKED, State.PICK), (shortlist.OUT, State.OUT), (shortlist.WANTED, State.WANTED))
    for ids, state in decided:
        for turn, id_ in enumerate(ids.split()):
            exhibition_changes.decide(show.id, photos[id_], state, (owner, curator)[turn % 3 == 2])
    for id_, stars in shortlist.STARS.items():
        for organiser, count in zip((owner, curator), stars, strict=True):
            if count:
                exhibition_changes.rate(show.id, photos[id_], organiser, count)


def _both(words: content.Words) -> dict[str, str]:
    return {"cs": words.cs, "en": words.en}
