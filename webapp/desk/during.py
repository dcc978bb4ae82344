"""What whoever runs a walk sees while it goes on, on a phone in the street: nobody is to go home with photos."""

import hashlib
import uuid
from typing import Any

from flask import Blueprint, Response, abort, g, jsonify, render_template
from markupsafe import Markup

from webapp.database import now
from webapp.doors import RIGHTS, Right, organiser
from webapp.people.forms import logout_button
from webapp.photo import queries as photo_queries
from webapp.project import queries as project_queries
from webapp.results import during
from webapp.walk import queries as walk_queries
from webapp.words import clock, day

pages = Blueprint("during", __name__)
pages.context_processor(logout_button)


@pages.get("/desk/walks/<uuid:walk_id>/during")
@organiser(Right.WALKS)
def walk(walk_id: uuid.UUID) -> str:
    """Who is on the walk, at which stop, and what is still on whose phone."""
    found = walk_queries.walk(walk_id) or abort(404)
    return _page(found, during.walk(found, now()), walk=found)


@pages.get("/desk/walks/<uuid:walk_id>/during.json")
@organiser(Right.WALKS)
def walk_changed(walk_id: uuid.UUID) -> Response:
    """A mark that changes when the page would look different."""
    found = walk_queries.walk(walk_id) or abort(404)
    return _changed(found, during.walk(found, now()))


@pages.get("/desk/calls/<uuid:call_id>/during")
@organiser(Right.WALKS)
def call(call_id: uuid.UUID) -> str:
    """Who takes part in a call, and what is still on whose phone."""
    found = photo_queries.call(call_id) or abort(404)
    return _page(found, during.call(found), call=found)


@pages.get("/desk/calls/<uuid:call_id>/during.json")
@organiser(Right.WALKS)
def call_changed(call_id: uuid.UUID) -> Response:
    """The same mark for a call."""
    found = photo_queries.call(call_id) or abort(404)
    return _changed(found, during.call(found))


def _page(found: Any, seen: during.During, **place: Any) -> str:
    project = project_queries.project(found.project_id) or abort(404)
    parts = _parts(found, project, seen)
    return render_template(
        "desk/during.html", project=project, place=found, parts=parts, mark=_mark(parts), moment=now(), **place
    )


def _changed(found: Any, seen: during.During) -> Response:
    project = project_queries.project(found.project_id) or abort(404)
    return jsonify(mark=_mark(_parts(found, project, seen)), at=clock(now(), project.zone))


def _parts(found: Any, project: Any, seen: during.During) -> Markup:
    today = day(now(), project.zone)
    made = render_template(
        "desk/during_parts.html",
        project=project,
        place=found,
        seen=seen,
        today=today,
        may_ask=g.role in RIGHTS[Right.ORIGINALS],
    )
    return Markup(made)  # noqa: S704 (our own template has escaped what is in it)


def _mark(parts: str) -> str:
    return hashlib.sha256(parts.encode()).hexdigest()[:16]
