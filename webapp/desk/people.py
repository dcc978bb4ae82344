"""Who takes part, who agreed to what, and what the law asks for: one person's data out, and erasure."""

import json
import math
import uuid
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response as AnyResponse
from zipstream import ZipStream

from webapp.consent import queries as consent_queries
from webapp.consent.rules import Exit, Purpose, Refusal
from webapp.database import transaction
from webapp.doors import RIGHTS, Right, organiser
from webapp.jobs import later
from webapp.join.queries import all_joined
from webapp.mark import N_
from webapp.mine.forms import ButtonForm, SureForm
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.forms import logout_button
from webapp.people.rules import reach_link
from webapp.photo import exits
from webapp.photo import queries as photo_queries
from webapp.photo.track import instant
from webapp.project import changes as project_changes
from webapp.project import queries as project_queries
from webapp.shell.errors import answer
from webapp.upkeep.jobs import erase_now, wipe_database
from webapp.walk import queries as walk_queries

pages = Blueprint("desk_people", __name__)
pages.context_processor(logout_button)
Page = str | AnyResponse | tuple[str, int]
NEW_CODE = N_("A new recovery code for a participant")
DATA_OUT = N_("One participant’s data given out")
ERASED = N_("A participant erased")


@pages.get("/desk/projects/<uuid:project_id>/participants")
@organiser(Right.WALKS)
def people(project_id: uuid.UUID) -> str:
    """Everybody by number, with what they joined and how much came of them. No name unless they gave one."""
    project = project_queries.project(project_id) or abort(404)
    rows = [
        {
            "number": person.number,
            "person": person,
            "perspective": _label(project, person.perspective),
            "joined": _joined(person.id),
            "came": _came(person.id),
        }
        for person in people_queries.participants(project_id)
    ]
    return render_template(
        "desk/people.html", project=project, rows=rows, button=ButtonForm(), register=_may(Right.CONSENTS)
    )


def _may(right: Right) -> bool:
    return g.role in RIGHTS[right]


def _label(project: Any, perspective: str | None) -> dict[str, str] | None:
    return next((each["label"] for each in project.perspectives if each["id"] == perspective), None)


def _joined(participant_id: uuid.UUID) -> list[Any]:
    joined = all_joined(participant_id)
    return [walk_queries.walk(id_) if kind == "walk" else photo_queries.call(id_) for kind, id_ in joined]


def _came(participant_id: uuid.UUID) -> tuple[int, int] | None:
    """Checklists and photos; None where this person keeps them to themselves."""
    if not consent_queries.may_keep(participant_id):
        return None
    walks = [id_ for kind, id_ in all_joined(participant_id) if kind == "walk"]
    photos = photo_queries.refusals(photo_queries.own_photos(participant_id), Exit.DESK)
    answered = sum(len(walk_queries.answered(participant_id, walk_id)) for walk_id in walks)
    return answered, sum(refused is None for refused in photos.values())


@pages.post("/desk/participants/<uuid:participant_id>/recovery")
@organiser(Right.WALKS)
def new_recovery(participant_id: uuid.UUID) -> Page:
    """A new recovery code for somebody whom the organiser knows, shown once."""
    if not ButtonForm().validate():
        return answer(422)
    with transaction():
        person = people_queries.participant(participant_id)
        if person is None or person.leaving:
            abort(404)
        code = people_changes.new_recovery(person)
        project_changes.note_act(person.project_id, g.organiser.id, NEW_CODE)
        project_id = person.project_id
    number = person.number
    project = project_queries.project(project_id)
    return render_template("desk/people_code.html", project=project, code=code, number=number)


@pages.get("/desk/projects/<uuid:project_id>/register")
@organiser(Right.CONSENTS)
def register(project_id: uuid.UUID) -> str:
    """Person by purpose: what counts now, in which language it was shown, when and how it was said."""
    project = project_queries.project(project_id) or abort(404)
    everybody, rows = people_queries.participants(project_id), []
    for person in everybody:
        records = [each for each in consent_queries.register(person.id) if each.photo_id is None]
        last = {each.purpose: each for each in records}
        rows.append(
            {"number": person.number, "person": person, "last": last, "newest": records[-1] if records else None}
        )
    return render_template(
        "desk/people_register.html",
        project=project,
        texts=consent_queries.current_texts(project_id, project.purposes),
        rows=rows,
        reached=sum(person.reach is not None for person in everybody),
        people=_may(Right.WALKS),
    )


@pages.get("/desk/participants/<uuid:participant_id>")
@organiser(Right.CONSENTS)
def person(participant_id: uuid.UUID) -> str:
    """One person's register: every record, the newest first."""
    found, project, number = _found(participant_id)
    records = [(each, consent_queries.text(each.text_id)) for each in consent_queries.register(participant_id)]
    agreed = consent_queries.consents_of([participant_id])[participant_id]
    return render_template(
        "desk/people_person.html",
        project=project,
        person=found,
        number=number,
        records=list(reversed(records)),
        came=_came(participant_id),
        contact=agreed >= {Purpose.KEEP, Purpose.CONTACT},
        link=reach_link(found.reach or ""),
    )


def _found(participant_id: uuid.UUID) -> tuple[Any, Any, int | None]:
    found = people_queries.participant(participant_id)
    if found is None or found.leaving:
        abort(404)
    project = project_queries.project(found.project_id) or abort(404)
    return found, project, found.number


@pages.get("/desk/participants/<uuid:participant_id>/data.zip")
@organiser(Right.CONSENTS)
def data_out(participant_id: uuid.UUID) -> Response:
    """Everything of one person, for that person: `person.json`, and the files as they came. It is noted first."""
    found, project, number = _found(participant_id)
    stream = ZipStream(sized=True)
    stream.add(json.dumps(_everything(found), ensure_ascii=False, indent=1).encode(), "person.json")
    for part, path in exits.everything(participant_id):
        whose = f"photo-{part.photo_id}" if part.photo_id else f"response-{part.response_id}"
        stream.add_path(path, f"files/{whose}-{part.name}-{part.sha256[:8]}")
    if request.method == "GET":  # not HEAD, which takes nothing away
        with transaction():
            project_changes.note_act(project.id, g.organiser.id, DATA_OUT)
    response = Response(stream, mimetype="application/zip")
    response.content_length = len(stream)
    name = {"filename": f"pohled-person-{number}.zip"}
    response.headers["Content-Disposition"] = dump_options_header("attachment", name)
    return response


def _everything(found: Any) -> dict[str, Any]:
    photos = photo_queries.own_photos(found.id)
    refused = photo_queries.refusals(photos, Exit.PERSON)
    return {
        "participant": str(found.id),
        "name": found.name,
        "reach": found.reach,
        "language": found.language,
        "perspective": found.perspective,
        "since": found.created.isoformat(),
        "joined": [{"kind": kind, "id": str(place)} for kind, place in all_joined(found.id)],
        "devices": [
            {
                "name": each.name,
                "since": each.created.isoformat(),
                "told": each.told.isoformat() if each.told else None,
                "held_answers": each.held_answers,
                "held_photos": each.held_photos,
            }
            for each in people_queries.devices(found.id)
        ],
        "consents": [_consent(each) for each in consent_queries.register(found.id)],
        "responses": _bodies(walk_queries.revisions_of(found.id)),
        "photos": _bodies(
            each
            for each in photo_queries.revisions_of(found.id)
            if refused.get(each.record_id, Refusal.WITHDRAWN) is None
        ),
        "tracks": [_track(each) for each in photo_queries.tracks_carried_by(found.id)],
        "clocks": [
            {"camera": each.camera, "put_right_by_seconds": each.seconds, "since": each.at.isoformat()}
            for each in photo_queries.clocks_of(found.id)
        ],
        "words_for_labels": [
            {
                "photo": str(photo.id),
                "language": each.language,
                "words": each.words,
                "written": each.written.isoformat(),
                "state": each.state,
                "decided": each.decided.isoformat() if each.decided else None,
            }
            for photo in photos
            if refused[photo.id] is None
            for each in photo.wordings
        ],
    }


def _track(row: Any) -> dict[str, Any]:
    return {
        "walk": str(row.walk_id),
        "file": row.name,
        "recorded_by_phone": row.recorded,
        "brought": row.brought.isoformat(),
        "points": [
            {
                "at": instant(each.at).isoformat(),
                "lat": each.lat,
                "lon": each.lon,
                "accuracy": each.error if math.isfinite(each.error) else None,
            }
            for line in row.track.lines
            for each in line
        ],
    }


def _bodies(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"id": str(row.record_id), "received": row.received.isoformat(), "record": json.loads(row.body)}
        for row in rows
    ]


def _consent(consent: Any) -> dict[str, Any]:
    text = consent_queries.text(consent.text_id)
    return {
        "purpose": consent.purpose,
        "yes": consent.yes,
        "photo": str(consent.photo_id) if consent.photo_id else None,
        "text": text.title.get(consent.language, "") if text else "",
        "text_version": text.version if text else None,
        "language": consent.language,
        "method": consent.method,
        "received": consent.received.isoformat(),
    }


@pages.route("/desk/participants/<uuid:participant_id>/erase", methods=["GET", "POST"])
@organiser(Right.CONSENTS)
def erase(participant_id: uuid.UUID) -> Page:
    """Erases a person for good, after a tick; the act names nobody."""
    _, project, number = _found(participant_id)
    form = SureForm()
    if request.method != "POST" or not form.validate():
        page = render_template(
            "desk/people_erase.html", project=project, form=form, number=number, participant_id=participant_id
        )
        return (page, 422) if request.method == "POST" else page
    project_id, organiser_id = project.id, g.organiser.id
    with transaction():  # closed from here on, so that the act is true whatever happens next
        people_changes.leave(people_queries.participant(participant_id) or abort(404))
        project_changes.note_act(project_id, organiser_id, ERASED)
    certificate = erase_now(participant_id) or abort(404)
    later(wipe_database, "")
    project = project_queries.project(project_id)
    return render_template("desk/people_erased.html", project=project, certificate=certificate)
