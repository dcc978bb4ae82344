"""A participant's way through a walk, without scripts: see the stops, answer."""

import uuid
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent import queries as consent_queries
from webapp.database import new_id, transaction
from webapp.doors import participant
from webapp.shell.errors import KEEPS_NOTHING
from webapp.shell.errors import answer as answer_page
from webapp.walk import changes, queries
from webapp.walk.forms import Asked, ResponseForm, ask, form_id, read, with_attached
from webapp.walk.rules import EVERY_STOP, ONCE, Checklist
from webapp.words import current_language

pages = Blueprint("walk", __name__)


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
    mine = queries.own_response(g.participant.id, walk_id, stop_id, version_id)
    if request.method != "POST":
        form.id.data = str(mine.id if mine else new_id())
        asked = ask(questions, queries.answers_of(mine))
    else:
        asked = with_attached(read(questions, request.form), queries.answers_of(mine))
        if not consent_queries.may_keep(g.participant.id):
            return answer_page(403, KEEPS_NOTHING)
        if form.validate() and not any(each.error for each in asked):
            _save(form, walk_id, stop_id, version_id, asked)
            return redirect(_to_photo(walk_id, stop_id, version_id) or _next(walk, stop_id, version_id, lists))
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
    with transaction():
        if not consent_queries.may_keep(g.participant.id):  # taken back a moment ago
            abort(403)
        version = queries.version(version_id) or abort(404)
        mine = queries.own_response(g.participant.id, walk_id, stop_id, version_id)
        before = queries.answers_of(mine)
        new = changes.NewResponse(
            id=form_id(form),
            participant_id=g.participant.id,
            walk_id=walk_id,
            stop_id=stop_id,
            version_id=version_id,
            checklist=version.checklist,
            version=version.version,
            language=current_language().code,
            answers={**before, **{each.question.id: each.answer for each in with_attached(asked, before)}},
            people=mine.people if mine else 1,
        )
        try:
            changes.save_response(new)
        except changes.NotYours:
            abort(403)


def _to_photo(walk_id: uuid.UUID, stop_id: uuid.UUID | None, version_id: uuid.UUID) -> str | None:
    """The photo form, where its button was pressed: the page's own, or that of one question."""
    button, _, question = request.form.get("then", "").partition(":")
    if button != "photo":
        return None
    if queries.asking(walk_id, stop_id, question, str(version_id)) is None:
        return url_for("photo.add", walk_id=walk_id, stop=stop_id)
    return url_for("photo.add", walk_id=walk_id, stop=stop_id, checklist=version_id, question=question)


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
