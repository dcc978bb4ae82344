"""All photos of a project, from its walks and calls alike, and each on a page of its own."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for

from webapp.consent.rules import Exit
from webapp.doors import RIGHTS, Right, organiser
from webapp.gallery import queries
from webapp.gallery.rules import LOOKED, Light, Wanted, Where
from webapp.people import queries as people_queries
from webapp.people.forms import logout_button
from webapp.photo import queries as photo_queries
from webapp.photo.rules import Lack, People
from webapp.project import queries as project_queries
from webapp.walk import queries as walk_queries

pages = Blueprint("gallery", __name__)
pages.context_processor(logout_button)
WAYS = (Exit.MEETING, Exit.REPORT, Exit.EXHIBITION, Exit.ORIGINALS)


@pages.get("/desk/projects/<uuid:project_id>/photos")
@organiser(Right.ANSWERS)
def photos(project_id: uuid.UUID) -> str:
    """A page of the project's photos, the newest first, and what they may be chosen by."""
    project = project_queries.project(project_id) or abort(404)
    walks = walk_queries.walks_of(project_id)
    return _photos(project, Wanted.read(request.args), walks, calls=photo_queries.calls_of(project_id))


@pages.get("/desk/walks/<uuid:walk_id>/photos")
@organiser(Right.ANSWERS)
def walk(walk_id: uuid.UUID) -> str:
    """The same of one walk."""
    found = walk_queries.walk(walk_id) or abort(404)
    project = project_queries.project(found.project_id) or abort(404)
    wanted = replace(Wanted.read(request.args), within=walk_id)
    came = photo_queries.desk_count(photo_queries.photos_of_walk(walk_id))
    return _photos(project, wanted, [found], walk=found, came=came, may_take=g.role in RIGHTS[Right.ORIGINALS])


@pages.get("/desk/calls/<uuid:call_id>")
@organiser(Right.ANSWERS)
def call(call_id: uuid.UUID) -> str:
    """The same of one call; what came after its end is marked."""
    found = photo_queries.call(call_id) or abort(404)
    project = project_queries.project(found.project_id) or abort(404)
    joined, came = photo_queries.call_counts(call_id)
    wanted = replace(Wanted.read(request.args), within=call_id)
    return _photos(project, wanted, [], call=found, came=came, joined=joined)


def _photos(project: Any, wanted: Wanted, walks: Sequence[Any], **more: Any) -> str:
    where = Where.read(request.args)
    found = queries.page(project.id, project.photos, wanted, where)
    own = wanted.as_args()
    if not more.get("calls"):
        own.pop("within", None)  # it stands in the path
    return render_template(
        "gallery/photos.html",
        project=project,
        wanted=wanted,
        chosen=wanted.as_args(),
        own=own,
        here=partial(url_for, request.endpoint or "", **(request.view_args or {})),
        where=where,
        found=found,
        cards=photo_queries.desk_cards(found.photos, project.zone),
        walks=walks,
        stops=walk_queries.stops_of([walk.id for walk in walks]),
        LIGHTS=Light,
        PEOPLE=People,
        LACKS=Lack,
        LOOKED=LOOKED,
        **more,
    )


@pages.get("/desk/photos/<uuid:photo_id>")
@organiser(Right.ANSWERS)
def photo(photo_id: uuid.UUID) -> str:
    """One photo with all that is known of it, between its neighbours among the wanted ones."""
    found = photo_queries.photo(photo_id) or abort(404)
    project = project_queries.project(found.project_id) or abort(404)
    cards = photo_queries.desk_cards([found], project.zone)
    if not cards:
        abort(410)
    wanted = Wanted.read(request.args)
    newer, older = queries.beside(found, wanted)
    return render_template(
        "gallery/photo.html",
        project=project,
        card=cards[0],
        photo=found,
        author=_number(found.participant_id),
        ways={way: refused[found.id] for way, refused in photo_queries.refusals_by([found], WAYS).items()},
        uses=queries.uses(photo_id),
        home=_home(found),
        themes=[each["label"] for each in project.themes if each["id"] in found.themes],
        chosen=wanted.as_args(),
        newer=newer,
        older=older,
    )


def _home(found: Any) -> Any:
    """The walk or the call that the photo is of."""
    return walk_queries.walk(found.walk_id) if found.walk_id else photo_queries.call(found.call_id)


def _number(participant_id: uuid.UUID) -> int | None:
    person = people_queries.participant(participant_id)
    return person.number if person else None
