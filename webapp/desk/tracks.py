"""A walk's tracks: where somebody walked and when, which places photos that do not know where they were."""

import uuid
from dataclasses import replace

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from webapp.database import transaction
from webapp.doors import RIGHTS, Right, organiser
from webapp.people import queries as people_queries
from webapp.people.forms import logout_button
from webapp.photo import locating
from webapp.photo import queries as photo_queries
from webapp.photo.intake import CannotRead, Reader
from webapp.photo.rules import PlaceSource
from webapp.photo.track import LARGEST_TRACK, Track, TrackFound
from webapp.project import queries as project_queries
from webapp.results import charts
from webapp.results import queries as results_queries
from webapp.storage import Store
from webapp.walk import queries as walk_queries
from webapp.walk.track_forms import TRACKS, TakeAwayForm, TrackForm

pages = Blueprint("tracks", __name__)
pages.context_processor(logout_button)
Page = str | AnyResponse | tuple[str, int]
FORM_ROOM = 1_000_000  # bytes around the file
LONGEST_NAME = 120
DRAWN = 600  # points of a track's drawing


@pages.get("/desk/walks/<uuid:walk_id>/tracks")
@organiser(Right.ANSWERS)
def tracks(walk_id: uuid.UUID) -> str:
    """What tracks there are, what they hold, and how many photos they place."""
    return _page(walk_id, _form(walk_id))


@pages.post("/desk/walks/<uuid:walk_id>/tracks")
@organiser(Right.WALKS)
def bring(walk_id: uuid.UUID) -> Page:
    """Reads a file and keeps its track; where it cannot be read, the page says why."""
    request.max_content_length = LARGEST_TRACK + FORM_ROOM
    form = _form(walk_id)
    if not form.validate():
        return _page(walk_id, form), 422
    try:
        track, found = _read(form.file.data)
    except CannotRead as refused:
        form.file.errors = [gettext(refused.trouble.sentence)]
        return _page(walk_id, form), 422
    carried = uuid.UUID(form.carried.data) if form.carried.data else None
    with transaction():
        name = (form.file.data.filename or "").replace("\\", "/").rpartition("/")[2][:LONGEST_NAME]
        row = locating.bring_track(walk_id, track, found, name, g.organiser.id, carried)
        anchor = f"track-{row.id}"
    return redirect(url_for("tracks.tracks", walk_id=walk_id, brought=1, _anchor=anchor))


@pages.post("/desk/walks/<uuid:walk_id>/tracks/delete")
@organiser(Right.WALKS)
def take_away(walk_id: uuid.UUID) -> AnyResponse:
    """The photos that a track placed lose that place."""
    form = TakeAwayForm()
    if not form.validate():
        abort(422)
    with transaction():
        locating.take_track_away(walk_id, uuid.UUID(form.id.data))
    return redirect(url_for("tracks.tracks", walk_id=walk_id, gone=1))


def _read(file: FileStorage) -> tuple[Track, TrackFound]:
    """Outside of any transaction: it may take seconds."""
    store: Store = current_app.extensions["store"]
    with store.workshop() as folder, Reader() as reader:
        path = folder / "track"
        file.save(path)
        return reader.track(path)


def _form(walk_id: uuid.UUID) -> TrackForm:
    form = TrackForm()
    walk = walk_queries.walk(walk_id) or abort(404)
    here, numbers = set(walk_queries.walkers(walk_id)), people_queries.numbers(walk.project_id)
    people = sorted((number, person) for person, number in numbers.items() if person in here)
    form.carried.choices = [
        ("", gettext("One of the organisers")),
        *((str(person), gettext("Participant %(number)s", number=number)) for number, person in people),
    ]
    return form


def _page(walk_id: uuid.UUID, form: TrackForm) -> str:
    walk = walk_queries.walk(walk_id) or abort(404)
    project = project_queries.project(walk.project_id) or abort(404)
    rows = photo_queries.tracks_of(walk_id)
    read = {row.id: row.track for row in rows}
    places = results_queries.places(walk_id)
    by_track = [(photo, place) for photo, place in places.photos if place.source == PlaceSource.TRACK]
    drawn = replace(places, photos=by_track)  # one photo far away would make the rest a dot
    return render_template(
        "desk/tracks.html",
        walk=walk,
        project=project,
        form=form,
        button=TakeAwayForm(formdata=None),
        rows=rows,
        holes={id_: track.holes for id_, track in read.items()},
        could=locating.placed_by(walk_id),
        placed=len(by_track),
        names=people_queries.addresses({row.organiser_id for row in rows if row.organiser_id}),
        numbers=people_queries.numbers(project.id),
        drawing=charts.map(drawn, [way for track in read.values() for way in track.ways(DRAWN)]) if rows else "",
        charts=charts,
        accept=TRACKS,
        may_bring=g.role in RIGHTS[Right.WALKS],
    )
