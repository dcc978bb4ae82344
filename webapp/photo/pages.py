"""A participant's photos, without scripts; and the sizes of a photo for those who may see it."""

import uuid
from pathlib import Path

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
from webapp.database import after_commit, new_id, transaction
from webapp.doors import Right, organiser, participant
from webapp.jobs import later
from webapp.mark import N_
from webapp.photo import changes, queries
from webapp.photo.forms import ACCEPT, HEAD_BYTES, PhotoForm
from webapp.photo.jobs import process_picture
from webapp.photo.rules import EDGES, PictureState, sniff
from webapp.shell.errors import KEEPS_NOTHING, Saying, answer
from webapp.storage import Store
from webapp.walk import queries as walk_queries
from webapp.walk.changes import NotYours
from webapp.words import current_language

pages = Blueprint("photo", __name__)
FORM_ROOM = 1_000_000  # bytes around the file
NO_PHOTOS = Saying(N_("No photos at this stop"), N_("Whoever runs the walk asks you not to photograph here."))


@pages.get("/plain/walks/<uuid:walk_id>/photos")
@participant
def mine(walk_id: uuid.UUID) -> str:
    """What this person has sent on this walk, and whether it is ready."""
    walk = walk_queries.walk(walk_id) or abort(404)
    photos = queries.own_photos(g.participant.id, walk_id)
    seen = [(photo, queries.place_of(photo), queries.facts_of(photo.picture)) for photo in photos]
    return render_template("photo/mine.html", walk=walk, photos=seen)


@pages.route("/plain/walks/<uuid:walk_id>/photos/new", methods=["GET", "POST"])
@participant
def add(walk_id: uuid.UUID) -> str | AnyResponse | tuple[str, int]:
    """One photo with its caption, light and people, at a stop or between stops."""
    settings: Settings = current_app.extensions["settings"]
    request.max_content_length = settings.max_bytes + FORM_ROOM
    walk = walk_queries.walk(walk_id) or abort(404)
    wanted = request.values.get("stop")
    stop = next((each for each in walk.stops if str(each.id) == wanted), None)
    if wanted and not stop and request.method != "POST":
        abort(404)
    if not may_keep(g.participant.id):
        return answer(403, KEEPS_NOTHING)
    if stop is not None and not stop.photos:
        return answer(403, NO_PHOTOS)
    form = PhotoForm()
    form.max_bytes = settings.max_bytes
    if request.method != "POST":
        form.id.data = str(new_id())
    elif form.validate():
        _save(walk_id, stop.id if stop else None, form, settings.max_bytes)
        return redirect(url_for("photo.mine", walk_id=walk_id))
    if form.id.errors:
        form.id.data = str(new_id())
    page = render_template(
        "photo/new.html", walk=walk, stop=stop, form=form, max_bytes=settings.max_bytes, accept=ACCEPT
    )
    return (page, 422) if request.method == "POST" else page


def _save(walk_id: uuid.UUID, stop_id: uuid.UUID | None, form: PhotoForm, max_bytes: int) -> None:
    """First the bytes, flushed; then the row; then the work that may wait."""
    store: Store = current_app.extensions["store"]
    stream = form.file.data.stream
    kind = sniff(stream.read(HEAD_BYTES))
    stream.seek(0)
    stored = store.put(stream, max_bytes)
    with transaction():
        new = changes.NewPhoto(
            id=changes.photo_id_for(uuid.UUID(form.id.data), stored.sha256),
            participant_id=g.participant.id,
            walk_id=walk_id,
            stop_id=stop_id,
            stored=stored,
            type=kind or "",
            caption={current_language().code: form.words} if form.words else {},
            up=form.up.data,
            down=form.down.data,
            people=form.people.data,
        )
        if not may_keep(g.participant.id):  # taken back while the photo was on its way
            abort(403)
        try:
            changes.save_photo(new)
        except NotYours:
            abort(403)
        after_commit(lambda: later(process_picture, stored.sha256))


@pages.get("/plain/photos/<uuid:photo_id>/<int:edge>")
@participant
def own_size(photo_id: uuid.UUID, edge: int) -> Response:
    """A size of one's own photo."""
    return _size(photo_id, edge)


@pages.get("/desk/photos/<uuid:photo_id>/<int:edge>")
@organiser(Right.ANSWERS)
def desk_size(photo_id: uuid.UUID, edge: int) -> Response:
    """A size of a photo, for the project's organisers, as long as its author agrees to its being kept."""
    photo = queries.photo(photo_id) or abort(404)
    if queries.refusals([photo], Exit.DESK)[photo_id]:
        abort(410)
    return _size(photo_id, edge)


def _size(photo_id: uuid.UUID, edge: int) -> Response:
    photo = queries.photo(photo_id)
    if photo is None or edge not in EDGES or photo.picture.state != PictureState.READY:
        abort(404)
    store: Store = current_app.extensions["store"]
    path: Path = store.derived(photo.sha256, f"{edge}.jpg")
    if not path.is_file():  # `pohled photo rebuild --missing` makes it again
        abort(404)
    return send_file(path, mimetype="image/jpeg", conditional=True, etag=f"{photo.sha256}-{edge}")
