"""The way in without scripts: the cover of a walk or call, what may be kept and used, the recovery code."""

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.database import new_id, now, transaction
from webapp.doors import anybody
from webapp.join import changes, queries
from webapp.join.forms import AgainForm, ConsentForm, RecoverForm, consent_form
from webapp.join.queries import Place
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.cookie import remember, remembered
from webapp.people.rules import COOKIE_DEVICE, RECOVERY_HANDLE, Tried, fingerprint, recovery_code, tidy_code
from webapp.project import queries as project_queries
from webapp.shell.errors import KEEPS_NOTHING, NO_SUCH_CODE, answer, wait
from webapp.shell.headers import secure_context
from webapp.shell.pressed import press, send
from webapp.words import current_language, language_of

pages = Blueprint("join", __name__)


@pages.get("/j/<code>")
@anybody
def cover(code: str) -> AnyResponse:
    """What will happen, and how one takes part. Nothing private, no session."""
    place = queries.place_by_code(code)
    if place is None:
        return answer(404, NO_SUCH_CODE)
    project = project_queries.project(place.project_id) or abort(404)
    page = render_template(
        "join/cover.html",
        place=place,
        project=project,
        open_now=_open_now(place),
        secure=secure_context(),
    )
    return send(press(page))


@pages.get("/j/<code>/notice")
@anybody
def notice(code: str) -> str | AnyResponse:
    """The privacy notice in force."""
    place = queries.place_by_code(code)
    if place is None:
        return answer(404, NO_SUCH_CODE)
    project = project_queries.project(place.project_id) or abort(404)
    found = project_queries.notice(project.id)
    return render_template("join/notice.html", place=place, project=project, notice=found)


@pages.route("/plain/join/<code>", methods=["GET", "POST"])
@anybody
def agree(code: str) -> str | AnyResponse | tuple[str, int]:
    """Yes or no for each purpose; only a yes to keeping makes a participant."""
    place = queries.place_by_code(code)
    if place is None:
        return answer(404, NO_SUCH_CODE)
    project = project_queries.project(place.project_id) or abort(404)
    known = _known_here(place)
    if request.method == "GET" and known and "new" not in request.args:
        if not consent_queries.may_keep(known.id):
            return redirect(url_for("mine.home"))  # there they can say yes again
        if queries.joined(known.id, place):
            return redirect(home_of(place))
        return render_template("join/again.html", place=place, project=project, form=AgainForm())
    texts = consent_queries.current_texts(project.id, project.purposes)
    form = consent_form([text.purpose for text in texts])()
    if request.method != "POST":
        form.participant.data = str(new_id())
        form.perspective.data = request.args.get("perspective", "")
    elif form.validate() and form.shown.data == _shown(texts):
        return _join(place, project, form, texts)
    # Whatever was sent, this page now shows these texts in this language, at this time.
    form.shown.data, form.language.data = _shown(texts), current_language().code
    form.at.data = form.at.data or now().isoformat()
    page = render_template("join/ask.html", place=place, project=project, texts=texts, form=form)
    return (page, 422) if request.method == "POST" else page


@pages.post("/plain/join/<code>/again")
@anybody
def again(code: str) -> str | AnyResponse:
    """One more walk or call for somebody who has joined on this phone before; what they agreed to holds."""
    place = queries.place_by_code(code)
    if place is None:
        return answer(404, NO_SUCH_CODE)
    known = _known_here(place)
    if known is None or not AgainForm().validate():
        return redirect(url_for("join.agree", code=place.row.code))
    try:
        with transaction():
            changes.join_as(place, people_queries.participant(known.id) or abort(401), [])
    except changes.KeepRefused:
        return answer(403, KEEPS_NOTHING)
    return redirect(home_of(place))


@pages.get("/plain/join/<code>/nothing-kept")
@anybody
def nothing_kept(code: str) -> str | AnyResponse:
    """Who does not want anything kept may still walk along."""
    place = queries.place_by_code(code)
    if place is None:
        return answer(404, NO_SUCH_CODE)
    return render_template("join/nothing_kept.html", place=place, before="before" in request.args)


@pages.route("/plain/recover", methods=["GET", "POST"])
@anybody
def recover() -> str | AnyResponse | tuple[str, int]:
    """Opens the same participant here, by their recovery code."""
    form = RecoverForm()
    if request.method != "POST":
        return render_template("join/recover.html", form=form)
    if form.validate():
        code = tidy_code(form.code.data or "")
        if seconds := people_queries.rest(Tried.RECOVERY, code[:RECOVERY_HANDLE]):
            return wait(seconds)
        device = f"{COOKIE_DEVICE}{uuid.uuid4().hex[:8]}"
        with transaction():
            found = people_changes.recover(code, device, current_app.config["SECRET_KEY"])
            if found is None:
                people_changes.count_failure(Tried.RECOVERY, code[:RECOVERY_HANDLE])
        if found:
            person, token = found
            places = queries.all_joined(person.id)
            address = home_of_id(*places[0]) if places else url_for("shell.front")
            return remember(redirect(address), token)
        form.unknown()
    return render_template("join/recover.html", form=form), 422


def home_of(place: Place) -> str:
    """The first page behind the door of a walk or call."""
    return home_of_id(place.kind, place.id)


def home_of_id(kind: str, place_id: uuid.UUID) -> str:
    if kind == "walk":
        return url_for("walk.stops", walk_id=place_id)
    return url_for("photo.call", call_id=place_id)


def _open_now(place: Place) -> bool:
    return place.kind != "call" or place.row.opens <= now() <= place.row.closes


def _known_here(place: Place) -> Any | None:
    """Who has joined the same project on this browser before."""
    token = remembered()
    person = people_queries.participant_by_cookie(token) if token else None
    return person if person and person.project_id == place.project_id else None


def _join(place: Place, project: Any, form: ConsentForm, texts: list[Any]) -> AnyResponse | str | tuple[str, int]:
    participant_id, key = uuid.UUID(form.participant.data), form.key.data or ""
    decisions = _decisions(form, texts)
    agreed = any(each.yes for each in decisions if each.purpose is Purpose.KEEP)
    if not agreed and people_queries.participant(participant_id) is None:
        return redirect(url_for("join.nothing_kept", code=place.row.code))  # not even the refusal is stored
    known = {each["id"] for each in project.perspectives}
    newcomer = changes.Newcomer(
        participant_id,
        key,
        current_language().code,
        form.perspective.data if form.perspective.data in known else None,
    )
    return _let_in(place, newcomer, decisions, agreed)


def _let_in(
    place: Place, newcomer: changes.Newcomer, decisions: list[Decision], agreed: bool
) -> AnyResponse | str | tuple[str, int]:
    try:
        with transaction():
            if not agreed:  # somebody who joined before, went back, and now says no
                person = people_changes.join_project(place.project_id, newcomer.id, newcomer.key, "", None)
                consent_changes.say(person.id, decisions)
                return redirect(url_for("join.nothing_kept", code=place.row.code, before=1))
            person = changes.join(place, newcomer, decisions, by_hand=True)
            token = people_changes.admit_device(
                person, newcomer.key, f"{COOKIE_DEVICE}{fingerprint(newcomer.key)[:8]}"
            )
    except (people_changes.WrongKey, people_changes.ShutOut):
        abort(403)
    except people_changes.Erased:
        abort(410)
    page = render_template(
        "join/welcome.html",
        place=place,
        recovery=recovery_code(newcomer.key, newcomer.id),
        onwards=home_of(place),
    )
    return remember(_page(page), token)


def _page(text: str) -> AnyResponse:
    return AnyResponse(text, mimetype="text/html")


def _decisions(form: ConsentForm, texts: list[Any]) -> list[Decision]:
    at = _moment(form.at.data)
    said = form.decisions([text.purpose for text in texts])
    return [
        Decision(
            Purpose(text.purpose),
            said[text.purpose],
            text.id,
            language_of(text.title, form.language.data),
            at,
            reach=form.reach.data,
        )
        for text in texts
    ]


def _shown(texts: list[Any]) -> str:
    """The versions of the texts on a page: what changed since then must be asked again."""
    return " ".join(str(text.id) for text in texts)


def _moment(text: str | None) -> datetime:
    """The form's own time; a page that lost it gets the server's."""
    try:
        moment = datetime.fromisoformat(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return now()
