"""The results as those see them who may see no single answer."""

import uuid

from flask import Blueprint, abort, render_template

from webapp.consent.rules import Exit
from webapp.doors import Right, organiser
from webapp.people.forms import logout_button
from webapp.project import queries as project_queries
from webapp.results import charts
from webapp.results import queries as results_queries
from webapp.results.heat import heat
from webapp.walk import queries as walk_queries

pages = Blueprint("results", __name__)
pages.context_processor(logout_button)


@pages.get("/desk/walks/<uuid:walk_id>/results")
@organiser(Right.RESULTS)
def walk(walk_id: uuid.UUID) -> str:
    """A walk's results without words and single answers, and its photos that were agreed for the report."""
    found = walk_queries.walk(walk_id) or abort(404)
    project = project_queries.project(found.project_id) or abort(404)
    stops = results_queries.for_viewers(walk_id)
    return render_template(
        "results/walk.html",
        walk=found,
        project=project,
        stops=stops,
        heat=heat(stops),
        signs=charts.signs(project.perspectives, results_queries.voices(walk_id, Exit.REPORT)),
        charts=charts,
        photos=results_queries.report_photos(walk_id),
    )
