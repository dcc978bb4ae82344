"""A project as its organisers make it: the programme by date, the settings, the notice, the consent texts."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Purpose
from webapp.consent.texts import TEXTS
from webapp.database import new_id, now, transaction
from webapp.doors import RIGHTS, Right, Role, organiser
from webapp.mark import N_
from webapp.meeting import queries as meeting_queries
from webapp.people.forms import logout_button
from webapp.photo import queries as photo_queries
from webapp.photo.locating import locate_project
from webapp.project import changes, queries
from webapp.project.forms import LOCAL, NoticeForm, ProjectForm, texts_form
from webapp.project.rules import PERSPECTIVES, THEMES, in_two_years, renewed, zones
from webapp.project.texts import WRITTEN, notice_text
from webapp.results import queries as results_queries
from webapp.results.waiting import news
from webapp.walk import queries as walk_queries
from webapp.words import LANGUAGES, main_language, pick

pages = Blueprint("projects", __name__)
pages.context_processor(logout_button)
Page = str | AnyResponse | tuple[str, int]


@dataclass(frozen=True)
class Entry:
    """A walk, call or meeting in the programme, and how much came: people, checklists or photos; of a meeting its
    groups. `state`: done, now, next."""

    kind: str
    row: Any
    at: datetime
    state: str
    people: int
    sent: int


@pages.get("/desk/projects/<uuid:project_id>")
@organiser(Right.RESULTS)
def home(project_id: uuid.UUID) -> str:
    """The project as a programme by date. Each role is offered what it may do."""
    project = queries.project(project_id) or abort(404)
    may = {right.name.lower(): g.role in roles for right, roles in RIGHTS.items()}
    return render_template(
        "desk/project.html",
        project=project,
        programme=_programme(project_id, counted=may["answers"]),
        news=news(project, now()) if may["answers"] else None,
        may=may,
        has=current_app.view_functions,
    )


def _programme(project_id: uuid.UUID, counted: bool) -> list[Entry]:
    found, moment = [], now()
    for walk in walk_queries.walks_of(project_id):
        numbers = results_queries.counts(walk.id) if counted else (0, 0)
        found.append(Entry("walk", walk, walk.starts, "done" if walk.starts < moment else "", *numbers))
    for call in photo_queries.calls_of(project_id):
        numbers = photo_queries.call_counts(call.id) if counted else (0, 0)
        state = "" if call.opens > moment else "now" if call.closes >= moment else "done"
        found.append(Entry("call", call, call.opens, state, *numbers))
    for meeting in meeting_queries.meetings_of(project_id) if counted else ():
        state, groups = "done" if meeting.starts < moment else "", len(meeting_queries.groups_of(meeting.id))
        found.append(Entry("meeting", meeting, meeting.starts, state, sum(meeting.attendance.values()), groups))
    return sorted(found, key=lambda entry: entry.at)


@pages.route("/desk/projects/new", methods=["GET", "POST"])
@organiser()
def new() -> Page:
    """A new project, owned by whoever makes it; sent twice, it is made once."""
    form = _form(
        {
            "id": str(new_id()),
            "languages": list(current_app.extensions["languages"]),
            "perspectives": PERSPECTIVES,
            "themes": THEMES,
            "purposes": [purpose.value for purpose in Purpose],
            "contact": g.organiser.email,
            "keep_until": in_two_years(now().date()),
        }
    )
    if request.method != "POST":
        return _settings_page(form, None)
    if form.validate():
        facts = form.facts(Purpose.KEEP, list(current_app.extensions["languages"]))
        with transaction():
            project_id = _add(uuid.UUID(form.id.data), facts)
        return redirect(url_for("projects.home", project_id=project_id))
    if form.id.errors:
        form.id.data = str(new_id())
    return _settings_page(form, None), 422


def _add(project_id: uuid.UUID, facts: Mapping[str, Any]) -> uuid.UUID:
    if queries.project(project_id):
        return project_id if queries.role_in(g.organiser.id, project_id) else abort(404)
    changes.add_project(project_id=project_id, **facts)
    changes.give_role(g.organiser.id, project_id, Role.OWNER)
    consent_changes.add_texts(project_id, facts["purposes"], facts["languages"])
    changes.add_notice(project_id, _default_notice(facts))
    changes.note_act(project_id, g.organiser.id, N_("Project made"))
    return project_id


@pages.route("/desk/projects/<uuid:project_id>/settings", methods=["GET", "POST"])
@organiser(Right.SETTINGS)
def settings(project_id: uuid.UUID) -> Page:
    """What a project is, and what it asks. New languages and purposes get their texts."""
    project = queries.project(project_id) or abort(404)
    form = _form({**_facts(project), "id": str(project_id)}, project)
    if request.method != "POST":
        return _settings_page(form, project)
    form.id.data = str(project_id)
    if not form.validate():
        return _settings_page(form, project), 422
    with transaction():
        project = queries.project(project_id) or abort(404)
        before = queries.notice(project_id)
        old = _default_notice(_facts(project))
        zone = project.zone
        changes.edit_project(project, form.facts(Purpose.KEEP, _offered(project)))
        if project.zone != zone:  # cameras that name no zone were elsewhere on the tracks
            locate_project(project_id)
        consent_changes.complete_texts(project_id, project.purposes, project.languages)
        changes.add_notice(project_id, renewed(before.text if before else {}, old, _default_notice(_facts(project))))
        changes.note_act(project_id, g.organiser.id, N_("Settings changed"))
    return redirect(url_for("projects.settings", project_id=project_id, saved=1))


def _facts(project: Any) -> dict[str, Any]:
    names = ("title", "languages", "zone", "local_language", "perspectives", "themes", "purposes", "controller")
    return {name: getattr(project, name) for name in (*names, "contact", "keep_until", "sealed_days")}


def _offered(project: Any | None) -> list[str]:
    """The installation's languages, and those that the project has had from elsewhere."""
    return list(dict.fromkeys([*current_app.extensions["languages"], *(project.languages if project else [])]))


def _form(data: Mapping[str, Any], project: Any | None = None) -> ProjectForm:
    form = ProjectForm(data=data)
    form.languages.choices = [
        (code, LANGUAGES[code].name if code in LANGUAGES else code) for code in _offered(project)
    ]
    form.purposes.choices = [
        (purpose.value, pick({code: said[0] for code, said in TEXTS[purpose].items()})[0]) for purpose in Purpose
    ]
    names = get_locale().languages
    local = {code: names.get(code, code) for code in (*LOCAL, project.local_language if project else "cs")}
    form.local_language.choices = sorted(local.items(), key=lambda each: each[1])
    form.today = now().astimezone(ZoneInfo(project.zone if project else "UTC")).date()
    return form


def _settings_page(form: ProjectForm, project: Any | None) -> str:
    codes = _offered(project)
    return render_template(
        "desk/project_form.html",
        form=form,
        project=project,
        codes=codes,
        main=main_language(form.title.data, codes),
        zones=zones(),
        keep=Purpose.KEEP,
    )


def _default_notice(facts: Mapping[str, Any]) -> dict[str, str]:
    day: date = facts["keep_until"]
    texts = {}
    for code in (code for code in facts["languages"] if code in WRITTEN):
        asked = [TEXTS[Purpose(purpose)][code][0] for purpose in facts["purposes"]]
        written_day = format_date(day, "long", locale=LANGUAGES[code].locale)
        texts[code] = notice_text(code, facts["controller"], facts["contact"], written_day, asked)
    return texts


@pages.route("/desk/projects/<uuid:project_id>/notice", methods=["GET", "POST"])
@organiser(Right.SETTINGS)
def notice(project_id: uuid.UUID) -> Page:
    """The privacy notice. A change is a new version; the older ones stay to be read."""
    project = queries.project(project_id) or abort(404)
    current = queries.notice(project_id)
    form = NoticeForm(data={"text": current.text if current else _default_notice(_facts(project))})
    if request.method == "POST" and form.validate():
        with transaction():
            before = queries.notice(project_id)
            texts = _merged(form.text.data, before.text if before else {}, project.languages)
            if before is None or texts != before.text:
                changes.add_notice(project_id, texts)
                changes.note_act(project_id, g.organiser.id, N_("Privacy notice changed"))
        return redirect(url_for("projects.notice", project_id=project_id, saved=1))
    page = render_template(
        "desk/project_notice.html", project=project, form=form, versions=queries.notices(project_id)
    )
    return (page, 422) if request.method == "POST" else page


@pages.route("/desk/projects/<uuid:project_id>/consent-texts", methods=["GET", "POST"])
@organiser(Right.SETTINGS)
def texts(project_id: uuid.UUID) -> Page:
    """The questions of consent, word for word. What changed is a new version."""
    project = queries.project(project_id) or abort(404)
    known = consent_queries.current_texts(project_id, project.purposes)
    said = {f"{text.purpose}_title": text.title for text in known}
    said |= {f"{text.purpose}_detail": text.detail for text in known}
    form = texts_form([text.purpose for text in known])(data=said)
    if request.method == "POST" and form.validate():
        with transaction():
            changed = [
                _new_text(project, text, form) for text in consent_queries.current_texts(project_id, project.purposes)
            ]
            if any(changed):
                changes.note_act(project_id, g.organiser.id, N_("Consent texts changed"))
        return redirect(url_for("projects.texts", project_id=project_id, saved=1))
    page = render_template("desk/project_texts.html", project=project, form=form, texts=known)
    return (page, 422) if request.method == "POST" else page


def _new_text(project: Any, text: Any, form: Any) -> bool:
    """Whether the form says something new for this purpose; then it is a version of its own."""
    if f"{text.purpose}_title" not in form:  # asked only since this page was opened
        return False
    title = _merged(form[f"{text.purpose}_title"].data, text.title, project.languages)
    detail = _merged(form[f"{text.purpose}_detail"].data, text.detail, project.languages)
    return bool(consent_changes.new_text(project.id, text.purpose, title, detail).id != text.id)


def _merged(said: Mapping[str, str], before: Mapping[str, str], codes: Sequence[str]) -> dict[str, str]:
    """The project's languages as written, the others as before."""
    kept = {code: text for code, text in before.items() if code not in codes}
    return kept | {code: text for code, text in said.items() if code in codes}
