"""What organisers take away."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request, send_file, url_for
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent.rules import Exit
from webapp.database import Localised, now, transaction
from webapp.doors import RIGHTS, Right, Role, organiser
from webapp.exhibition import queries as exhibition_queries
from webapp.export import changes, jobs, queries
from webapp.export.formats import FILES, FORMATS, rows
from webapp.export.formats.file import File
from webapp.export.formats.format import Format
from webapp.export.formats.paper import has_pango
from webapp.export.forms import ButtonForm, MakeForm
from webapp.export.rules import CUT, KEPT, LOST_FILE, NO_PANGO, PANGO, Inside, State, Subject, plain
from webapp.jobs import later
from webapp.mark import N_
from webapp.meeting import queries as meeting_queries
from webapp.people import queries as people_queries
from webapp.people.forms import ROLES, logout_button
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.project import changes as project_changes
from webapp.project import queries as project_queries
from webapp.walk import queries as walk_queries
from webapp.words import current_language, pick

pages = Blueprint("export", __name__)
pages.context_processor(logout_button)
Page = str | AnyResponse | tuple[str, int]
ORIGINALS_ASKED = N_("Untouched originals asked for")
FILE_TAKEN = N_("A file taken away")
KINDS = {
    Subject.EXHIBITION: N_("Exhibition"),
    Subject.PROJECT: N_("The whole project"),
    Subject.WALK: N_("Walk"),
    Subject.CALL: N_("Call"),
    Subject.MEETING: N_("Meeting"),
}
NONE = {
    Subject.EXHIBITION: N_("There is no exhibition yet."),
    Subject.MEETING: N_("There is no meeting yet."),
}


@pages.get("/desk/projects/<uuid:project_id>/files")
@organiser(Right.ANSWERS)
def files(project_id: uuid.UUID) -> str:
    """What can be made, what is being made, and what is ready."""
    return _page(project_id)


@pages.post("/desk/projects/<uuid:project_id>/files")
@organiser(Right.ANSWERS)
def make(project_id: uuid.UUID) -> Page:
    """Asks for a file; the worker makes it."""
    form = MakeForm()
    format_ = FILES.get(form.format.data or "")
    chosen = form.chosen()
    if not form.validate() or format_ is None or chosen is None:
        return _page(project_id), 422
    _may(format_)
    paper = form.paper.data or next(iter(format_.papers), "")
    known = chosen[0] in format_.subjects and queries.belongs(project_id, *chosen)
    if not known or (paper not in format_.papers and (paper or format_.papers)):
        return _page(project_id), 422
    wanted = {chosen[0].value: str(chosen[1]), **({"paper": paper} if paper else {})}
    title = queries.title_of(*chosen)
    kind = (form.format.data or "").partition("_")[0]
    name = _file_name(project_id, title, "-".join(filter(None, [kind, paper])), format_.ending)
    with transaction():
        row = changes.ask(project_id, g.organiser.id, form.format.data or "", wanted, current_language().code, name)
        _note_asked(row, format_)
        export_id = row.id
    later(jobs.make_export, str(export_id))
    return _back(project_id)


@pages.post("/desk/exports/<uuid:export_id>/again")
@organiser(Right.ANSWERS)
def again(export_id: uuid.UUID) -> Page:
    """The same file, of the photos as they are now."""
    row = _row(export_id)
    project_id = row.project_id
    if ButtonForm().validate() and row.state in (State.FAILED, State.GONE):
        with transaction():
            row = _row(export_id)
            changes.ask_again(row, g.organiser.id)
            _note_asked(row, queries.format_of(row))
        later(jobs.make_export, str(export_id))
    return _back(project_id)


@pages.post("/desk/exports/<uuid:export_id>/delete")
@organiser(Right.ANSWERS)
def delete(export_id: uuid.UUID) -> Page:
    """Takes a file away, or the wish for it."""
    project_id = _row(export_id).project_id
    if ButtonForm().validate():
        jobs.drop([export_id])
    return _back(project_id)


@pages.get("/desk/exports/<uuid:export_id>/file")
@organiser(Right.ANSWERS)
def file(export_id: uuid.UUID) -> AnyResponse:
    """The file itself, if every photo in it may still leave; who took it is noted before it starts."""
    row = _row(export_id)
    project_id, format_, name = row.project_id, queries.format_of(row), row.file
    if row.state != State.READY or not jobs.still_open(row):
        return _back(project_id)
    path = current_app.extensions["store"].export(str(export_id))
    if not path.is_file():
        with transaction():
            changes.fail(_row(export_id), LOST_FILE)
        return _back(project_id)
    if request.method == "GET":  # not HEAD, which takes nothing away
        with transaction():
            _note_taken(_row(export_id), format_)
    return send_file(path, mimetype=format_.type, as_attachment=True, download_name=name)


@pages.get("/desk/walks/<uuid:walk_id>/originals.zip")
@organiser(Right.ORIGINALS)
def originals(walk_id: uuid.UUID) -> Response:
    """The untouched originals that may leave, with their captions; every download is logged before it starts."""
    walk = walk_queries.walk(walk_id) or abort(404)
    file = FORMATS["originals"](walk)
    if request.method == "GET":  # not HEAD, which takes nothing away
        with transaction():
            photo_changes.note_download(g.organiser.id, file.photos, walk_id=walk_id)
    return _answer(file)


@pages.get("/desk/walks/<uuid:walk_id>/results.xlsx")
@organiser(Right.ANSWERS)
def xlsx(walk_id: uuid.UUID) -> Response:
    """Answers, photos, stops and figures of a walk as a workbook."""
    return _of_walk("xlsx", walk_id)


@pages.get("/desk/walks/<uuid:walk_id>/answers.csv")
@organiser(Right.ANSWERS)
def answers(walk_id: uuid.UUID) -> Response:
    """One row an answer."""
    return _of_walk("answers", walk_id)


@pages.get("/desk/walks/<uuid:walk_id>/photos.csv")
@organiser(Right.ANSWERS)
def photos(walk_id: uuid.UUID) -> Response:
    """One row a photo."""
    return _of_walk("photos", walk_id)


@pages.get("/desk/walks/<uuid:walk_id>/places.geojson")
@organiser(Right.ANSWERS)
def geojson(walk_id: uuid.UUID) -> Response:
    """Stops and photos with their exact places."""
    return _of_walk("geojson", walk_id)


@pages.get("/desk/projects/<uuid:project_id>/results.xlsx")
@organiser(Right.ANSWERS)
def project_xlsx(project_id: uuid.UUID) -> Response:
    """The workbook of all walks and calls."""
    return _answer(FORMATS["xlsx"](rows.of_project(project_queries.project(project_id) or abort(404))))


@pages.get("/desk/projects/<uuid:project_id>/coarse.geojson")
@organiser(Right.RESULTS)
def coarse(project_id: uuid.UUID) -> Response:
    """Where photos were taken, as far as others may know."""
    return _answer(FORMATS["coarse"](project_queries.project(project_id) or abort(404)))


def _page(project_id: uuid.UUID) -> str:
    project = project_queries.project(project_id) or abort(404)
    for row in queries.exports_of(project_id):
        if row.state == State.READY:
            jobs.still_open(row)
    rows = [_shown(row) for row in queries.exports_of(project_id) if _is_theirs(queries.format_of(row))]
    return render_template(
        "export/files.html",
        project=project,
        formats=[_offered(name, each, project_id) for name, each in FILES.items()],
        rows=rows,
        being_made=[each for each in rows if each["row"].state == State.WAITING],
        done=[each for each in rows if each["row"].state != State.WAITING],
        button=ButtonForm(),
        unready=[
            (show, lacking)
            for show in exhibition_queries.exhibitions_of(project_id)
            if (lacking := exhibition_queries.unlabelled(show))
        ],
        cut=CUT,
        no_pango=None if has_pango() else NO_PANGO,
        packages=" ".join(PANGO),
        days=KEPT.days,
    )


def _offered(name: str, format_: Format, project_id: uuid.UUID) -> dict[str, Any]:
    """A format with what it can be made of here, and who may."""
    return {
        "name": name,
        "format": format_,
        "may": _is_theirs(format_),
        "roles": [ROLES[role] for role in Role if role in RIGHTS[format_.right]],
        "subjects": [each for kind in format_.subjects for each in _subjects(kind, project_id)],
        "none": NONE.get(format_.subjects[0], ""),
    }


def _subjects(kind: Subject, project_id: uuid.UUID) -> list[tuple[str, str, Any]]:
    """(value, kind as a msgid, title) of everything of this kind in the project."""
    found: Sequence[Any] = [project_queries.project(project_id)]
    if kind is not Subject.PROJECT:
        find: dict[Subject, Callable[[uuid.UUID], Sequence[Any]]] = {
            Subject.EXHIBITION: exhibition_queries.exhibitions_of,
            Subject.WALK: walk_queries.walks_of,
            Subject.CALL: photo_queries.calls_of,
            Subject.MEETING: meeting_queries.meetings_of,
        }
        found = find[kind](project_id)
    return [(f"{kind.value}:{each.id}", KINDS[kind], each.title) for each in found]


def _shown(row: Any) -> dict[str, Any]:
    subject, subject_id = queries.subject_of(row.wanted)
    format_ = queries.format_of(row)
    small = [each for each in map(Inside.from_json, row.photos) if each.small]
    by = people_queries.organiser(row.organiser_id)
    return {
        "row": row,
        "format": format_,
        "of": KINDS[subject],
        "title": queries.title_of(subject, subject_id) if subject is not Subject.PROJECT else {},
        "paper": format_.papers.get(row.wanted.get("paper", ""), ""),
        "by": by.email if by else "",
        "until": row.created + KEPT,
        "small": [each.number for each in small],
        "come": queries.whole(each.id for each in small),
    }


def _row(export_id: uuid.UUID) -> Any:
    row = queries.export(export_id) or abort(404)
    _may(queries.format_of(row))
    return row


def _is_theirs(format_: Format) -> bool:
    """Whether it is for whoever asks: each format is for some roles."""
    return g.role in RIGHTS[format_.right]


def _may(format_: Format) -> None:
    if not _is_theirs(format_):
        abort(403)


def _file_name(project_id: uuid.UUID, title: Localised, format_: str, ending: str) -> str:
    project = project_queries.project(project_id) or abort(404)
    day = now().astimezone(ZoneInfo(project.zone)).date()
    return "-".join(filter(None, ["pohled", plain(pick(title)[0]), str(day), format_])) + f".{ending}"


def _note_asked(row: Any, format_: Format) -> None:
    if format_.way is Exit.ORIGINALS:
        project_changes.note_act(row.project_id, g.organiser.id, ORIGINALS_ASKED, row.file)


def _note_taken(row: Any, format_: Format) -> None:
    project_changes.note_act(row.project_id, g.organiser.id, FILE_TAKEN, row.file)
    if format_.way is Exit.ORIGINALS:
        subject, id_ = queries.subject_of(row.wanted)
        where = {Subject.WALK: "walk_id", Subject.CALL: "call_id"}.get(subject)
        photo_changes.note_download(g.organiser.id, len(row.photos), **({where: id_} if where else {}))


def _back(project_id: uuid.UUID) -> AnyResponse:
    return redirect(url_for("export.files", project_id=project_id) + "#files")


def _of_walk(name: str, walk_id: uuid.UUID) -> Response:
    return _answer(FORMATS[name](rows.of_walk(walk_queries.walk(walk_id) or abort(404))))


def _answer(file: File) -> Response:
    response = Response(file.chunks, content_type=file.type)
    response.content_length = file.bytes
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": file.name})
    return response
