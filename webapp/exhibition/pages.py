"""The light table and the shortlist, for curators. Every form works without scripts; with them, JSON is answered."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, g, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent.rules import Exit
from webapp.database import new_id, transaction
from webapp.doors import Right, organiser
from webapp.exhibition import changes, queries, sentences
from webapp.exhibition.forms import BackForm, ExhibitionForm, MarkForm, OrderForm, StarsForm, UndoForm
from webapp.exhibition.rules import (
    BALANCED,
    FACETS,
    MOST_STARS,
    PAPERS,
    Frame,
    Leaf,
    NotThere,
    State,
    balance,
    counts,
    leaf,
    matching,
    tips,
    too_alike,
    unlabelled,
)
from webapp.people import queries as people_queries
from webapp.people.forms import logout_button
from webapp.photo import queries as photo_queries
from webapp.project import queries as project_queries
from webapp.words import language_name, pick, safe_path, say

pages = Blueprint("exhibition", __name__)
Page = str | AnyResponse | tuple[str, int] | tuple[AnyResponse, int]
LEAF = 96  # photos a page
COMPARED = 4
LOG = 100  # decisions a page
TIPS = 4
ANYBODY = uuid.UUID(int=0)  # stands in an address for a photo that is known only in the browser


pages.context_processor(logout_button)


@pages.context_processor
def known() -> dict[str, Any]:
    return {
        "State": State,
        "states": sentences.STATES,
        "reasons": sentences.REASONS,
        "facets": sentences.FACETS,
        "papers": PAPERS,
        "most_stars": MOST_STARS,
        "moment": sentences.of_moment,
    }


# Exhibitions


@pages.route("/desk/projects/<uuid:project_id>/exhibitions", methods=["GET", "POST"])
@organiser(Right.SHORTLIST)
def exhibitions(project_id: uuid.UUID) -> Page:
    """A project's exhibitions, and a new one: sent twice, it is made once."""
    project = project_queries.project(project_id) or abort(404)
    form = ExhibitionForm(data={"id": str(new_id()), "languages": project.languages})
    form.languages.choices = [(code, language_name(code)) for code in project.languages]
    if request.method == "POST" and form.validate():
        with transaction():
            made = queries.exhibition(uuid.UUID(form.id.data))
            if made and made.project_id != project_id:
                abort(404)
            if made is None:
                spoken = [code for code in project.languages if code in form.languages.data]
                changes.add_exhibition(project_id, form.title.data, spoken, uuid.UUID(form.id.data))
        return redirect(url_for("exhibition.table", exhibition_id=form.id.data))
    if form.id.errors:
        form.id.data = str(new_id())
    found = queries.exhibitions_of(project_id)
    page = render_template(
        "exhibition/list.html",
        project=project,
        exhibitions=found,
        picked=queries.picked(each.id for each in found),
        form=form,
    )
    return (page, 422) if request.method == "POST" else page


def _project_of(exhibition: Any) -> Any:
    return project_queries.project(exhibition.project_id) or abort(404)


def _frames(exhibition: Any, compared: bool = False) -> list[Frame]:
    return queries.frames(exhibition, g.organiser.id, compared)


# The light table


@pages.get("/desk/exhibitions/<uuid:exhibition_id>/table")
@organiser(Right.SHORTLIST)
def table(exhibition_id: uuid.UUID) -> str:
    """All photos, to be picked or put out: as a grid, one large, or some side by side."""
    exhibition = queries.exhibition(exhibition_id) or abort(404)
    project = _project_of(exhibition)
    every = _frames(exhibition, compared=True)
    wanted = {facet: value for facet in FACETS if (value := request.args.get(facet))}
    shown = matching(every, wanted)
    at = request.args.get("at", type=int) or 0
    page = leaf(shown, LEAF, request.args.get("from", type=int), at)
    compared = _compared(every)
    sheets = queries.sheets(page.frames)
    current = next((sheet for sheet in sheets if sheet.frame.number == at), sheets[0] if sheets else None)
    view = request.args.get("view", "grid")
    beside = queries.sheets(compared) if view == "compare" else []
    if beside:
        current = next((sheet for sheet in beside if sheet.frame.number == at), beside[0])
    return render_template(
        "exhibition/table.html",
        exhibition=exhibition,
        project=project,
        view=view if view in ("grid", "loupe") or beside else "grid",
        sheets=sheets,
        current=current,
        beside=beside,
        page=page,
        shown=len(shown),
        total=len(every),
        wanted=wanted,
        filters=_filters(project, every, wanted),
        addresses=_addresses(exhibition_id, wanted, page),
        onward=_next(page, current.frame.number) if current else 0,
        anybody=ANYBODY,
        form=BackForm(),
        below=request.args.get("below", type=int),
        **_standing(project, every),
    )


def _next(page: Leaf, number: int) -> int:
    """The photo after this one; the last is its own next."""
    numbers = [frame.number for frame in page.frames]
    after = [*numbers, page.next or number]
    return after[numbers.index(number) + 1] if number in numbers else number


def _compared(every: Sequence[Frame]) -> list[Frame]:
    numbers = request.args.getlist("with", type=int)[:COMPARED]
    return [frame for frame in every if frame.number in numbers]


@dataclass(frozen=True)
class Addresses:
    """Pages of the same light table: with the filters that are set, and whatever a link changes."""

    exhibition_id: uuid.UUID
    wanted: Mapping[str, str]
    page: Leaf

    def __call__(self, **more: Any) -> str:
        start = self.page.frames[0].number if self.page.previous is not None else None
        said: dict[str, Any] = {**self.wanted, "from": start, **more}
        return url_for("exhibition.table", exhibition_id=self.exhibition_id, **said)

    def at(self, number: int, **more: Any) -> str:
        """The page with this photo as the current one."""
        return self(at=number, **(more | {"from": number} if number == self.page.next else more))

    def only(self, **wanted: str) -> str:
        """The first page with these filters instead of those set, all others as they are; an empty one is lifted."""
        said = {name: value for name, value in {**self.wanted, **wanted}.items() if value}
        return url_for("exhibition.table", exhibition_id=self.exhibition_id, **said)  # type: ignore[arg-type]


def _addresses(exhibition_id: uuid.UUID, wanted: Mapping[str, str], page: Leaf) -> Addresses:
    return Addresses(exhibition_id, wanted, page)


class Names:
    """What the values of filters and sides of the balance are called on a page."""

    def __init__(self, project: Any) -> None:
        self.labels: dict[str, Mapping[str, dict[str, str]]] = {
            "theme": {each["id"]: each["label"] for each in project.themes},
            "perspective": {each["id"]: each["label"] for each in project.perspectives},
        }
        self.places = queries.places(project.id)
        self.labels |= {"place": self.places.titles, "district": self.places.districts}

    def __call__(self, facet: str, value: str) -> str | Markup:
        if label := self.labels.get(facet, {}).get(value):
            return say(label)
        return self.plain(facet, value)

    def plain(self, facet: str, value: str) -> str:
        """The same without markup: for options, and inside sentences."""
        if label := self.labels.get(facet, {}).get(value):
            return pick(label)[0]
        if facet == "stop" and (stop := self.places.stops.get(value)):
            walk, number, name = stop
            return f"{pick(walk)[0]}: {number}. {pick(name)[0]}"
        if facet == "caption":
            return language_name(value) if value else sentences.NOTHING[facet]
        if facet == "author":
            return sentences.author(value)
        return str(sentences.VALUES.get(facet, {}).get(value, value) if value else sentences.NOTHING.get(facet, ""))


@dataclass(frozen=True)
class Choice:
    """One filter: its name, what it can be set to with how many photos each would show, and what it is set to."""

    facet: str
    options: Sequence[tuple[str, str, int]]
    chosen: str


def _filters(project: Any, every: Sequence[Frame], wanted: Mapping[str, str]) -> list[Choice]:
    names, found = Names(project), counts(every, wanted)
    offered = {
        "state": ["none", *(state.value for state in State if state)],
        "stars": [str(n) for n in range(1, MOST_STARS + 1)],
        "theme": [each["id"] for each in project.themes],
        "place": list(names.places.titles),
        "district": list(names.places.districts),
        "stop": list(names.places.stops),
        "light": list(sentences.LIGHTS),
        "author": sorted({str(frame.author) for frame in every}, key=int),
        "perspective": [each["id"] for each in project.perspectives],
        "caption": sorted({code for frame in every for code in frame.languages}),
        "leave": list(sentences.LEAVING),
    }
    return [
        Choice(
            facet,
            [
                (value, names.plain(facet, value), found[facet][value])
                for value in offered[facet]
                if found[facet][value] or value == wanted.get(facet) or facet == "state"
            ],
            wanted.get(facet, ""),
        )
        for facet in FACETS
    ]


def _standing(project: Any, every: Sequence[Frame]) -> dict[str, Any]:
    """How the shortlist stands: what is decided, the balance and where it tips."""
    names, found = Names(project), balance(every)
    decided = {state: sum(frame.state is state for frame in every) for state in State}
    return {
        "decided": decided,
        "balance": found,
        "balanced": BALANCED,
        "tips": sentences.of_balance(found, tips(found), names.plain)[:TIPS],
        "named": names,
        "blocked": sum(frame.state is State.PICK and bool(frame.refusal) for frame in every),
    }


# Decisions


@pages.post("/desk/exhibitions/<uuid:exhibition_id>/photos/<uuid:photo_id>/mark")
@organiser(Right.SHORTLIST)
def mark(exhibition_id: uuid.UUID, photo_id: uuid.UUID) -> Page:
    """A decision on a photo. Where somebody else has decided meanwhile, both are shown and nothing is written."""
    photo = _seen(photo_id)
    form = MarkForm()
    if not form.validate():
        return _not_taken()
    wish = form.wish()
    try:
        with transaction():
            photo = _seen(photo_id)
            marked = changes.mark(exhibition_id, photo_id, wish, g.organiser.id, form.revision.data)
            number, became = photo.number, State(marked.state)
    except changes.Changed:
        return _conflict(exhibition_id, photo_id, wish, form)
    refusal = photo_queries.refusals([photo], Exit.EXHIBITION)[photo_id]
    reason = refusal.name.lower() if refusal else ""
    return _done(exhibition_id, photo_id, form, sentences.of_decision(number, wish, became, reason))


@pages.post("/desk/exhibitions/<uuid:exhibition_id>/photos/<uuid:photo_id>/stars")
@organiser(Right.SHORTLIST)
def stars(exhibition_id: uuid.UUID, photo_id: uuid.UUID) -> Page:
    """The curator's own stars."""
    photo = _seen(photo_id)
    form = StarsForm()
    if not form.validate():
        return _not_taken()
    with transaction():
        photo = _seen(photo_id)
        changes.rate(exhibition_id, photo_id, g.organiser.id, form.stars.data)
        number = photo.number
    return _done(exhibition_id, photo_id, form, sentences.of_stars(number, form.stars.data))


@pages.post("/desk/exhibitions/<uuid:exhibition_id>/undo")
@organiser(Right.SHORTLIST)
def undo(exhibition_id: uuid.UUID) -> Page:
    """Takes back the curator's last decision or stars, unless somebody else has decided on that photo since."""
    form = UndoForm()
    if not form.validate():
        return _not_taken()
    try:
        with transaction():
            undone = changes.undo(exhibition_id, g.organiser.id, form.below.data)
    except changes.DecidedSince as decided:
        who = people_queries.organisers([decided.since.by]) if decided.since.by else {}
        name = next((account.email for account in who.values()), None)
        sentence = sentences.of_decided_since(_number(decided.mine.photo), decided.since, name)
        return _done(exhibition_id, decided.mine.photo, form, sentence, below=decided.mine.order)
    if undone is None:
        return _done(exhibition_id, None, form, sentences.nothing_to_undo())
    return _done(exhibition_id, undone.photo, form, sentences.of_undoing(_number(undone.photo), undone.stands))


def _number(photo_id: uuid.UUID) -> int:
    """A decided photo's number, also of one that the desk may not see any more."""
    photo = photo_queries.photo(photo_id)
    return photo.number if photo else 0


def _seen(photo_id: uuid.UUID) -> Any:
    """A photo that the desk may see."""
    photo = photo_queries.photo(photo_id) or abort(404)
    return photo if photo_queries.refusals([photo], Exit.DESK)[photo_id] is None else abort(410)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _not_taken() -> Page:
    if _wants_json():
        return jsonify(sentence=sentences.not_taken()), 422
    return abort(422)


def _done(
    exhibition_id: uuid.UUID, photo_id: uuid.UUID | None, form: BackForm, sentence: str, below: int | None = None
) -> Page:
    """Back to where the form was; or everything on the page that a decision changes."""
    if not _wants_json():
        flash(sentence)
        back = safe_path(form.then.data) if form.then.data else _table(exhibition_id)
        return redirect(_below(back, below))
    exhibition = queries.exhibition(exhibition_id) or abort(404)
    project, every = _project_of(exhibition), _frames(exhibition)
    standing = _standing(project, every)
    frame = next((each for each in every if each.id == photo_id), None)
    return jsonify(
        sentence=sentence,
        below=below,
        balance=render_template("exhibition/balance.html", **standing),
        decided={state.value or "none": n for state, n in standing["decided"].items()},
        photo=_told(frame) if frame else None,
    )


def _told(frame: Frame) -> dict[str, Any]:
    return {
        "id": str(frame.id),
        "number": frame.number,
        "state": frame.state.value,
        "revision": frame.revision,
        "stars": frame.mine,
        "mean": frame.mean,
        "judges": frame.judges,
        "refusal": frame.refusal,
    }


def _table(exhibition_id: uuid.UUID) -> str:
    return url_for("exhibition.table", exhibition_id=exhibition_id)


def _below(address: str, below: int | None) -> str:
    """The address with `below` in its query, or without."""
    path, _, query = address.partition("?")
    said = [(name, value) for name, value in parse_qsl(query) if name != "below"]
    said += [] if below is None else [("below", str(below))]
    return f"{path}?{urlencode(said)}" if said else path


def _conflict(exhibition_id: uuid.UUID, photo_id: uuid.UUID, wish: State, form: MarkForm) -> Page:
    exhibition = queries.exhibition(exhibition_id) or abort(404)
    project = _project_of(exhibition)
    photo, stands = _seen(photo_id), queries.mark_of(exhibition_id, photo_id)
    state, revision = (State(stands.state), stands.revision) if stands else (State.NONE, 0)
    who = queries.names_of([stands]).get(stands.organiser_id) if stands and stands.organiser_id else None
    when = sentences.of_moment(stands.at, project.zone) if stands else ""
    sentence = sentences.of_conflict(photo.number, state, who, when, wish)
    if _wants_json():
        told = {"state": state.value, "revision": revision, "who": who, "when": when, "wish": wish.value}
        words = {"stands": str(sentences.STATES[state]), "wished": str(sentences.STATES[wish])}
        return jsonify(sentence=sentence, photo=str(photo_id), number=photo.number, **told, **words), 409
    page = render_template(
        "exhibition/conflict.html",
        exhibition=exhibition,
        project=project,
        photo=photo,
        state=state,
        wish=wish,
        revision=revision,
        sentence=sentence,
        form=form,
        back=safe_path(form.then.data) if form.then.data else _table(exhibition_id),
    )
    return page, 409


@pages.get("/desk/exhibitions/<uuid:exhibition_id>/log")
@organiser(Right.SHORTLIST)
def log(exhibition_id: uuid.UUID) -> str:
    """Every decision, the newest first: who, when, from what to what."""
    exhibition = queries.exhibition(exhibition_id) or abort(404)
    entries = queries.log(exhibition_id, request.args.get("below", type=int), LOG + 1)
    return render_template(
        "exhibition/log.html",
        exhibition=exhibition,
        project=_project_of(exhibition),
        entries=entries[:LOG],
        older=entries[LOG - 1].order if len(entries) > LOG else None,
    )


# To ask


@pages.get("/desk/exhibitions/<uuid:exhibition_id>/ask")
@organiser(Right.SHORTLIST)
def ask(exhibition_id: uuid.UUID) -> str:
    """Wanted photos: whom to ask for what; and those that can be picked now, because the yes has come."""
    exhibition = queries.exhibition(exhibition_id) or abort(404)
    every = _frames(exhibition)
    sheets = queries.sheets([frame for frame in every if frame.state is State.WANTED])
    project = _project_of(exhibition)
    return render_template(
        "exhibition/ask.html",
        exhibition=exhibition,
        project=project,
        asked=[sheet for sheet in sheets if sheet.frame.refusal],
        agreed=[sheet for sheet in sheets if not sheet.frame.refusal],
        contact=queries.may_contact([sheet.photo for sheet in sheets]),
        spoken=queries.languages_of([sheet.photo for sheet in sheets]),
        names=Names(project),
        form=BackForm(),
    )


# The shortlist


@pages.get("/desk/exhibitions/<uuid:exhibition_id>/shortlist")
@organiser(Right.SHORTLIST)
def shortlist(exhibition_id: uuid.UUID) -> str:
    """The picked photos in the order in which they hang: how large they print, what is missing, what is blocked."""
    exhibition = queries.exhibition(exhibition_id) or abort(404)
    project, every = _project_of(exhibition), _frames(exhibition, compared=True)
    by_id = {frame.id: frame for frame in every}
    order = [by_id[photo_id] for photo_id in queries.shortlist(exhibition_id) if photo_id in by_id]
    sheets = queries.sheets(order)
    owed = photo_queries.owed_of([each.frame.id for each in sheets if not (each.original or each.frame.refusal)])
    return render_template(
        "exhibition/shortlist.html",
        exhibition=exhibition,
        project=project,
        sheets=sheets,
        order=[frame.id for frame in order],
        alike=too_alike(every),
        lacking=unlabelled(
            ((frame.number, frame.languages) for frame in order if not frame.refusal), exhibition.languages
        ),
        anybody=ANYBODY,
        form=BackForm(),
        owed=owed,
        askers=people_queries.addresses({each.by for each in owed if each.by}),
        **_standing(project, every),
    )


@pages.post("/desk/exhibitions/<uuid:exhibition_id>/photos/<uuid:photo_id>/place")
@organiser(Right.SHORTLIST)
def place(exhibition_id: uuid.UUID, photo_id: uuid.UUID) -> Page:
    """Hangs one photo elsewhere in the order as it is now, whoever has changed that meanwhile."""
    photo = _seen(photo_id)
    form = OrderForm()
    if not form.validate():
        return _not_taken()
    before = uuid.UUID(form.before.data) if form.before.data else None
    try:
        with transaction():
            number = _seen(photo_id).number
            if form.place.data is None:
                order = changes.move_before(exhibition_id, photo_id, before)
            else:
                order = changes.move_to(exhibition_id, photo_id, form.place.data)
            seen = [each for each in order if each in _ids(exhibition_id)]
    except NotThere:
        return _gone(exhibition_id, photo.number, form)
    at = seen.index(photo_id) + 1
    sentence = sentences.of_place(number, at, len(seen))
    if _wants_json():
        return jsonify(sentence=sentence, order=[str(each) for each in seen])
    flash(sentence)
    return redirect(url_for("exhibition.shortlist", exhibition_id=exhibition_id, _anchor=f"no-{number}"))


def _ids(exhibition_id: uuid.UUID) -> set[uuid.UUID]:
    exhibition = queries.exhibition(exhibition_id) or abort(404)
    return {frame.id for frame in _frames(exhibition)}


def _gone(exhibition_id: uuid.UUID, number: int, form: OrderForm) -> Page:
    sentence = sentences.of_gone(number)
    if _wants_json():
        return jsonify(sentence=sentence), 409
    flash(sentence)
    return redirect(url_for("exhibition.shortlist", exhibition_id=exhibition_id))
