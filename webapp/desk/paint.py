"""Painting over a photo at the desk, and what has been painted over."""

import uuid
from typing import Any

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent.rules import Exit
from webapp.database import transaction
from webapp.doors import RIGHTS, Right, organiser
from webapp.gallery.forms import LookForm, PaintForm
from webapp.mark import N_
from webapp.people import queries as people_queries
from webapp.people.forms import logout_button
from webapp.photo import exits, faces
from webapp.photo import queries as photo_queries
from webapp.photo.changes import PaintedMeanwhile
from webapp.photo.jobs import suggest_faces
from webapp.project import changes as project_changes
from webapp.project import queries as project_queries
from webapp.upkeep.painting import CannotPaint, look_at, paint_over

pages = Blueprint("paint", __name__)
pages.context_processor(logout_button)
SEEN = N_("The untouched picture of a photo that was painted over looked at")


@pages.get("/desk/photos/<uuid:photo_id>/paint")
@organiser(Right.ORIGINALS)
def editor(photo_id: uuid.UUID) -> str:
    """The picture, to paint over what shall not be seen."""
    found, project = _seen(photo_id)
    owner = g.role in RIGHTS[Right.SETTINGS]
    wanted = photo_queries.to_paint(found, owner)
    form = PaintForm(formdata=None)
    done = photo_queries.redactions_of(photo_id)
    if wanted:
        form.seen.data = f"{found.painted}-{wanted.picture.sha256}"
        form.style.data = wanted.style or form.style.default
    form.clear.data = found.look == "clear"
    untouched = bool(wanted and found.painted and wanted.free)
    if untouched:
        with transaction():
            project_changes.note_act(project.id, g.organiser.id, SEEN, str(found.number))
        found, project = _seen(photo_id)
        wanted = photo_queries.to_paint(found, owner)
    return render_template(
        "gallery/paint.html",
        project=project,
        photo=found,
        wanted=wanted,
        regions=[region.as_json() for region in wanted.regions] if wanted and wanted.free else [],
        address=url_for("paint.sealed" if untouched else "photo.desk_size", photo_id=photo_id, edge=2000),
        suggests=faces.installed(),
        form=form,
        done=done,
        sealed=[row for row in photo_queries.sealed_of(photo_id) if row.destroyed is None],
        names=people_queries.addresses({row.organiser_id for row in done if row.organiser_id}),
    )


@pages.post("/desk/photos/<uuid:photo_id>/paint")
@organiser(Right.ORIGINALS)
def paint(photo_id: uuid.UUID) -> tuple[Response, int] | Response:
    """Paints over what was marked. The answer names the page to go to, or says in a sentence why nothing was done."""
    _seen(photo_id)
    form = PaintForm()
    if not form.validate():
        return jsonify(sentence=_("Not saved: this page was open for too long. Load it anew.")), 422
    try:
        wish = form.wish(g.role in RIGHTS[Right.SETTINGS])
    except ValueError:
        return jsonify(sentence=_("Not saved: what was painted could not be read. Load the page anew.")), 422
    try:
        paint_over(photo_id, g.organiser.id, wish)
    except PaintedMeanwhile:
        sentence = _("Not saved: the picture has changed since this page was opened. Load it anew and look again.")
        return jsonify(sentence=sentence), 409
    except CannotPaint as trouble:
        why = _(str(trouble)) if str(trouble) else _("Mark something first.")
        return jsonify(sentence=_("Not saved: nothing was painted over. %(why)s", why=why)), 422
    return jsonify(address=url_for("gallery.photo", photo_id=photo_id, painted=1))


@pages.get("/desk/photos/<uuid:photo_id>/faces.json")
@organiser(Right.ORIGINALS)
def suggestions(photo_id: uuid.UUID) -> Response:
    """Where faces may be, in the picture that the editor shows."""
    found, _project = _seen(photo_id)
    wanted = photo_queries.to_paint(found, g.role in RIGHTS[Right.SETTINGS])
    return jsonify(faces=suggest_faces(wanted.picture.sha256) if wanted else None)


@pages.get("/desk/photos/<uuid:photo_id>/sealed/<int:edge>")
@organiser(Right.SETTINGS)
def sealed(photo_id: uuid.UUID, edge: int) -> Response:
    """What is sealed, for the owner, who may have painted over too much."""
    photo = photo_queries.photo(photo_id) or abort(404)
    try:
        path = exits.sealed(photo, edge)
    except exits.Refused as refused:
        abort(410 if refused.reason else 404)
    return send_file(path, mimetype="image/jpeg", conditional=True)


@pages.post("/desk/photos/<uuid:photo_id>/look")
@organiser(Right.ORIGINALS)
def look(photo_id: uuid.UUID) -> AnyResponse:
    """Notes that somebody has looked whether anybody can be recognised, and what they say."""
    _seen(photo_id)
    if not LookForm().validate():
        abort(422)
    try:
        look_at(photo_id, g.organiser.id, "clear" in request.form)
    except CannotPaint:
        return redirect(url_for("gallery.photo", photo_id=photo_id, paint="first", _anchor="people"))
    return redirect(url_for("gallery.photo", photo_id=photo_id, _anchor="people"))


def _seen(photo_id: uuid.UUID) -> tuple[Any, Any]:
    """A photo that the desk may see, and its project."""
    found = photo_queries.photo(photo_id) or abort(404)
    if photo_queries.refusals([found], Exit.DESK)[photo_id]:
        abort(410)
    return found, project_queries.project(found.project_id) or abort(404)
