"""A project's meetings as organisers make them, and the page of each one's groups."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent.rules import Refusal
from webapp.database import new_id, now, transaction
from webapp.doors import RIGHTS, Right, organiser
from webapp.mark import N_
from webapp.meeting import changes, queries
from webapp.meeting.forms import KINDS, BoardForm, MeetingForm
from webapp.meeting.rules import By, MeetingKind
from webapp.meeting.suggested import suggestions
from webapp.people.forms import logout_button
from webapp.project import queries as project_queries

pages = Blueprint("meeting", __name__)
pages.context_processor(logout_button)
Page = str | AnyResponse | tuple[str, int]
UNNAMED = "other"  # in `attendance`: who came without a perspective of the project's
BYS = {
    By.OWN: N_("Our groups"),
    By.THEME: N_("By theme"),
    By.PLACE: N_("By place"),
    By.STOP: N_("By walk and stop"),
    By.LIGHT: N_("By up and down"),
    By.AUTHOR: N_("By author"),
    By.LIKENESS: N_("By likeness"),
}
EXPLAINED = {
    By.PLACE: N_(
        "A photo lies with another one that is within 150 m of it, and with all that hang together in this way; "
        "each place is called after the nearest stop."
    ),
    By.LIKENESS: N_(
        "What one person took within ten minutes and looks nearly the same, and copies of one picture. It is a "
        "guess: look before you leave one out."
    ),
}
REASONS: Mapping[str, str] = {
    Refusal.NOT_AGREED.value: N_("%(num)s not agreed"),
    Refusal.WITHDRAWN.value: N_("%(num)s taken back"),
    Refusal.NOT_LOOKED.value: N_("%(num)s at which nobody has looked yet"),
    queries.UNKNOWN: N_("%(num)s without a picture yet"),
}


@pages.app_context_processor
def meeting_words() -> dict[str, Any]:
    return {"meeting_kind": lambda kind: KINDS[MeetingKind(kind)], "photo_words": photo_words}


def photo_words(photo: Any) -> str:
    """A photo in words, for who cannot see it: its number and its caption."""
    said = " / ".join(photo.words.values()) or gettext("Without a caption")
    return f"{photo.number}. {said}"


def may_group() -> bool:
    return g.role in RIGHTS[Right.BOARD]


@pages.get("/desk/projects/<uuid:project_id>/meetings")
@organiser(Right.ANSWERS)
def meetings(project_id: uuid.UUID) -> str:
    """A project's meetings by date."""
    project = project_queries.project(project_id) or abort(404)
    return render_template(
        "meeting/meetings.html", project=project, meetings=queries.meetings_of(project_id), moment=now()
    )


@pages.route("/desk/projects/<uuid:project_id>/meetings/new", methods=["GET", "POST"])
@organiser(Right.WALKS)
def new(project_id: uuid.UUID) -> Page:
    """A new meeting: sent twice, it is made once."""
    project = project_queries.project(project_id) or abort(404)
    soon = now().astimezone(ZoneInfo(project.zone)) + timedelta(days=14)
    begins = soon.replace(hour=17, minute=0, second=0, microsecond=0, tzinfo=None)
    form = _form(project, {"id": str(new_id()), "starts": begins, "kind": MeetingKind.WORKSHOP.value})
    if request.method == "POST" and form.validate():
        meeting_id = uuid.UUID(form.id.data)
        with transaction():
            known = queries.meeting(meeting_id)
            if known and known.project_id != project_id:
                abort(404)
            if known is None:
                kind, facts = MeetingKind(form.kind.data), form.facts(project.languages, {})
                changes.add_meeting(project_id, kind, meeting_id=meeting_id, **facts)
        return redirect(url_for("meeting.groups", meeting_id=meeting_id))
    if form.id.errors:
        form.id.data = str(new_id())
    return _form_page(form, project, None)


@pages.route("/desk/meetings/<uuid:meeting_id>/edit", methods=["GET", "POST"])
@organiser(Right.WALKS)
def edit(meeting_id: uuid.UUID) -> Page:
    """When and where a meeting is, and who came. Over somebody else's change nobody writes without having seen it."""
    meeting = queries.meeting(meeting_id) or abort(404)
    project = project_queries.project(meeting.project_id) or abort(404)
    form = _form(project, _said(meeting, project.zone))
    form.was, form.id.data = meeting.starts, str(meeting_id)
    overtaken = False
    if request.method == "POST" and form.validate():
        with transaction():
            meeting = queries.meeting(meeting_id) or abort(404)
            overtaken = form.revision.data != meeting.revision
            if not overtaken:
                facts = form.facts(project.languages, meeting.title)
                changes.edit_meeting(meeting, {**facts, "kind": form.kind.data})
        if not overtaken:
            return redirect(url_for("meeting.edit", meeting_id=meeting_id, saved=1))
        form.revision.data = meeting.revision
        form.revision.raw_data = None
    return _form_page(form, project, meeting, overtaken)


def _said(meeting: Any, zone: str) -> dict[str, Any]:
    return {
        "id": str(meeting.id),
        "revision": meeting.revision,
        "kind": meeting.kind,
        "title": meeting.title,
        "starts": meeting.starts.astimezone(ZoneInfo(zone)).replace(tzinfo=None),
        "where": meeting.where,
        "attendance": meeting.attendance,
    }


def _form(project: Any, said: dict[str, Any]) -> MeetingForm:
    form = MeetingForm(data=said)
    form.zone = project.zone
    form.attendance.wanted = [*(each["id"] for each in project.perspectives), UNNAMED]
    return form


def _form_page(form: MeetingForm, project: Any, meeting: Any | None, overtaken: bool = False) -> Page:
    page = render_template(
        "meeting/meeting_form.html",
        form=form,
        project=project,
        meeting=meeting,
        now_there=_said(meeting, project.zone) if overtaken else None,
        lines=[*project.perspectives, {"id": UNNAMED, "label": None}],
    )
    return (page, 409 if overtaken else 422) if request.method == "POST" else page


@pages.get("/desk/meetings/<uuid:meeting_id>/groups")
@organiser(Right.ANSWERS)
def groups(meeting_id: uuid.UUID) -> str:
    """All photos that the meeting may see, put together by what was asked for: by the group itself, or suggested."""
    meeting = queries.meeting(meeting_id) or abort(404)
    project = project_queries.project(meeting.project_id) or abort(404)
    by = next((each for each in By if each.value == request.args.get("by")), By.OWN)
    wall = queries.wall(project.id)
    board = queries.board(meeting_id, wall)
    told = session.pop("board", {}) if by is By.OWN and session.get("board") else {}
    return render_template(
        f"meeting/{'board' if by is By.OWN else 'suggested'}.html",
        meeting=meeting,
        project=project,
        wall=wall,
        board=board,
        by=by,
        bys=BYS,
        explained=EXPLAINED.get(by, ""),
        reasons=REASONS,
        may=may_group(),
        token=BoardForm(),
        told=told if told.get("meeting") == str(meeting_id) else {},
        fresh=str(new_id()),
        suggested=[] if by is By.OWN else suggestions(project, wall.photos.values(), by),
        loose={each.number for each in board.loose},
    )
