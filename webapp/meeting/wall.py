"""What a meeting shows and takes home: pictures, the presentation, minutes. Nothing is changed."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for
from flask_babel import format_date, gettext
from werkzeug.http import dump_options_header

from webapp.consent.rules import Exit
from webapp.doors import Right, organiser
from webapp.meeting import queries
from webapp.meeting.minutes import make_docx
from webapp.meeting.queries import Board, Shown, Wall
from webapp.meeting.suggested import author_name
from webapp.people.forms import logout_button
from webapp.photo import exits
from webapp.photo import queries as photo_queries
from webapp.project import queries as project_queries
from webapp.words import current_language, pick

wall = Blueprint("wall", __name__)
wall.context_processor(logout_button)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@wall.app_template_global()
def in_order(caption: dict[str, str]) -> list[tuple[str, str]]:
    """A caption in its languages, that of the page first."""
    first = pick(caption)[1]
    return sorted(((code, text) for code, text in caption.items() if text), key=lambda each: each[0] != first)


@wall.get("/desk/meetings/<uuid:meeting_id>/photos/<uuid:photo_id>/<int:edge>.jpg")
@organiser(Right.ANSWERS)
def picture(meeting_id: uuid.UUID, photo_id: uuid.UUID, edge: int) -> Response:
    """A size of a photo, as long as its author agrees to its being shown at meetings."""
    photo = photo_queries.photo(photo_id) or abort(404)
    try:
        path = exits.leave(photo, Exit.MEETING, edge)
    except exits.Refused as refused:
        abort(410 if refused.reason else 404)
    return send_file(path, mimetype="image/jpeg", conditional=True, etag=f"{photo.sha256}-{edge}")


@dataclass(frozen=True)
class Choice:
    """Photos that were asked for together. `query` asks for them again; `name` is empty where the group has none."""

    name: str
    letter: str
    photos: Sequence[Shown]
    query: dict[str, str]


def _choice(board: Board, wall: Wall) -> Choice:
    """What the address asks for: a group, an author's photos, those in no group; else all, group by group."""
    if group_id := request.args.get("group"):
        group = next((each for each in board.groups if str(each.row.id) == group_id), None) or abort(404)
        return Choice(group.row.name, group.letter, group.photos, {"group": group_id})
    if number := request.args.get("author"):
        mine = [each for each in wall.photos.values() if str(each.author) == number] or abort(404)
        return Choice(author_name(mine[0].author, mine), "", mine, {"author": number})
    if "ungrouped" in request.args:
        return Choice(gettext("Not grouped yet"), "", board.loose, {"ungrouped": "1"})
    return Choice("", "", [*(each for group in board.groups for each in group.photos), *board.loose], {})


@wall.get("/desk/meetings/<uuid:meeting_id>/show")
@organiser(Right.ANSWERS)
def show(meeting_id: uuid.UUID) -> str:
    """One photo at a time, for the projector: a group, an author's photos, or all."""
    meeting = queries.meeting(meeting_id) or abort(404)
    seen = queries.wall(meeting.project_id)
    choice = _choice(queries.board(meeting_id, seen), seen)
    at = request.args.get("at", type=int)
    index = next((index for index, each in enumerate(choice.photos) if each.number == at), 0)
    return render_template("meeting/show.html", meeting=meeting, choice=choice, index=index)


@wall.get("/desk/meetings/<uuid:meeting_id>/minutes")
@organiser(Right.ANSWERS)
def minutes(meeting_id: uuid.UUID) -> str:
    """What the meeting was, who came, its groups with their notes and photos."""
    meeting = queries.meeting(meeting_id) or abort(404)
    project = project_queries.project(meeting.project_id) or abort(404)
    board = queries.board(meeting_id, queries.wall(project.id))
    return render_template(
        "meeting/minutes.html",
        meeting=meeting,
        project=project,
        board=board,
        attendance=_attendance(meeting, project),
        picture=_address(meeting_id, 320),
    )


@wall.get("/desk/meetings/<uuid:meeting_id>/minutes.docx")
@organiser(Right.ANSWERS)
def minutes_file(meeting_id: uuid.UUID) -> Response:
    """The same as a document to go on writing in."""
    meeting = queries.meeting(meeting_id) or abort(404)
    project = project_queries.project(meeting.project_id) or abort(404)
    board = queries.board(meeting_id, queries.wall(project.id))
    made = make_docx(
        meeting,
        project,
        board,
        _attendance(meeting, project),
        _path,
        current_language(),
        in_order,
    )
    day = format_date(meeting.starts, "yyyy-MM-dd")
    return _file(made, DOCX, gettext("Meeting minutes") + f" {day}.docx")


def _path(shown: Shown) -> Path | None:
    """A photo's smallest file, if it may leave and is there."""
    try:
        return exits.leave(shown.photo, Exit.MEETING, 320)
    except exits.Refused:
        return None


def _address(meeting_id: uuid.UUID, edge: int) -> Any:
    return lambda shown: url_for("wall.picture", meeting_id=meeting_id, photo_id=shown.photo.id, edge=edge)


def _attendance(meeting: Any, project: Any) -> list[tuple[str, int]]:
    """Heads by perspective, in the project's order; the others last."""
    names = {each["id"]: pick(each["label"])[0] for each in project.perspectives}
    order: Iterable[str] = [*names, *(key for key in meeting.attendance if key not in names)]
    return [
        (names.get(key, gettext("Others")), meeting.attendance[key]) for key in order if meeting.attendance.get(key)
    ]


def _file(data: bytes, kind: str, name: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
    return response
