"""Walks as organisers make them: when and where, the stops, the checklists, the poster."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask_babel import format_decimal, gettext
from werkzeug.wrappers import Response as AnyResponse

from webapp.database import new_id, transaction
from webapp.doors import Right, organiser
from webapp.join.poster import poster as poster_page
from webapp.join.queries import Place
from webapp.mark import N_
from webapp.people.forms import logout_button
from webapp.people.rules import new_join_code
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.project import queries as project_queries
from webapp.project.rules import city_of
from webapp.walk import changes, library, queries
from webapp.walk.forms import ask
from webapp.walk.plan import answerable, chosen, covers, filled, time_needed
from webapp.walk.plan_forms import (
    ChecklistForm,
    ChecklistsForm,
    Part,
    Row,
    WalkForm,
    check_rows,
    form_id,
    parts_of,
    planned,
    read_choice,
    read_parts,
    read_rows,
    rows_of,
    with_empty,
)
from webapp.walk.questions import KINDS
from webapp.walk.rules import EVERY_STOP, ONCE, Checklist
from webapp.words import pick

pages = Blueprint("desk_walks", __name__)
pages.context_processor(logout_button)
Page = str | AnyResponse | tuple[str, int]


@pages.app_template_filter("minutes")
def in_minutes(minutes: float) -> str:
    """Minutes as the page's language writes them, to a tenth."""
    return str(format_decimal(round(minutes, 1)))


@pages.route("/desk/projects/<uuid:project_id>/walks/new", methods=["GET", "POST"])
@organiser(Right.WALKS)
def new(project_id: uuid.UUID) -> Page:
    """A new walk: sent twice, it is made once."""
    project = project_queries.project(project_id) or abort(404)
    form = WalkForm(data={"id": str(new_id()), "minutes": 120})
    form.zone = project.zone
    if request.method != "POST":
        return _form_page(project, None, form, rows_of([], ()))
    form.only(project.languages)
    rows = read_rows(request.form, (), (), project.languages)
    wrong = check_rows(rows)
    if form.validate() and not wrong and not any(row.errors for row in rows):
        with transaction():
            walk_id = _add(project_id, form, rows, project.languages)
        return redirect(url_for("desk_walks.checklists", walk_id=walk_id))
    if form.id.errors:
        form.id.data = str(new_id())
    return _form_page(project, None, form, rows, wrong), 422


def _add(project_id: uuid.UUID, form: WalkForm, rows: Sequence[Row], codes: Sequence[str]) -> uuid.UUID:
    known = queries.walk(form_id(form))
    if known:
        return known.id if known.project_id == project_id else abort(404)
    said = form.details(codes)
    return changes.add_walk(
        project_id=project_id,
        title=said.title,
        district=said.district,
        meeting_point=said.meeting_point,
        starts=said.starts,
        code=new_join_code(),
        stops=[stop for _, stop in planned(rows, {}, codes)],
        checklists=[],
        minutes=said.minutes,
        no_faces=said.no_faces,
        walk_id=form_id(form),
    ).id


@pages.route("/desk/walks/<uuid:walk_id>/edit", methods=["GET", "POST"])
@organiser(Right.WALKS)
def edit(walk_id: uuid.UUID) -> Page:
    """When and where, and the stops. A stop where something was answered or photographed stays."""
    walk = queries.walk(walk_id) or abort(404)
    project = project_queries.project(walk.project_id) or abort(404)
    form = WalkForm(data=_said(walk, project.zone))
    form.zone, form.was = project.zone, walk.starts
    if request.method != "POST":
        return _form_page(project, walk, form, rows_of(walk.stops, _used(walk_id)))
    form.id.data = str(walk_id)
    form.only(project.languages)
    valid, codes = form.validate(), list(project.languages)
    with transaction():  # nobody may answer at a stop between the look and the removal
        walk = queries.walk(walk_id) or abort(404)
        known = {stop.id: stop for stop in walk.stops}
        rows = read_rows(request.form, known, _used(walk_id), codes)
        wrong = check_rows(rows)
        valid = valid and not wrong and not any(row.errors for row in rows)
        if valid:
            gone = [row.id for row in rows if row.remove and row.id]
            changes.edit_walk(walk, form.details(codes, walk), planned(rows, known, codes), gone)
            photo_changes.want_no_faces(walk_id, walk.no_faces)
    if valid:
        return redirect(url_for("desk_walks.edit", walk_id=walk_id, saved=1))
    return _form_page(project, walk, form, rows, wrong), 422


def _said(walk: Any, zone: str) -> dict[str, Any]:
    return {
        "id": str(walk.id),
        "title": walk.title,
        "district": walk.district,
        "meeting_point": walk.meeting_point,
        "starts": walk.starts.astimezone(ZoneInfo(zone)).replace(tzinfo=None),
        "minutes": walk.minutes,
        "no_faces": walk.no_faces,
    }


def _used(walk_id: uuid.UUID) -> set[uuid.UUID]:
    return queries.answered_stops(walk_id) | photo_queries.photographed_stops(walk_id)


def _form_page(project: Any, walk: Any | None, form: WalkForm, rows: Sequence[Row], wrong: str = "") -> str:
    tiles = g.tiles = current_app.extensions["settings"].map_tiles
    stay = [row for row in rows if row.id or not row.remove]
    if request.method == "POST":
        stay = with_empty(stay)
    return render_template(
        "desk/walk_form.html",
        project=project,
        walk=walk,
        form=form,
        rows=stay,
        blank=Row(0),
        wrong=wrong,
        tiles=tiles,
        near=_near(project),
        joined=bool(walk and queries.walkers(walk.id)),
    )


def _near(project: Any) -> str:
    """Where the project's last stop is, else the city of its time zone, so that an empty map shows the right city."""
    for walk in reversed(queries.walks_of(project.id)):
        for stop in walk.stops:
            if stop.lat is not None and stop.lon is not None:
                return f"{stop.lat},{stop.lon}"
    city = city_of(project.zone)
    return f"{city[0]},{city[1]}" if city else ""


@dataclass(frozen=True)
class Offer:
    """A checklist that a walk may ask: as it would be asked, and `on` if it is. `answered` on this walk: it stays."""

    name: str
    body: dict[str, Any]
    version_id: uuid.UUID | None
    on: bool
    answered: bool

    @property
    def checklist(self) -> Checklist:
        return Checklist.read(self.body)

    def count(self, asked: str) -> int:
        return len(list(self.checklist.questions(asked)))


def _offers(walk: Any, project: Any) -> list[Offer]:
    """What is on the walk in its order, then the library and the project's own lists."""
    on = {version.checklist: version for version in queries.versions_on(walk.id)}
    names = dict.fromkeys([*on, *library.NAMES, *queries.checklist_names(project.id)])
    answered = {version.checklist for version in queries.versions_by_id(queries.answered_versions(walk.id))}
    found = []
    for name in names:
        # Another walk's newest version before the whole list: what is asked alike can be compared.
        version = on.get(name) or next(iter(queries.versions_of(project.id, name)), None)
        body = version.body if version else _whole(name, project.local_language)
        found.append(Offer(name, body, version.id if version else None, name in on, name in answered))
    return found


def _whole(name: str, local_language: str) -> dict[str, Any]:
    return answerable(filled(library.checklist(name), local_language), KINDS)


@pages.route("/desk/walks/<uuid:walk_id>/checklists", methods=["GET", "POST"])
@organiser(Right.WALKS)
def checklists(walk_id: uuid.UUID) -> Page:
    """Which checklists the walk asks, in which order, and whether there is time for them."""
    walk = queries.walk(walk_id) or abort(404)
    project = project_queries.project(walk.project_id) or abort(404)
    form, wrong = ChecklistsForm(), ""
    if request.method != "POST":
        return _checklists_page(walk, project, form, _offers(walk, project))
    valid = form.validate()
    with transaction():
        walk = queries.walk(walk_id) or abort(404)
        offers = {offer.name: offer for offer in _offers(walk, project)}
        wanted = read_choice(request.form, list(offers))
        wrong = _kept(offers, wanted)
        if valid and not wrong:
            versions = [_version_of(offers[name], project.id) for name in wanted]
            changes.set_checklists(walk_id, versions)
    if valid and not wrong:
        return redirect(url_for("desk_walks.checklists", walk_id=walk_id, saved=1))
    order = {name: place for place, name in enumerate(wanted)}
    shown = sorted(offers.values(), key=lambda offer: order.get(offer.name, len(order)))
    return _checklists_page(walk, project, form, shown, wanted, wrong), 422


def _kept(offers: dict[str, Offer], wanted: Sequence[str]) -> str:
    """What is wrong with leaving out what is not wanted, if anything."""
    lost = [offer for name, offer in offers.items() if offer.answered and offer.on and name not in wanted]
    if not lost:
        return ""
    sentence = N_("“%(title)s” has been answered on this walk, so it stays. You can choose fewer of its questions.")
    return str(gettext(sentence, title=pick(lost[0].body["title"])[0]))


def _version_of(offer: Offer, project_id: uuid.UUID) -> uuid.UUID:
    return offer.version_id or changes.keep_version(project_id, offer.body).id


def _checklists_page(
    walk: Any,
    project: Any,
    form: ChecklistsForm,
    offers: Sequence[Offer],
    wanted: Sequence[str] | None = None,
    wrong: str = "",
) -> str:
    ticked = [offer.name for offer in offers if offer.on] if wanted is None else list(wanted)
    return render_template(
        "desk/walk_checklists.html",
        walk=walk,
        project=project,
        form=form,
        offers=offers,
        ticked=ticked,
        wrong=wrong,
        time=_time(walk),
        each_time={offer.name: time_needed([offer.checklist], 1, walk.minutes) for offer in offers},
        EVERY_STOP=EVERY_STOP,
        ONCE=ONCE,
    )


def _time(walk: Any) -> Any:
    return time_needed([each for _, each in queries.checklists(walk.id)], len(walk.stops), walk.minutes)


@pages.route("/desk/walks/<uuid:walk_id>/checklists/<checklist>", methods=["GET", "POST"])
@organiser(Right.WALKS)
def questions(walk_id: uuid.UUID, checklist: str) -> Page:
    """Which questions of a checklist the walk asks, and when. A change makes a new version."""
    walk = queries.walk(walk_id) or abort(404)
    project = project_queries.project(walk.project_id) or abort(404)
    version = _on(walk_id, checklist)
    base = _base(version, project)
    form, wrong, parts = ChecklistForm(), "", parts_of(base, version.body)
    if request.method == "POST":
        parts = read_parts(base, request.form)
        body = chosen(base, {part.section["id"]: part.asked for part in parts}, _ticked(parts))
        if not body["sections"]:
            wrong = gettext(
                "Tick at least one question, and say when it is asked; or take the checklist off the walk."
            )
        if form.validate() and not wrong:
            with transaction():
                _replace(walk_id, project.id, checklist, body)
            return redirect(url_for("desk_walks.questions", walk_id=walk_id, checklist=checklist, saved=1))
    page = render_template(
        "desk/walk_questions.html",
        walk=walk,
        project=project,
        form=form,
        version=version,
        title=base["title"],
        parts=parts,
        wrong=wrong,
        time=_time(walk),
        answered=version.id in queries.answered_versions(walk_id),
        EVERY_STOP=EVERY_STOP,
        ONCE=ONCE,
    )
    return (page, 422) if request.method == "POST" else page


def _on(walk_id: uuid.UUID, checklist: str) -> Any:
    return next((each for each in queries.versions_on(walk_id) if each.checklist == checklist), None) or abort(404)


def _base(version: Any, project: Any) -> dict[str, Any]:
    """What there is to choose from: the fullest form of the checklist that holds all of this version."""
    whole = [_whole(version.checklist, project.local_language)] if version.checklist in library.NAMES else []
    older = reversed([each.body for each in queries.versions_of(project.id, version.checklist)])
    return next((body for body in [*whole, *older] if covers(body, version.body)), version.body)


def _ticked(parts: Sequence[Part]) -> frozenset[str]:
    return frozenset().union(*(part.ticked for part in parts))


def _replace(walk_id: uuid.UUID, project_id: uuid.UUID, checklist: str, body: dict[str, Any]) -> None:
    """Lets the walk ask this body instead of its version of the checklist; the same choice changes nothing."""
    versions = []
    for version in queries.versions_on(walk_id):
        if version.checklist == checklist and _choice(version.body) != _choice(body):
            versions.append(changes.keep_version(project_id, body).id)
        else:
            versions.append(version.id)
    changes.set_checklists(walk_id, versions)


def _choice(body: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    return [
        (section["id"], section["asked"], [question["id"] for question in section["questions"]])
        for section in body["sections"]
    ]


@pages.get("/desk/walks/<uuid:walk_id>/preview")
@organiser(Right.WALKS)
def preview(walk_id: uuid.UUID) -> str:
    """The questions as a participant sees them. Nothing is sent from here."""
    walk = queries.walk(walk_id) or abort(404)
    lists = [each for _, each in queries.checklists(walk_id)]
    places = [
        (asked, [(each, ask(each.questions(asked), {})) for each in lists if any(each.questions(asked))])
        for asked in (EVERY_STOP, ONCE)
    ]
    return render_template("desk/walk_preview.html", walk=walk, places=places, EVERY_STOP=EVERY_STOP)


@pages.get("/desk/walks/<uuid:walk_id>/poster")
@organiser(Right.WALKS)
def poster(walk_id: uuid.UUID) -> str:
    """A page to print: what will happen, and the way in."""
    walk = queries.walk(walk_id) or abort(404)
    return poster_page(Place("walk", walk), project_queries.project(walk.project_id) or abort(404))
