"""Files that nobody could open: whose they are, why, the untouched file, and another try."""

import uuid

from flask import Blueprint, Response, abort, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent.rules import Exit
from webapp.database import after_commit, transaction
from webapp.doors import RIGHTS, Right, organiser
from webapp.gallery.forms import AgainForm
from webapp.jobs import later
from webapp.people import queries as people_queries
from webapp.people.forms import logout_button
from webapp.photo import changes as photo_changes
from webapp.photo import exits
from webapp.photo import queries as photo_queries
from webapp.photo.jobs import process_picture
from webapp.project import queries as project_queries

pages = Blueprint("quarantine", __name__)
pages.context_processor(logout_button)
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/avif": "avif",
}


@pages.get("/desk/projects/<uuid:project_id>/unreadable")
@organiser(Right.ANSWERS)
def unreadable(project_id: uuid.UUID) -> str:
    """The project's photos whose file nobody could open."""
    project = project_queries.project(project_id) or abort(404)
    photos = photo_queries.unreadable(project_id)
    cards = photo_queries.desk_cards(photos, project.zone)
    return render_template(
        "gallery/unreadable.html",
        project=project,
        cards=cards,
        files=photo_queries.unreadable_parts([card.photo for card in cards]),
        numbers=people_queries.numbers(project_id),
        may_take=g.role in RIGHTS[Right.ORIGINALS],
        form=AgainForm(formdata=None),
    )


@pages.post("/desk/photos/<uuid:photo_id>/again")
@organiser(Right.ORIGINALS)
def again(photo_id: uuid.UUID) -> AnyResponse:
    """Has the file looked at once more, as after an update."""
    photo = photo_queries.photo(photo_id) or abort(404)
    if photo_queries.refusals([photo], Exit.DESK)[photo_id]:
        abort(410)
    if not AgainForm().validate():
        abort(422)
    with transaction():
        file = photo_queries.unreadable_parts([photo]).get(photo_id)
        if file:
            photo_changes.try_again(file.sha256)
            sha256 = file.sha256
            after_commit(lambda: later(process_picture, sha256))
    return redirect(url_for(".unreadable", project_id=photo.project_id))


@pages.get("/desk/photos/<uuid:photo_id>/untouched")
@organiser(Right.ORIGINALS)
def untouched(photo_id: uuid.UUID) -> Response:
    """The file as it came, for those who may have originals; each download is logged before it starts."""
    photo = photo_queries.photo(photo_id) or abort(404)
    try:
        path, kind = exits.unreadable(photo, Exit.ORIGINALS)
    except exits.Refused as refused:
        abort(410 if refused.reason else 404)
    if request.method == "GET":  # not HEAD, which takes nothing away
        with transaction():
            photo_changes.note_download(g.organiser.id, 1, walk_id=photo.walk_id, call_id=photo.call_id)
    # Whatever it is, no browser shall try to show it.
    name = f"photo-{photo.number}.{ENDINGS.get(kind, 'bin')}"
    return send_file(path, mimetype="application/octet-stream", as_attachment=True, download_name=name)
