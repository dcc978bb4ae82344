"""A participant's photos, without scripts; and the sizes of a photo for those who may see it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from webapp.config import Settings
from webapp.consent.queries import may_keep
from webapp.consent.rules import Exit
from webapp.database import after_commit, db, new_id, now, transaction
from webapp.doors import Right, organiser, participant
from webapp.jobs import later
from webapp.mark import N_
from webapp.photo import changes, exits, queries
from webapp.photo.forms import ACCEPT, HEAD_BYTES, PhotoForm
from webapp.photo.jobs import process_picture
from webapp.photo.rules import Door, door, sniff
from webapp.project import queries as project_queries
from webapp.shell.errors import KEEPS_NOTHING, Saying, answer
from webapp.storage import Store, Stored
from webapp.walk import changes as walk_changes
from webapp.walk import queries as walk_queries
from webapp.walk.changes import NotYours
from webapp.words import current_language

pages = Blueprint("photo", __name__)
FORM_ROOM = 1_000_000  # bytes around the file
NO_PHOTOS = Saying(N_("No photos at this stop"), N_("Whoever runs the walk asks you not to photograph here."))
CLOSED = {
    Door.EARLY: Saying(N_("Not open yet"), N_("This call takes photos from its opening day. Come back then.")),
    Door.LATE: Saying(N_("This call is over"), N_("It takes no new photos. What you sent is safe.")),
    Door.CLOSED: Saying(N_("This call is over"), N_("It takes no new photos. What you sent is safe.")),
    Door.FULL: Saying(
        N_("You have sent as many photos as this call takes"), N_("Take one back if you want to send another.")
    ),
}


@pages.get("/plain/walks/<uuid:walk_id>/photos")
@participant
def mine(walk_id: uuid.UUID) -> str:
    """What this person has sent on this walk, and whether it is ready."""
    walk = walk_queries.walk(walk_id) or abort(404)
    return render_template("photo/mine.html", walk=walk, photos=_seen(walk_id))


@pages.get("/plain/calls/<uuid:call_id>")
@participant
def call(call_id: uuid.UUID) -> str:
    """A call: what is asked, until when, and what this person has sent to it."""
    found = queries.call(call_id) or abort(404)
    project = project_queries.project(found.project_id) or abort(404)
    photos = _seen(call_id)
    return render_template(
        "photo/call.html", call=found, project=project, photos=photos, door=door(found, len(photos), now())
    )


def _seen(place_id: uuid.UUID) -> list[tuple[Any, Any, Any, Any]]:
    photos = queries.own_photos(g.participant.id, place_id)
    return [(photo, queries.place_of(photo), queries.facts_of(photo), queries.state(photo)) for photo in photos]


@pages.route("/plain/walks/<uuid:walk_id>/photos/new", methods=["GET", "POST"])
@participant
def add(walk_id: uuid.UUID) -> str | AnyResponse | tuple[str, int]:
    """One photo with its caption, light and people, at a stop or between stops."""
    _room_for_a_photo()
    walk = walk_queries.walk(walk_id) or abort(404)
    wanted = request.values.get("stop")
    stop = next((each for each in walk.stops if str(each.id) == wanted), None)
    if wanted and not stop and request.method != "POST":
        abort(404)
    if stop is not None and not stop.photos:
        return answer(403, NO_PHOTOS)
    return _photo_form(_back_to_answer(walk_id, stop) or url_for("photo.mine", walk_id=walk_id), walk=walk, stop=stop)


def _asking(walk_id: uuid.UUID, stop_id: uuid.UUID | None) -> uuid.UUID | None:
    """The checklist version of the question whose button opened the form, if one did."""
    asked, version = request.values.get("question", ""), request.values.get("checklist", "")
    return walk_queries.asking(walk_id, stop_id, asked, version)


def _back_to_answer(walk_id: uuid.UUID, stop: Any | None) -> str | None:
    version_id = _asking(walk_id, stop.id if stop else None)
    if version_id is None:
        return None
    place = {"stop_id": stop.id} if stop else {}
    anchor = f"{request.values['question']}-text"
    return url_for("walk.answer", walk_id=walk_id, version_id=version_id, _anchor=anchor, **place)


@pages.route("/plain/calls/<uuid:call_id>/photos/new", methods=["GET", "POST"])
@participant
def add_to_call(call_id: uuid.UUID) -> str | AnyResponse | tuple[str, int]:
    """One photo for a call, while it is open and takes more."""
    _room_for_a_photo()
    found = queries.call(call_id) or abort(404)
    door_ = door(found, len(queries.own_photos(g.participant.id, call_id)), now())
    if door_ is not Door.OPEN:
        return answer(403, CLOSED[door_])
    return _photo_form(url_for("photo.call", call_id=call_id), call=found)


def _room_for_a_photo() -> None:
    """Before anything asks for the form's fields, which reads it."""
    settings: Settings = current_app.extensions["settings"]
    request.max_content_length = settings.max_bytes + FORM_ROOM


def _photo_form(
    after: str, walk: Any | None = None, stop: Any | None = None, call: Any | None = None
) -> str | AnyResponse | tuple[str, int]:
    if not may_keep(g.participant.id):
        return answer(403, KEEPS_NOTHING)
    settings: Settings = current_app.extensions["settings"]
    form = PhotoForm()
    form.max_bytes = settings.max_bytes
    if request.method != "POST":
        form.id.data = str(new_id())
    elif form.validate():
        _save(form, settings.max_bytes, walk, stop, call)
        return redirect(after)
    if form.id.errors:
        form.id.data = str(new_id())
    page = render_template(
        "photo/new.html", walk=walk, stop=stop, call=call, form=form, max_bytes=settings.max_bytes, accept=ACCEPT
    )
    return (page, 422) if request.method == "POST" else page


def _save(form: PhotoForm, max_bytes: int, walk: Any | None, stop: Any | None, call: Any | None) -> None:
    """First the bytes, flushed; then the row; then the work that may wait."""
    store: Store = current_app.extensions["store"]
    stream = form.file.data.stream
    kind = sniff(stream.read(HEAD_BYTES)) or ""
    stream.seek(0)
    stored: Stored | None = None
    try:
        with store.keeping():
            stored = store.put(stream, max_bytes)
            with transaction():
                _add(form, stored, kind, walk, stop, call)
                sha256 = stored.sha256
                after_commit(lambda: later(process_picture, sha256))
    except Exception:  # refused, or not committed: its bytes must not stay either
        if stored:
            with store.forgetting():
                db.session.rollback()
                if not queries.referred(stored.sha256):
                    store.forget(stored.sha256)
        raise


def _add(form: PhotoForm, stored: Stored, kind: str, walk: Any | None, stop: Any | None, call: Any | None) -> None:
    walk_id, stop_id, call_id = (each.id if each else None for each in (walk, stop, call))
    new = changes.NewPhoto(
        id=changes.photo_id_for(uuid.UUID(form.id.data), stored.sha256),
        participant_id=g.participant.id,
        walk_id=walk_id,
        stop_id=stop_id,
        call_id=call_id,
        original=stored,
        type=kind,
        caption={current_language().code: form.words} if form.words else {},
        up=form.up.data,
        down=form.down.data,
        people=form.people.data,
    )
    if not may_keep(g.participant.id):  # taken back while the photo was on its way
        abort(403)
    try:
        changes.add_photo(new, kind)
        _attach(new)
    except changes.Withdrawn:
        abort(410)
    except NotYours:
        abort(403)


def _attach(new: changes.NewPhoto) -> None:
    """Hangs the photo on the answer from which the form was opened, if any."""
    version_id = _asking(new.walk_id, new.stop_id) if new.walk_id else None
    if new.walk_id and version_id:
        whose = (new.participant_id, new.walk_id, new.stop_id, version_id)
        walk_changes.attach_photo(whose, request.values["question"], new.id, current_language().code)


@pages.get("/plain/photos/<uuid:photo_id>/<int:edge>")
@participant
def own_size(photo_id: uuid.UUID, edge: int) -> Response:
    """A size of one's own photo."""
    return _size(photo_id, edge, Exit.AUTHOR)


@pages.get("/desk/photos/<uuid:photo_id>/<int:edge>")
@organiser(Right.ANSWERS)
def desk_size(photo_id: uuid.UUID, edge: int) -> Response:
    """A size of a photo, for the project's organisers, as long as its author agrees to its being kept."""
    return _size(photo_id, edge, Exit.DESK)


@pages.get("/desk/projects/<uuid:project_id>/report/<int:number>/<int:edge>")
@organiser(Right.RESULTS)
def report_size(project_id: uuid.UUID, number: int, edge: int) -> Response:
    """A size of a photo that may go into the report, for everybody with a role in its project.

    Neither the address nor a header tells when it was taken or came: a phone makes ids of the time.
    """
    photo = queries.photo_by_number(project_id, number) or abort(404)
    response = _size(photo.id, edge, Exit.REPORT)
    del response.headers["Last-Modified"]
    return response


@pages.get("/desk/photos/<uuid:photo_id>/sound")
@organiser(Right.ANSWERS)
def desk_sound(photo_id: uuid.UUID) -> Response:
    """A spoken caption, for those who may read the written one."""
    photo = queries.photo(photo_id) or abort(404)
    with _refusing():
        path, kind = exits.sound(photo, Exit.DESK)
    return send_file(path, mimetype=kind, conditional=True)


@pages.get("/desk/responses/<uuid:response_id>/sounds/<question>")
@organiser(Right.ANSWERS)
def desk_note(response_id: uuid.UUID, question: str) -> Response:
    """A spoken note to an answer, for those who may read the written remark."""
    response = walk_queries.response_by_id(response_id) or abort(404)
    with _refusing():
        path, kind = exits.note(response, question, Exit.DESK)
    return send_file(path, mimetype=kind, conditional=True)


def _size(photo_id: uuid.UUID, edge: int, way: Exit) -> Response:
    photo = queries.photo(photo_id) or abort(404)
    with _refusing():
        path = exits.leave(photo, way, edge, request.args.get("of", ""))
    return send_file(path, mimetype="image/jpeg", conditional=True, etag=f"{photo.sha256}-{edge}")


@contextmanager
def _refusing() -> Iterator[None]:
    """What may not leave is gone; what is not there is unknown."""
    try:
        yield
    except exits.Refused as refused:
        abort(410 if refused.reason else 404)
