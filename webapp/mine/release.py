"""What somebody in a photo has signed: seen, changed and taken back by their code, without an account."""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, send_file, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Purpose
from webapp.database import now, transaction
from webapp.doors import anybody
from webapp.mine.forms import YES, ButtonForm, CodeForm, SureForm, choices_form
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.rules import RECOVERY_HANDLE, Tried, tidy_code
from webapp.photo import exits
from webapp.photo import queries as photo_queries
from webapp.project import queries as project_queries
from webapp.shell.errors import wait
from webapp.upkeep.jobs import follow, take_release_back

pages = Blueprint("release", __name__)
Page = str | AnyResponse | tuple[str, int]
OPEN = timedelta(minutes=30)
"""For so long a browser that knew the code is let in without it."""
# As Crockford's base 32 is read: what looks alike is alike.
ALIKE = str.maketrans("OIL", "011")


@pages.after_request
def private(response: AnyResponse) -> AnyResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@pages.route("/release", methods=["GET", "POST"])
@anybody
def enter() -> Page:
    """Asks for the code; with it, what was signed."""
    form = CodeForm()
    if request.method != "POST":
        row = _open()
        return _page(row) if row else render_template("mine/release_code.html", form=form)
    if form.validate():
        code = tidy_code(form.code.data or "").translate(ALIKE)
        if seconds := people_queries.rest(Tried.RELEASE, code[:RECOVERY_HANDLE]):
            return wait(seconds)
        with transaction():
            row = consent_queries.release_by_code(hashlib.sha256(code.encode()).hexdigest())
            if row is None:
                people_changes.count_failure(Tried.RELEASE, code[:RECOVERY_HANDLE])
            else:
                session["release"] = [str(row.id), now().isoformat()]
        if row:
            return redirect(url_for("release.enter"))
        form.unknown()
    return render_template("mine/release_code.html", form=form), 422


@pages.post("/release/choices")
@anybody
def choose() -> Page:
    """Says yes or no anew to what was asked."""
    row = _known()
    asked = [each.purpose for each in row.answers]
    form = choices_form(asked)()
    if row.withdrawn or not form.validate():
        return _page(row), 422
    wanted = {Purpose(each): form[each].data == YES for each in asked if form[each].data}
    with transaction():
        changed = consent_changes.change_release(_known(), wanted)
    if changed:
        follow()
    return redirect(url_for("release.enter", then="saved"))


@pages.post("/release/back")
@anybody
def back() -> Page:
    """Takes everything back, at once."""
    row = _known()
    form = SureForm()
    if not form.validate():
        return _page(row, form), 422
    take_release_back(row.id)
    return redirect(url_for("release.enter", then="back"))


@pages.post("/release/close")
@anybody
def close() -> Page:
    """Forgets the code on this browser."""
    if ButtonForm().validate():
        session.pop("release", None)
    return redirect(url_for("release.enter"))


@pages.get("/release/photo.jpg")
@anybody
def picture() -> AnyResponse:
    """The photo, for whoever has the code."""
    row = _known()
    photo = photo_queries.photo(row.photo_id)
    if photo is None or photo.participant_id != row.participant_id:
        abort(404)
    try:
        path = exits.pictured(photo)
    except exits.Refused as refused:
        abort(410 if refused.reason else 404)
    return send_file(path, mimetype="image/jpeg")


def _known() -> Any:
    return _open() or abort(404)


def _open() -> Any | None:
    """What this browser knew the code of, not long ago."""
    id_, since = session.get("release") or ("", "")
    if not id_ or now() - datetime.fromisoformat(since) > OPEN:
        session.pop("release", None)
        return None
    return consent_queries.release(uuid.UUID(id_))


def _page(row: Any, sure: SureForm | None = None) -> str:
    photo = photo_queries.photo(row.photo_id)
    person = people_queries.participant(row.participant_id)
    project = project_queries.project(person.project_id) if person else None
    last = {each.purpose: each for each in row.answers}
    form = choices_form(last)(formdata=None)
    for purpose, each in last.items():
        form[purpose].data = "yes" if each.yes else "no"
    texts = {purpose: consent_queries.text(each.text_id) for purpose, each in last.items()}
    shown = photo is not None and photo.picture is not None and bool(photo.picture.sizes)
    return render_template(
        "mine/release.html",
        row=row,
        project=project,
        texts=texts,
        form=form,
        sure=sure or SureForm(formdata=None),
        button=ButtonForm(formdata=None),
        photo=photo if shown else None,
        then=request.args.get("then", ""),
        languages=current_app.extensions["languages"],
    )
