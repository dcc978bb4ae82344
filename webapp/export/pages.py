"""What organisers take away."""

import uuid

from flask import Blueprint, Response, abort, g, request
from werkzeug.http import dump_options_header

from webapp.database import transaction
from webapp.doors import Right, organiser
from webapp.export.formats import FORMATS
from webapp.photo import changes
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
    response = Response(file.chunks, mimetype=file.type)
    response.content_length = file.bytes
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": file.name})
    return response
