"""A participant's way through a walk, without scripts: join, agree, see the stops, answer."""

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.forms import ConsentForm, consent_form
from webapp.consent.rules import Purpose
from webapp.database import new_id, now, transaction
from webapp.doors import anybody, participant
from webapp.mark import N_
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.cookie import DEVICE, remember, remembered
from webapp.project import queries as project_queries
from webapp.shell.errors import KEEPS_NOTHING, Saying
from webapp.shell.errors import answer as answer_page
from webapp.walk import changes, queries
from webapp.walk.forms import Asked, ResponseForm, ask, base_of, form_id, read
from webapp.walk.rules import EVERY_STOP, ONCE, Answer, Checklist
from webapp.words import current_language, language_of

pages = Blueprint("walk", __name__)
NO_SUCH_CODE = Saying(N_("We do not know this code"), N_("Check it on the poster and try again."))
TAPPED = "tapped"  # how the consent was given


@pages.get("/j/<code>")
@anybody
def join(code: str) -> str | AnyResponse:
    """The walk's cover: what will happen, and how one takes part. Nothing private, no session."""
    walk = queries.walk_by_code(code)
    if walk is None:
        return answer_page(404, NO_SUCH_CODE)
    project = project_queries.project(walk.project_id) or abort(404)
    return render_template("walk/join.html", walk=walk, project=project)


@pages.route("/plain/join/<code>", methods=["GET", "POST"])
@anybody
def agree(code: str) -> str | AnyResponse | tuple[str, int]:
    """Yes or no for each purpose; only a yes to keeping makes a participant."""
    walk = queries.walk_by_code(code)
    if walk is None:
        return answer_page(404, NO_SUCH_CODE)
    project = project_queries.project(walk.project_id) or abort(404)
    texts = consent_queries.current_texts(project.id, project.purposes)
    form = consent_form([text.purpose for text in texts])()
    if request.method != "POST":
        form.participant.data = str(new_id())
        form.perspective.data = request.args.get("perspective", "")
    elif form.validate() and form.shown.data == _shown(texts):
        return _join(walk, project, form, texts)
    # Whatever was sent, this page now shows these texts in this language, at this time.
    form.shown.data, form.language.data = _shown(texts), current_language().code
    form.at.data = form.at.data or now().isoformat()
    page = render_template(
        "consent/ask.html", walk=walk, project=project, texts=texts, form=form, joined=_joined_here(walk.id)
    )
    return (page, 422) if request.method == "POST" else page


@pages.get("/plain/join/<code>/nothing-kept")
@anybody
def nothing_kept(code: str) -> str | AnyResponse:
    """Who does not want anything kept may still walk along."""
    walk = queries.walk_by_code(code)
    if walk is None:
        return answer_page(404, NO_SUCH_CODE)
    return render_template("consent/nothing_kept.html", walk=walk, before="before" in request.args)


@pages.get("/plain/walks/<uuid:walk_id>")
@participant
def stops(walk_id: uuid.UUID) -> str:
    """The walk: its stops, and what is answered where."""
    walk = queries.walk(walk_id) or abort(404)
    lists = queries.checklists(walk_id)
    done = queries.answered(g.participant.id, walk_id)
    return render_template("walk/stops.html", walk=walk, checklists=lists, done=done)


@pages.route("/plain/walks/<uuid:walk_id>/once/<uuid:version_id>", methods=["GET", "POST"])
@pages.route("/plain/walks/<uuid:walk_id>/stops/<uuid:stop_id>/<uuid:version_id>", methods=["GET", "POST"])
@participant
def answer(
    walk_id: uuid.UUID, version_id: uuid.UUID, stop_id: uuid.UUID | None = None
) -> str | AnyResponse | tuple[str, int]:
    """One checklist at one stop, or its questions that are asked once."""
    walk = queries.walk(walk_id) or abort(404)
    stop = next((each for each in walk.stops if each.id == stop_id), None)
    lists = queries.checklists(walk_id)
    checklist = dict(lists).get(version_id)
    if checklist is None or (stop_id and not stop):
        abort(404)
    questions = list(checklist.questions(EVERY_STOP if stop else ONCE)) or abort(404)
    form = ResponseForm()
    if request.method != "POST":
        mine = queries.own_response(g.participant.id, walk_id, stop_id, version_id)
        form.id.data = str(mine.id if mine else new_id())
        form.base.data = str(mine.revision if mine else 0)
        asked = ask(questions, _answers(mine))
    else:
        asked = read(questions, request.form)
        if not consent_queries.may_keep(g.participant.id):
            return answer_page(403, KEEPS_NOTHING)
        if form.validate() and not any(each.error for each in asked):
            _save(form, walk_id, stop_id, version_id, asked)
            if request.form.get("then") == "photo":
                return redirect(url_for("photo.add", walk_id=walk_id, stop=stop_id))
            return redirect(_next(walk, stop_id, version_id, lists))
        if form.id.errors:
            form.id.data = str(new_id())
    page = render_template("walk/answer.html", walk=walk, stop=stop, checklist=checklist, form=form, asked=asked)
    return (page, 422) if request.method == "POST" else page


def _save(
    form: ResponseForm,
    walk_id: uuid.UUID,
    stop_id: uuid.UUID | None,
    version_id: uuid.UUID,
    asked: list[Asked],
) -> None:
    version = queries.version(version_id) or abort(404)
    new = changes.NewResponse(
        id=form_id(form),
        participant_id=g.participant.id,
        walk_id=walk_id,
        stop_id=stop_id,
        version_id=version_id,
        checklist=version.checklist,
        version=version.version,
        language=current_language().code,
        base=base_of(form),
        answers={each.question.id: each.answer for each in asked},
    )
    with transaction():
        if not consent_queries.may_keep(g.participant.id):  # taken back a moment ago
            abort(403)
        try:
            changes.save_response(new)
        except changes.NotYours:
            abort(403)


def _joined_here(walk_id: uuid.UUID) -> bool:
    """Whether somebody has joined the walk on this browser before."""
    token = remembered()
    person = people_queries.participant_by_token(token, DEVICE) if token else None
    return person is not None and queries.joined(person.id, walk_id)


def _join(walk: Any, project: Any, form: ConsentForm, texts: list[Any]) -> AnyResponse:
    decisions = form.decisions([text.purpose for text in texts])
    participant_id = uuid.UUID(form.participant.data)
    if not decisions[Purpose.KEEP] and people_queries.participant(participant_id) is None:
        return redirect(url_for("walk.nothing_kept", code=walk.code))  # not even the refusal is stored
    key = form.key.data or ""
    known = {each["id"] for each in project.perspectives}
    perspective = form.perspective.data if form.perspective.data in known else None
    with transaction():
        try:
            person = people_changes.join_project(
                project.id, participant_id, key, current_language().code, perspective
            )
        except people_changes.WrongKey:
            abort(403)
        languages = {text.purpose: language_of(text.title, form.language.data) for text in texts}
        consent_changes.record_decisions(person.id, texts, decisions, languages, TAPPED, _moment(form.at.data))
        if not decisions[Purpose.KEEP]:
            return redirect(url_for("walk.nothing_kept", code=walk.code, before=1))
        changes.join_walk(person.id, walk.id)
        token = people_changes.admit_device(person, key, DEVICE)
    return remember(redirect(url_for("walk.stops", walk_id=walk.id)), token)


def _shown(texts: list[Any]) -> str:
    """The versions of the texts on a page: what changed since then must be asked again."""
    return " ".join(str(text.id) for text in texts)


def _moment(text: str | None) -> datetime:
    """The form's own time; a page that lost it gets the server's."""
    try:
        moment = datetime.fromisoformat(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return now()


def _answers(mine: Any) -> dict[str, Answer]:
    if mine is None:
        return {}
    return {row.question: Answer(row.value, row.cant_tell, row.remark) for row in mine.answers}


def _next(
    walk: Any, stop_id: uuid.UUID | None, version_id: uuid.UUID, lists: list[tuple[uuid.UUID, Checklist]]
) -> str:
    """The stop's next checklist, else back to the stops."""
    if stop_id is None:
        return url_for("walk.stops", walk_id=walk.id)
    order = [key for key, checklist in lists if any(checklist.questions(EVERY_STOP))]
    after = order[order.index(version_id) + 1 :]
    if after:
        return url_for("walk.answer", walk_id=walk.id, stop_id=stop_id, version_id=after[0])
    return url_for("walk.stops", walk_id=walk.id, _anchor=f"stop-{stop_id}")
