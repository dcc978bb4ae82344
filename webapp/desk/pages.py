"""The organisers' home: projects, walks, what came in."""

import uuid

from flask import Blueprint, abort, g, render_template

from webapp.consent.rules import Exit, Refusal
from webapp.doors import RIGHTS, Right, organiser
from webapp.people.forms import LogoutForm
from webapp.photo import queries as photo_queries
from webapp.project import queries as project_queries
from webapp.results import queries as results_queries
from webapp.walk import queries as walk_queries

pages = Blueprint("desk", __name__)


@pages.context_processor
def logout_button() -> dict[str, LogoutForm]:
    return {"logout": LogoutForm()}


@pages.get("/desk")
@organiser()
def home() -> str:
    """The organiser's projects, each with its walks by date."""
    projects = project_queries.projects_of(g.organiser.id)
    walks = [
        (project, [(walk, results_queries.counts(walk.id)) for walk in walk_queries.walks_of(project.id)])
        for project in projects
    ]
    return render_template("desk/home.html", projects=walks)


@pages.get("/desk/walks/<uuid:walk_id>")
@organiser(Right.ANSWERS)
def walk(walk_id: uuid.UUID) -> str:
    """The answers of a walk, every one visible with its n."""
    found = walk_queries.walk(walk_id) or abort(404)
    return render_template(
        "desk/answers.html",
        walk=found,
        project=project_queries.project(found.project_id),
        counts=results_queries.counts(walk_id),
        stops=results_queries.of_walk(walk_id),
    )


@pages.get("/desk/walks/<uuid:walk_id>/photos")
@organiser(Right.ANSWERS)
def photos(walk_id: uuid.UUID) -> str:
    """The photos of a walk, upright, with their place and how it is known."""
    found = walk_queries.walk(walk_id) or abort(404)
    project = project_queries.project(found.project_id) or abort(404)
    all_photos = photo_queries.photos_of_walk(walk_id)
    refusals = photo_queries.refusals(all_photos, Exit.DESK)
    seen = [photo for photo in all_photos if refusals[photo.id] is None]
    kept_back = photo_queries.refusals(seen, Exit.ORIGINALS)
    cards = []
    for photo in seen:
        facts = photo_queries.facts_of(photo)
        cards.append(
            {
                "photo": photo,
                "facts": facts.in_zone(project.zone) if facts else None,
                "place": photo_queries.place_of(photo),
                "stop": next((stop for stop in found.stops if stop.id == photo.stop_id), None),
                "kept_back": kept_back[photo.id] == Refusal.NO_RELEASE,
            }
        )
    return render_template(
        "desk/photos.html",
        walk=found,
        project=project,
        cards=cards,
        counts=results_queries.counts(walk_id),
        may_take=g.role in RIGHTS[Right.ORIGINALS],
    )
