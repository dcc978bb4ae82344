"""What organisers take away."""

import uuid

from flask import Blueprint, Response, abort, g, request
from werkzeug.http import dump_options_header

from webapp.database import transaction
from webapp.doors import Right, organiser
from webapp.export.formats import FORMATS, rows
from webapp.export.formats.file import File
from webapp.photo import changes
from webapp.project import queries as project_queries
from webapp.walk import queries

pages = Blueprint("export", __name__)


@pages.get("/desk/walks/<uuid:walk_id>/originals.zip")
@organiser(Right.ORIGINALS)
def originals(walk_id: uuid.UUID) -> Response:
    """The untouched originals that may leave, with their captions; every download is logged before it starts."""
    walk = queries.walk(walk_id) or abort(404)
    file = FORMATS["originals"](walk)
    if request.method == "GET":  # not HEAD, which takes nothing away
        with transaction():
            changes.note_download(g.organiser.id, file.photos, walk_id=walk_id)
    return _answer(file)


@pages.get("/desk/walks/<uuid:walk_id>/results.xlsx")
@organiser(Right.ANSWERS)
def xlsx(walk_id: uuid.UUID) -> Response:
    """Answers, photos, stops and figures of a walk as a workbook."""
    return _of_walk("xlsx", walk_id)


@pages.get("/desk/walks/<uuid:walk_id>/answers.csv")
@organiser(Right.ANSWERS)
def answers(walk_id: uuid.UUID) -> Response:
    """One row an answer."""
    return _of_walk("answers", walk_id)


@pages.get("/desk/walks/<uuid:walk_id>/photos.csv")
@organiser(Right.ANSWERS)
def photos(walk_id: uuid.UUID) -> Response:
    """One row a photo."""
    return _of_walk("photos", walk_id)


@pages.get("/desk/walks/<uuid:walk_id>/places.geojson")
@organiser(Right.ANSWERS)
def geojson(walk_id: uuid.UUID) -> Response:
    """Stops and photos with their exact places."""
    return _of_walk("geojson", walk_id)


@pages.get("/desk/projects/<uuid:project_id>/results.xlsx")
@organiser(Right.ANSWERS)
def project_xlsx(project_id: uuid.UUID) -> Response:
    """The workbook of all walks and calls."""
    return _answer(FORMATS["xlsx"](rows.of_project(project_queries.project(project_id) or abort(404))))


def _of_walk(name: str, walk_id: uuid.UUID) -> Response:
    return _answer(FORMATS[name](rows.of_walk(queries.walk(walk_id) or abort(404))))


def _answer(file: File) -> Response:
    response = Response(file.chunks, content_type=file.type)
    response.content_length = file.bytes
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": file.name})
    return response
