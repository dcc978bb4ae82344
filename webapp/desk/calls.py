"""Calls for photos as organisers make them, and what came in."""

import uuid
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.database import new_id, now, transaction
from webapp.doors import Right, organiser
from webapp.join.poster import poster as poster_page
from webapp.join.queries import Place
from webapp.people.forms import logout_button
from webapp.people.rules import new_join_code
from webapp.photo import changes, queries
from webapp.photo.call_forms import CallForm
from webapp.project import queries as project_queries

pages = Blueprint("calls", __name__)
pages.context_processor(logout_button)
Page = str | AnyResponse | tuple[str, int]
OPEN_DAYS = 30


@pages.route("/desk/projects/<uuid:project_id>/calls/new", methods=["GET", "POST"])
@organiser(Right.WALKS)
def new(project_id: uuid.UUID) -> Page:
    """A new call: sent twice, it is made once."""
    project = project_queries.project(project_id) or abort(404)
    morning = now().astimezone(ZoneInfo(project.zone)).replace(hour=8, minute=0, second=0, tzinfo=None)
    evening = (morning + timedelta(days=OPEN_DAYS)).replace(hour=22)
    form = CallForm(data={"id": str(new_id()), "opens": morning, "closes": evening, "photos_each": 10})
    form.zone = project.zone
    if request.method == "POST" and form.validate():
        with transaction():
            call_id = uuid.UUID(form.id.data)
            known = queries.call(call_id)
            if known and known.project_id != project_id:
                abort(404)
            if known is None:
                code = new_join_code()
                changes.add_call(project_id, **_said(form, project, None), code=code, call_id=call_id)
        return redirect(url_for("projects.home", project_id=project_id))
    if form.id.errors:
        form.id.data = str(new_id())
    return _form_page(form, project, None)


@pages.route("/desk/calls/<uuid:call_id>/edit", methods=["GET", "POST"])
@organiser(Right.WALKS)
def edit(call_id: uuid.UUID) -> Page:
    """A call's words, times and number of photos. Its code stays."""
    call = queries.call(call_id) or abort(404)
    project = project_queries.project(call.project_id) or abort(404)
    zone = ZoneInfo(project.zone)
    form = CallForm(
        data={
            "id": str(call_id),
            "title": call.title,
            "prompt": call.prompt,
            "opens": call.opens.astimezone(zone).replace(tzinfo=None),
            "closes": call.closes.astimezone(zone).replace(tzinfo=None),
            "photos_each": call.photos_each,
            "no_faces": call.no_faces,
        }
    )
    form.zone, form.was, form.id.data = project.zone, call, str(call_id)
    if request.method == "POST" and form.validate():
        with transaction():
            call = queries.call(call_id) or abort(404)
            changes.edit_call(call, **_said(form, project, call))
        return redirect(url_for("calls.edit", call_id=call_id, saved=1))
    return _form_page(form, project, call)


def _said(form: CallForm, project: Any, before: Any | None) -> dict[str, Any]:
    """The columns of a call, after validation. Languages that the page did not offer stay as they were."""
    texts: dict[str, dict[str, str]] = {}
    for name in ("title", "prompt"):
        old = getattr(before, name) if before else {}
        texts[name] = {code: text for code, text in old.items() if code not in project.languages}
        texts[name] |= {code: text for code, text in form[name].data.items() if code in project.languages}
    opens, closes = form.opening(), form.closing()
    return {
        **texts,
        "opens": opens,
        "closes": closes,
        "photos_each": form.photos_each.data,
        "no_faces": form.no_faces.data,
    }


def _form_page(form: CallForm, project: Any, call: Any | None) -> Page:
    page = render_template("desk/call_form.html", form=form, project=project, call=call)
    return (page, 422) if request.method == "POST" else page


@pages.get("/desk/calls/<uuid:call_id>/poster")
@organiser(Right.WALKS)
def poster(call_id: uuid.UUID) -> str:
    """A page to print: what is asked, until when, and the way in."""
    call = queries.call(call_id) or abort(404)
    return poster_page(Place("call", call), project_queries.project(call.project_id) or abort(404))
