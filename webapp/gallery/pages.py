"""All photos of a project, from its walks and calls alike, and each on a page of its own."""

import math
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent import queries as consent_queries
from webapp.consent.rules import Exit
from webapp.database import transaction
from webapp.doors import RIGHTS, Right, organiser
from webapp.exhibition import queries as exhibition_queries
from webapp.gallery import queries
from webapp.gallery.forms import AskForm, LookForm, WordsForm, words_form
from webapp.gallery.rules import LOOKED, PAGE, Light, Wanted, Where, number
from webapp.mark import N_
from webapp.people import queries as people_queries
from webapp.people.forms import logout_button
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo.changes import Wish, WordedMeanwhile, seen_of
from webapp.photo.queries import Owed
from webapp.photo.rules import Lack, People, PictureState, Place, caption_print
from webapp.project import changes as project_changes
from webapp.project import queries as project_queries
from webapp.walk import queries as walk_queries
from webapp.words import pick

pages = Blueprint("gallery", __name__)
pages.context_processor(logout_button)
Page = str | AnyResponse | tuple[str, int]
AGREED_IN_PERSON = N_("An author’s agreement in person to words for a label noted")
CHOICES = {"LIGHTS": Light, "PEOPLE": People, "LACKS": Lack, "LOOKED": LOOKED}
SAID = 120  # letters of a caption beside the map
ALIKE = 20  # groups on a page
MOST_ALIKE = 60  # photos of a group that are told apart at once
WAYS = (Exit.MEETING, Exit.REPORT, Exit.EXHIBITION, Exit.ORIGINALS)


@pages.get("/desk/projects/<uuid:project_id>/photos")
@organiser(Right.ANSWERS)
def photos(project_id: uuid.UUID) -> str:
    """A page of the project's photos, the newest first, and what they may be chosen by."""
    project = project_queries.project(project_id) or abort(404)
    walks = walk_queries.walks_of(project_id)
    return _photos(project, Wanted.read(request.args), walks, calls=photo_queries.calls_of(project_id))


@pages.get("/desk/walks/<uuid:walk_id>/photos")
@organiser(Right.ANSWERS)
def walk(walk_id: uuid.UUID) -> str:
    """The same of one walk."""
    found = walk_queries.walk(walk_id) or abort(404)
    project = project_queries.project(found.project_id) or abort(404)
    wanted = replace(Wanted.read(request.args), within=walk_id)
    came = photo_queries.desk_count(photo_queries.photos_of_walk(walk_id))
    more = {"may_take": g.role in RIGHTS[Right.ORIGINALS], **_owing(photo_queries.owed_of_place(walk_id))}
    return _photos(project, wanted, [found], walk=found, came=came, **more)


@pages.get("/desk/calls/<uuid:call_id>")
@organiser(Right.ANSWERS)
def call(call_id: uuid.UUID) -> str:
    """The same of one call; what came after its end is marked."""
    found = photo_queries.call(call_id) or abort(404)
    project = project_queries.project(found.project_id) or abort(404)
    joined, came = photo_queries.call_counts(call_id)
    wanted = replace(Wanted.read(request.args), within=call_id)
    more = _owing(photo_queries.owed_of_place(call_id))
    return _photos(project, wanted, [], call=found, came=came, joined=joined, **more)


def _owing(owed: Sequence[Owed]) -> dict[str, Any]:
    """What a page needs to say which originals are still on phones, and to ask for them."""
    who = {each.by for each in owed if each.by}
    return {
        "owed": owed,
        "asking": AskForm(formdata=None) if g.role in RIGHTS[Right.ORIGINALS] else None,
        "askers": people_queries.addresses(who),
    }


def _photos(project: Any, wanted: Wanted, walks: Sequence[Any], **more: Any) -> str:
    where = Where.read(request.args)
    found = queries.page(project.id, project.photos, wanted, where)
    own = wanted.as_args()
    if not more.get("calls"):
        own.pop("within", None)  # it stands in the path
    return render_template(
        "gallery/photos.html",
        project=project,
        wanted=wanted,
        chosen=wanted.as_args(),
        own=own,
        here=partial(url_for, request.endpoint or "", **(request.view_args or {})),
        where=where,
        found=found,
        cards=photo_queries.desk_cards(found.photos, project.zone),
        walks=walks,
        stops=walk_queries.stops_of([walk.id for walk in walks]),
        **CHOICES,
        **more,
    )


@pages.get("/desk/projects/<uuid:project_id>/photos/map")
@organiser(Right.ANSWERS)
def mapped(project_id: uuid.UUID) -> str:
    """The photos on a map, exactly where they were taken, and the list that says the same."""
    project = project_queries.project(project_id) or abort(404)
    g.tiles = current_app.extensions["settings"].map_tiles
    walks = walk_queries.walks_of(project_id)
    wanted = Wanted.read(request.args)
    found = queries.mapped(project_id, wanted)
    start = max(1, request.args.get("start", 1, type=int))
    listed = [photo for photo, _ in found.photos[start - 1 : start - 1 + PAGE]]
    return render_template(
        "gallery/map.html",
        project=project,
        wanted=wanted,
        chosen=wanted.as_args(),
        own=wanted.as_args(),
        here=partial(url_for, "gallery.mapped", project_id=project_id),
        found=found,
        cards=photo_queries.desk_cards(listed, project.zone),
        start=start,
        size=PAGE,
        tiles=g.tiles,
        anybody=uuid.UUID(int=0),
        walks=walks,
        calls=photo_queries.calls_of(project_id),
        stops=walk_queries.stops_of([walk.id for walk in walks]),
        **CHOICES,
    )


@pages.get("/desk/projects/<uuid:project_id>/photos/map.json")
@organiser(Right.ANSWERS)
def points(project_id: uuid.UUID) -> AnyResponse:
    """What stands on the map, as static/src/gallery/map.ts reads it."""
    walks = walk_queries.walks_of(project_id)
    found = queries.mapped(project_id, Wanted.read(request.args))
    stops = [stop for stop in walk_queries.stops_of([walk.id for walk in walks]) if stop.lat is not None]
    return jsonify(
        photos=[_point(photo, place) for photo, place in found.photos],
        stops=[
            {"number": stop.position, "name": pick(stop.name)[0], "lat": stop.lat, "lon": stop.lon} for stop in stops
        ],
    )


def _point(photo: Any, place: Place) -> list[Any]:
    light = "both" if photo.up and photo.down else "up" if photo.up else "down" if photo.down else ""
    accuracy = round(place.accuracy) if place.accuracy is not None and math.isfinite(place.accuracy) else None
    ready = photo.picture is not None and photo.picture.state == PictureState.READY
    where = [round(place.lat, 6), round(place.lon, 6), accuracy, place.source.value]
    return [photo.number, str(photo.id), *where, light, pick(photo.caption)[0][:SAID], ready]


@pages.get("/desk/projects/<uuid:project_id>/alike")
@organiser(Right.ANSWERS)
def alike(project_id: uuid.UUID) -> str:
    """Photos that look alike: of each group one may be chosen, and somebody may say that they are different."""
    project = project_queries.project(project_id) or abort(404)
    start = max(1, request.args.get("start", 1, type=int))
    every = photo_queries.alike(project_id)
    shown = every[start - 1 : start - 1 + ALIKE]
    photos = photo_queries.photos_by_number(project_id, {number for group in shown for number in group})
    cards = {card.photo.number: card for card in photo_queries.desk_cards(photos, project.zone)}
    return render_template(
        "gallery/alike.html",
        project=project,
        groups=[[cards[number] for number in group if number in cards] for group in shown],
        every=len(every),
        start=start,
        size=ALIKE,
        form=AskForm(formdata=None) if g.role in RIGHTS[Right.SHORTLIST] else None,
    )


@pages.post("/desk/projects/<uuid:project_id>/alike")
@organiser(Right.SHORTLIST)
def tell_apart(project_id: uuid.UUID) -> AnyResponse:
    """Remembers that the photos of a group are different."""
    numbers = {found for text in request.form.getlist("number")[:MOST_ALIKE] if (found := number(text)) is not None}
    if not AskForm().validate() or len(numbers) < 2:
        abort(422)
    with transaction():
        photo_changes.tell_apart(project_id, numbers, g.organiser.id)
    start = request.form.get("start", 1, type=int)
    return redirect(url_for("gallery.alike", project_id=project_id, start=start))


@pages.get("/desk/photos/<uuid:photo_id>")
@organiser(Right.ANSWERS)
def photo(photo_id: uuid.UUID) -> str:
    """One photo with all that is known of it, between its neighbours among the wanted ones."""
    found, project = _seen(photo_id)
    return _photo_page(found, project, _words_form(found, project)(formdata=None))


@pages.post("/desk/photos/<uuid:photo_id>/words")
@organiser(Right.WORDS)
def words(photo_id: uuid.UUID) -> Page:
    """Keeps words for the label. Where somebody else has written meanwhile, both are shown and nothing is written."""
    found, project = _seen(photo_id)
    form = _words_form(found, project)()
    if not form.validate():
        return _photo_page(found, project, form), 422
    try:
        with transaction():
            found, project = _seen(photo_id)
            _write(found, form, _languages(found, project))
    except WordedMeanwhile as meanwhile:
        found, project = _seen(photo_id)
        return _photo_page(found, project, form, meanwhile.languages), 409
    return redirect(url_for("gallery.photo", photo_id=photo_id, words="saved", _anchor="words"))


@pages.post("/desk/photos/<uuid:photo_id>/original")
@organiser(Right.ORIGINALS)
def ask_for_original(photo_id: uuid.UUID) -> AnyResponse:
    """Asks for the original of one photo, or no more."""
    _seen(photo_id)
    return _ask(
        lambda: photo_queries.owed_of([photo_id]), url_for("gallery.photo", photo_id=photo_id, _anchor="original")
    )


@pages.post("/desk/walks/<uuid:walk_id>/originals")
@organiser(Right.ORIGINALS)
def ask_for_walk(walk_id: uuid.UUID) -> AnyResponse:
    """Asks for all originals of a walk that are still on phones."""
    return _ask(
        lambda: photo_queries.owed_of_place(walk_id), url_for("gallery.walk", walk_id=walk_id, _anchor="originals")
    )


@pages.post("/desk/calls/<uuid:call_id>/originals")
@organiser(Right.ORIGINALS)
def ask_for_call(call_id: uuid.UUID) -> AnyResponse:
    """The same of a call."""
    return _ask(
        lambda: photo_queries.owed_of_place(call_id), url_for("gallery.call", call_id=call_id, _anchor="originals")
    )


@pages.post("/desk/exhibitions/<uuid:exhibition_id>/originals")
@organiser(Right.ORIGINALS)
def ask_for_exhibition(exhibition_id: uuid.UUID) -> AnyResponse:
    """The same of the photos that are picked for an exhibition."""
    exhibition = exhibition_queries.exhibition(exhibition_id) or abort(404)
    return _ask(
        lambda: exhibition_queries.owed(exhibition),
        url_for("exhibition.shortlist", exhibition_id=exhibition_id, _anchor="originals"),
    )


def _ask(owed: Callable[[], Sequence[Owed]], back: str) -> AnyResponse:
    """Which originals those are is looked up again inside the transaction: one may have come meanwhile."""
    form = AskForm()
    if not form.validate():
        abort(422)
    with transaction():
        if form.no_more.data:
            photo_changes.ask_no_more([each.id for each in owed()])
        else:
            photo_changes.ask_for_originals(owed(), g.organiser.id)
    return redirect(back)


def _seen(photo_id: uuid.UUID) -> tuple[Any, Any]:
    """A photo that the desk may see, and its project."""
    found = photo_queries.photo(photo_id) or abort(404)
    if photo_queries.refusals([found], Exit.DESK)[photo_id]:
        abort(410)
    return found, project_queries.project(found.project_id) or abort(404)


def _photo_page(found: Any, project: Any, form: WordsForm, between: Sequence[str] = ()) -> str:
    wanted = Wanted.read(request.args)
    newer, older = queries.beside(found, wanted)
    (card,) = photo_queries.desk_cards([found], project.zone)
    lines = form.lines(_languages(found, project))
    rows = {row.language: row for row in found.wordings}
    form.made_of.data = caption_print(found.caption)
    for line in lines:
        if not form.is_submitted():
            line.words.data = rows[line.language].words if line.language in rows else ""
        line.seen.data = seen_of(rows.get(line.language))
    who = {id_ for row in found.wordings for id_ in (row.organiser_id, row.witness_id) if id_}
    return render_template(
        "gallery/photo.html",
        project=project,
        card=card,
        photo=found,
        author=_number(found.participant_id),
        releases=consent_queries.releases_of(found.id, found.participant_id),
        may_see_names=g.role in RIGHTS[Right.ORIGINALS],
        ways={way: refused[found.id] for way, refused in photo_queries.refusals_by([found], WAYS).items()},
        uses=queries.uses(found.id),
        home=_home(found),
        outlier=photo_queries.is_outlier(found, card.place),
        themes=[each["label"] for each in project.themes if each["id"] in found.themes],
        chosen=wanted.as_args(),
        newer=newer,
        older=older,
        form=form,
        lines=lines,
        rows=rows,
        names=people_queries.addresses(who),
        may_write=g.role in RIGHTS[Right.WORDS],
        may_choose=g.role in RIGHTS[Right.SHORTLIST],
        between=between,
        saved=request.args.get("words") == "saved",
        look=LookForm(formdata=None) if g.role in RIGHTS[Right.ORIGINALS] else None,
        must_be_painted=photo_queries.must_be_painted(found),
        **_owing(photo_queries.owed_of([found.id])),
    )


def _languages(found: Any, project: Any) -> list[str]:
    """Those of the project, and any in which there are words already."""
    return list(dict.fromkeys([*project.languages, *(row.language for row in found.wordings)]))


def _words_form(found: Any, project: Any) -> type[WordsForm]:
    return words_form(_languages(found, project))


def _write(found: Any, form: WordsForm, languages: Sequence[str]) -> None:
    wishes = [
        Wish(line.language, line.words.data, line.in_person.data, line.seen.data or "")
        for line in form.lines(languages)
    ]
    for wish in photo_changes.write_words(found, g.organiser.id, wishes, form.made_of.data or ""):
        if wish.in_person:
            subject = f"{found.number}, {wish.language}"
            project_changes.note_act(found.project_id, g.organiser.id, AGREED_IN_PERSON, subject)


def _home(found: Any) -> Any:
    """The walk or the call that the photo is of."""
    return walk_queries.walk(found.walk_id) if found.walk_id else photo_queries.call(found.call_id)


def _number(participant_id: uuid.UUID) -> int | None:
    person = people_queries.participant(participant_id)
    return person.number if person else None
