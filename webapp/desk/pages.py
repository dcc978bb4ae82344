"""The organisers' home: projects, walks, what came in."""

import uuid

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.doors import Right, organiser
from webapp.people.forms import logout_button
from webapp.project import queries as project_queries
from webapp.results import charts
from webapp.results import queries as results_queries
from webapp.results.charts import signs
from webapp.results.heat import heat
from webapp.walk import queries as walk_queries

pages = Blueprint("desk", __name__)
pages.context_processor(logout_button)


@pages.get("/desk")
@organiser()
def home() -> str | AnyResponse:
    """The organiser's projects; the only one opens by itself."""
    projects = project_queries.projects_of(g.organiser.id)
    if len(projects) == 1 and "all" not in request.args:
        return redirect(url_for("projects.home", project_id=projects[0].id))
    return render_template("desk/home.html", projects=projects, is_first=not project_queries.any_project())


@pages.get("/desk/walks/<uuid:walk_id>")
@organiser(Right.ANSWERS)
def walk(walk_id: uuid.UUID) -> str:
    """The answers of a walk, every one visible with its n, by perspective, and on a map."""
    found = walk_queries.walk(walk_id) or abort(404)
    project = project_queries.project(found.project_id) or abort(404)
    results = results_queries.results(walk_id)
    return render_template(
        "desk/answers.html",
        walk=found,
        project=project,
        counts=results_queries.counts(walk_id),
        stops=results.stops,
        whole=results.whole,
        heat=heat(results.stops, results.whole),
        signs=signs(project.perspectives, results_queries.voices(walk_id)),
        places=results_queries.places(walk_id),
        charts=charts,
    )
