"""What is done on a meeting's board: each change is saved at once, and its answer says how to undo it.

A script asks for JSON; a form without one is led back to the board, which then says the same.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from webapp.database import transaction
from webapp.doors import Right, organiser
from webapp.meeting import changes, queries
from webapp.meeting.forms import BoardForm, GroupForm, NewGroupForm, NoteForm
from webapp.meeting.rules import Edit, Move, Overwritten, merged
from webapp.meeting.suggested import SUGGESTS, suggestions, taken_up
from webapp.people.forms import logout_button
from webapp.project import queries as project_queries

api = Blueprint("board", __name__)
api.context_processor(logout_button)
Answer = AnyResponse | tuple[Response | str, int] | Response
Undo = dict[str, Any]
MOST_IN_A_COOKIE = 1500  # characters; what undoes a larger change is offered to scripts alone


@api.get("/desk/meetings/<uuid:meeting_id>/board.json")
@organiser(Right.ANSWERS)
def board(meeting_id: uuid.UUID) -> Response:
    """Where everything lies now."""
    return jsonify(_state(queries.meeting(meeting_id) or abort(404)))


@api.post("/desk/meetings/<uuid:meeting_id>/groups")
@organiser(Right.BOARD)
def add(meeting_id: uuid.UUID) -> Answer:
    """A new group at the end: sent twice, it is made once."""
    form = NewGroupForm()
    if not form.validate():
        return _refused(meeting_id, form)
    group_id = uuid.UUID(form.id.data)
    with transaction():
        if queries.group(meeting_id, group_id) is None:
            changes.add_group(meeting_id, form.name.data, group_id=group_id)
    undo = _undo(url_for("board.delete", meeting_id=meeting_id), [("group", str(group_id))])
    return _answer(meeting_id, gettext("The group is made."), undo, focus=str(group_id))


@api.post("/desk/meetings/<uuid:meeting_id>/groups/suggested")
@organiser(Right.BOARD)
def take_up(meeting_id: uuid.UUID) -> Answer:
    """Makes groups of suggestions: of one (`key`) or of all. What lies in a group already stays there."""
    form = BoardForm()
    if not form.validate():
        return _refused(meeting_id, form)
    meeting = queries.meeting(meeting_id) or abort(404)
    project = project_queries.project(meeting.project_id) or abort(404)
    by = next((each for each in SUGGESTS if each.value == request.form.get("by")), None) or abort(422)
    key, made = request.form.get("key"), list[str]()
    with transaction():
        wall = queries.wall(project.id)
        chosen = [each for each in suggestions(project, wall.photos.values(), by) if key in (None, each.key)]
        loose = [each.number for each in queries.board(meeting_id, wall).loose]
        for name, photos in taken_up(chosen, loose):
            made.append(str(changes.add_group(meeting_id, name, photos=photos).id))
    if not made:
        return _answer(meeting_id, gettext("No group was made: all of these photos lie in your groups already."))
    says = ngettext("%(num)s group is made.", "%(num)s groups are made.", len(made))
    return _answer(
        meeting_id, says, _undo(url_for("board.delete", meeting_id=meeting_id), [("group", each) for each in made])
    )


@api.post("/desk/meetings/<uuid:meeting_id>/groups/<uuid:group_id>")
@organiser(Right.BOARD)
def write(meeting_id: uuid.UUID, group_id: uuid.UUID) -> Answer:
    """A group's name and note. Where somebody else wrote meanwhile, both are shown."""
    form = GroupForm()
    if not form.validate():
        return _refused(meeting_id, form)
    name, note = Edit(form.name_was.data, form.name.data), Edit(form.note_was.data, form.note.data)
    overwritten = False
    with transaction():
        group = queries.group(meeting_id, group_id)
        if group is None or group.deleted:
            return _answer(meeting_id, gettext("Somebody has deleted this group. Your words were not kept."), lost=1)
        before = {"name": group.name, "note": group.note}
        try:
            changes.write_group(group, name, note, form.revision.data)
        except Overwritten:
            overwritten = True
        after = {"name": group.name, "note": group.note}
        revision = group.revision
    address = url_for("board.write", meeting_id=meeting_id, group_id=group_id)
    if overwritten:
        latest = form.revision.data == revision
        mine = {"name": _mine(after["name"], name, latest), "note": _mine(after["note"], note, latest)}
        return _both(meeting_id, address, mine, after, revision)
    return _answer(meeting_id, gettext("Saved."), _undo_words(address, before, after, revision))


@api.post("/desk/meetings/<uuid:meeting_id>/note")
@organiser(Right.BOARD)
def note(meeting_id: uuid.UUID) -> Answer:
    """The note for the whole meeting, kept like a group's."""
    form = NoteForm()
    if not form.validate():
        return _refused(meeting_id, form)
    said, overwritten = Edit(form.note_was.data, form.note.data), False
    with transaction():
        meeting = queries.meeting(meeting_id) or abort(404)
        before = {"note": meeting.note}
        try:
            changes.write_note(meeting, said, form.revision.data)
        except Overwritten:
            overwritten = True
        after, revision = {"note": meeting.note}, meeting.revision
    address = url_for("board.note", meeting_id=meeting_id)
    if overwritten:
        return _both(meeting_id, address, {"note": said.text}, after, revision)
    return _answer(meeting_id, gettext("Saved."), _undo_words(address, before, after, revision))


@api.post("/desk/meetings/<uuid:meeting_id>/groups/delete")
@organiser(Right.BOARD)
def delete(meeting_id: uuid.UUID) -> Answer:
    """Takes groups off the board; their photos are not grouped any more."""
    form = BoardForm()
    if not form.validate():
        return _refused(meeting_id, form)
    with transaction():
        groups = [group for group in _named(meeting_id) if not group.deleted]
        for group in groups:
            changes.delete_group(group)
        named = [("group", str(group.id)) for group in groups]
    says = ngettext(
        "The group is deleted. Its photos are not grouped yet.",
        "%(num)s groups are deleted. Their photos are not grouped yet.",
        len(named),
    )
    return _answer(meeting_id, says, _undo(url_for("board.restore", meeting_id=meeting_id), named))


@api.post("/desk/meetings/<uuid:meeting_id>/groups/restore")
@organiser(Right.BOARD)
def restore(meeting_id: uuid.UUID) -> Answer:
    """Brings deleted groups back, with those of their photos that nobody has put elsewhere."""
    form = BoardForm()
    if not form.validate():
        return _refused(meeting_id, form)
    with transaction():
        groups = _named(meeting_id)
        for group in groups:
            changes.restore_group(group)
        named = [("group", str(group.id)) for group in groups]
    says = ngettext("The group is back.", "%(num)s groups are back.", len(named))
    return _answer(meeting_id, says, _undo(url_for("board.delete", meeting_id=meeting_id), named))


@api.post("/desk/meetings/<uuid:meeting_id>/groups/order")
@organiser(Right.BOARD)
def order(meeting_id: uuid.UUID) -> Answer:
    """A new order of the groups: all of them (`group`, several times), or one of them `earlier` or `later`."""
    form = BoardForm()
    if not form.validate():
        return _refused(meeting_id, form)
    with transaction():
        groups = list(queries.groups_of(meeting_id))
        before = [group.id for group in groups]
        wanted = [group.id for group in _named(meeting_id)]
        for way, step in (("earlier", -1), ("later", 1)):
            if moved := _uuid(request.form.get(way)):
                wanted = _shifted(before, moved, step)
        changes.order_groups(groups, wanted)
    undo = _undo(url_for("board.order", meeting_id=meeting_id), [("group", str(each)) for each in before])
    return _answer(meeting_id, gettext("The groups are in a new order."), undo)


def _shifted(order: Sequence[uuid.UUID], moved: uuid.UUID, step: int) -> list[uuid.UUID]:
    shifted = [each for each in order if each != moved]
    if moved in order:
        shifted.insert(max(0, order.index(moved) + step), moved)
    return shifted


@api.post("/desk/meetings/<uuid:meeting_id>/placings")
@organiser(Right.BOARD)
def place(meeting_id: uuid.UUID) -> Answer:
    """Puts photos into a group or out of any. One that somebody else has moved meanwhile stays where it lies now."""
    form = BoardForm()
    if not form.validate():
        return _refused(meeting_id, form)
    target = str(_uuid(request.form.get("to")) or "") or None
    try:
        moves = [Move.read(each, target) for each in request.form.getlist("photo")]
    except ValueError:
        abort(422)
    if not moves:
        return _answer(meeting_id, gettext("Tick a photo first."))
    meeting = queries.meeting(meeting_id) or abort(404)
    with transaction():
        done, stayed, gone = _place(meeting, moves)
    back = [(move.origin, move.target) for move in done]
    undo = _undo(url_for("board.place", meeting_id=meeting_id), [("photo", str(move)) for move in reversed(done)])
    seen = queries.board(meeting_id, queries.wall(meeting.project_id))
    says = [_lies_now(seen, [move.number for move in done], back[0][0])] if done else []
    says += [_moved_by_another(seen, number) for number in stayed]
    says += [gettext("Photo %(number)s may not be shown any more.", number=number) for number in gone]
    return _answer(meeting_id, " ".join(says), undo if done else None, seen)


def _place(meeting: Any, moves: Sequence[Move]) -> tuple[list[Move], list[int], list[int]]:
    """What undoes each move that was made; the numbers of photos that lay elsewhere, and of those that may not be
    shown any more."""
    photos = queries.showable(
        meeting.project_id, {each for move in moves for each in (move.number, move.before or 0)}
    )
    groups = {str(group.id): group for group in queries.groups_of(meeting.id)}
    lay = queries.lie(meeting.id)
    back, stayed, gone = dict[int, Move](), list[int](), list[int]()
    for move in moves:
        photo, (lies, follower) = photos.get(move.number), lay.get(move.number, (None, None))
        if photo is None:
            gone.append(move.number)
        elif lies != move.origin or (move.target and move.target not in groups):
            stayed += [move.number] if lies != move.target else []
        else:
            before = photos.get(move.before or 0)
            if move.target:
                changes.place_in_group(groups[move.target], photo.id, before.id if before else None)
            else:
                changes.take_from_groups(meeting.id, photo.id)
            back[move.number] = Move(move.number, move.target, lies, follower)
    return list(back.values()), stayed, gone


def _lies_now(board: queries.Board, numbers: Sequence[int], group_id: str | None) -> str:
    group = board.group(_uuid(group_id))
    if group is None:
        return str(
            ngettext(
                "Photo %(numbers)s is not grouped now.",
                "Photos %(numbers)s are not grouped now.",
                len(numbers),
                numbers=_few(numbers),
            )
        )
    return str(
        ngettext(
            "Photo %(numbers)s is in %(group)s now.",
            "Photos %(numbers)s are in %(group)s now.",
            len(numbers),
            numbers=_few(numbers),
            group=_called(group),
        )
    )


def _moved_by_another(board: queries.Board, number: int) -> str:
    group = board.home_of(number)
    if group is None:
        return str(gettext("Somebody else has moved photo %(number)s: it is not grouped now.", number=number))
    return str(
        gettext(
            "Somebody else has moved photo %(number)s: it is in %(group)s now.", number=number, group=_called(group)
        )
    )


def _called(group: queries.Group) -> str:
    return f"{group.letter} “{group.row.name}”" if group.row.name else group.letter


def _few(numbers: Sequence[int]) -> str:
    told = ", ".join(str(number) for number in numbers[:8])
    return told if len(numbers) <= 8 else f"{told}, …"


def _named(meeting_id: uuid.UUID) -> list[Any]:
    """The groups of this meeting that the request names."""
    ids = [_uuid(each) for each in request.form.getlist("group")]
    return [group for each in ids if each and (group := queries.group(meeting_id, each))]


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _undo(address: str, fields: Iterable[tuple[str, str]]) -> Undo:
    """A request that takes a change back."""
    return {"address": address, "fields": [list(field) for field in fields]}


def _undo_words(address: str, before: Mapping[str, str], after: Mapping[str, str], revision: int) -> Undo | None:
    if before == after:
        return None
    was = {f"{name}_was": text for name, text in after.items()}
    return _undo(address, {**before, **was, "revision": str(revision)}.items())


def _mine(now: str, edit: Edit, latest: bool) -> str:
    """What a text would say if whoever was overtaken had their way."""
    try:
        return merged(now, edit, latest)
    except Overwritten:
        return edit.text


def _state(meeting: Any, seen: queries.Board | None = None) -> dict[str, Any]:
    seen = seen or queries.board(meeting.id, queries.wall(meeting.project_id))
    return {
        "groups": [
            {
                "id": str(group.row.id),
                "letter": group.letter,
                "name": group.row.name,
                "note": group.row.note,
                "revision": group.row.revision,
                "photos": [each.number for each in group.photos],
            }
            for group in seen.groups
        ],
        "loose": [each.number for each in seen.loose],
        "note": meeting.note,
        "revision": meeting.revision,
    }


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _answer(
    meeting_id: uuid.UUID, says: str, undo: Undo | None = None, seen: queries.Board | None = None, **more: Any
) -> Answer:
    if _wants_json():
        meeting = queries.meeting(meeting_id) or abort(404)
        return jsonify({"says": says, "undo": undo, "state": _state(meeting, seen), **more})
    told: dict[str, Any] = {"meeting": str(meeting_id), "says": says}
    if undo and sum(len(name) + len(text) for name, text in undo["fields"]) < MOST_IN_A_COOKIE:
        told["undo"] = undo
    session["board"] = told
    return redirect(url_for("meeting.groups", meeting_id=meeting_id))


def _refused(meeting_id: uuid.UUID, form: Any) -> Answer:
    """A form that did not hold; most likely its token is another login's, so a new one comes along."""
    wrong = [str(each) for name, said in form.errors.items() if name != "csrf_token" for each in said]
    says = " ".join(wrong) or gettext("This page had been open for too long. Nothing was changed; try once more.")
    if _wants_json():
        return jsonify({"says": says, "token": BoardForm().csrf_token.current_token}), 422
    session["board"] = {"meeting": str(meeting_id), "says": says}
    return redirect(url_for("meeting.groups", meeting_id=meeting_id))


def _both(
    meeting_id: uuid.UUID, address: str, mine: Mapping[str, str], theirs: Mapping[str, str], revision: int
) -> Answer:
    """Both texts, for whoever would have written over somebody else's."""
    meeting = queries.meeting(meeting_id) or abort(404)
    project = project_queries.project(meeting.project_id) or abort(404)
    told = {
        "meeting": meeting,
        "project": project,
        "address": address,
        "mine": mine,
        "theirs": theirs,
        "revision": revision,
        "token": BoardForm(),
    }
    if _wants_json():
        html = render_template("meeting/both.html", **told)
        says = gettext("Somebody else has changed the same words. Both are here: choose.")
        return jsonify({"says": says, "html": html, "state": _state(meeting)}), 409
    return render_template("meeting/overwritten.html", **told), 409
