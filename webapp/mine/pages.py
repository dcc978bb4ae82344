"""What is one's own, without scripts: choices, photos, phones, and taking everything back."""

import uuid
from typing import Any

import structlog
from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Decision, Purpose
from webapp.database import now, transaction
from webapp.doors import participant
from webapp.jobs import later
from webapp.mark import N_
from webapp.mine import queries
from webapp.mine.forms import YES, ButtonForm, DeviceForm, LabelForm, OwnPhotoForm, SureForm, choices_form, uses_form
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.cookie import COOKIE, remembered
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.project import queries as project_queries
from webapp.shell.errors import KEEPS_NOTHING, Saying, answer
from webapp.upkeep.jobs import erase_now, erase_person, take_back_photo, wipe_database
from webapp.upkeep.rules import number_of
from webapp.words import current_language, language_of

pages = Blueprint("mine", __name__)
log = structlog.get_logger()
Page = str | AnyResponse | tuple[str, int]
SAVED, SHUT = "saved", "shut"
OVER = Saying(
    N_("This call is over"), N_("Its photos can be read and taken back, and no longer changed. Nothing was lost.")
)


@pages.route("/plain/mine", methods=["GET", "POST"])
@participant
def home() -> Page:
    """All that is one's own; sending the form changes one's choices."""
    project = project_queries.project(g.participant.project_id) or abort(404)
    texts = consent_queries.current_texts(project.id, project.purposes)
    form = choices_form([text.purpose for text in texts])()
    choices = queries.choices(g.participant.id, texts)
    shown = " ".join(str(text.id) for text in texts)
    if request.method == "POST" and form.validate() and form.shown.data == shown:
        said = form.decided([text.purpose for text in texts])
        with transaction():
            consent_changes.say(
                g.participant.id,
                [
                    _decision(text, said[text.purpose], form.language.data, reach=form.reach.data)
                    for text in texts
                    if text.purpose in said
                ],
            )
        return redirect(url_for("mine.home", then=SAVED))
    if request.method != "POST":
        form.reach.data = g.participant.reach
        for choice in choices:
            if choice.said and not choice.changed:
                form[choice.text.purpose].data = "yes" if choice.said.yes else "no"
    form.shown.data, form.language.data = shown, current_language().code
    page = render_template(
        "mine/home.html",
        project=project,
        form=form,
        choices=choices,
        keeps=consent_queries.may_keep(g.participant.id),
        places=queries.places(g.participant.id),
        photos=_photos(),
        phones=queries.phones(g.participant.id, remembered() or ""),
        button=ButtonForm(),
        saved=request.args.get("then") == SAVED,
    )
    return (page, 422) if request.method == "POST" else page


def _photos() -> list[tuple[Any, Any, Any, Any]]:
    photos = photo_queries.own_photos(g.participant.id)
    return [
        (photo, photo_queries.place_of(photo), photo_queries.facts_of(photo), photo_queries.state(photo))
        for photo in photos
    ]


def _decision(
    text: Any, yes: bool, language: str | None, photo_id: uuid.UUID | None = None, reach: str | None = None
) -> Decision:
    shown = language_of(text.title, language)
    return Decision(Purpose(text.purpose), yes, text.id, shown, now(), photo_id=photo_id, reach=reach)


@pages.post("/plain/mine/phones")
@participant
def shut_out() -> Page:
    """Shuts out another phone; the new recovery code is shown once."""
    form = DeviceForm()
    if not form.validate():
        return _nothing_done()
    phones = {str(each.id): each for each in queries.phones(g.participant.id, remembered() or "")}
    phone = phones.get(form.device.data or "")
    if phone is None or phone.here:
        return _nothing_done()
    with transaction():
        person = people_queries.participant(g.participant.id) or abort(401)
        code = people_changes.shut_out(person, phone.name)
    return render_template("mine/code.html", code=code, shut=True)


@pages.post("/plain/mine/recovery")
@participant
def new_recovery() -> Page:
    """A new recovery code, shown once; the one before ends."""
    if not ButtonForm().validate():
        return _nothing_done()
    with transaction():
        person = people_queries.participant(g.participant.id) or abort(401)
        code = people_changes.new_recovery(person)
    return render_template("mine/code.html", code=code, shut=False)


def _nothing_done() -> AnyResponse:
    return answer(422)


@pages.route("/plain/mine/leave-phone", methods=["GET", "POST"])
@participant
def leave_phone() -> Page:
    """Forgets the participant on this browser, and nothing else."""
    form = SureForm()
    if request.method != "POST" or not form.validate():
        page = render_template("mine/leave_phone.html", form=form)
        return (page, 422) if request.method == "POST" else page
    with transaction():
        person = people_queries.participant(g.participant.id) or abort(401)
        people_changes.forget_device(person, remembered() or "")
    return _forgotten(render_template("mine/left.html"))


@pages.route("/plain/mine/everything", methods=["GET", "POST"])
@participant
def everything() -> Page:
    """Takes everything back: closed at once, then erased."""
    form = SureForm()
    if request.method != "POST" or not form.validate():
        project = project_queries.project(g.participant.project_id) or abort(404)
        page = render_template("mine/everything.html", form=form, project=project)
        return (page, 422) if request.method == "POST" else page
    mine, contact = g.participant.id, _contact()
    with transaction():
        people_changes.leave(people_queries.participant(mine) or abort(401))
    done = _erase(mine)
    return _forgotten(render_template("mine/erased.html", number=number_of(mine), done=done, contact=contact))


def _contact() -> str:
    project = project_queries.project(g.participant.project_id)
    return project.contact if project else ""


def _erase(participant_id: uuid.UUID) -> bool:
    """Erases now; what cannot be done now, because the database is busy, the worker does soon."""
    try:
        erase_now(participant_id)
    except (SQLAlchemyError, OSError) as error:
        log.warning("erasure_put_off", error=type(error).__name__)
        later(erase_person, str(participant_id))
        return False
    later(wipe_database, "")
    return True


def _forgotten(page: str) -> AnyResponse:
    response = AnyResponse(page, mimetype="text/html")
    response.delete_cookie(COOKIE, path="/plain")
    return response


@pages.route("/plain/photos/<uuid:photo_id>", methods=["GET", "POST"])
@participant
def photo(photo_id: uuid.UUID) -> Page:
    """One of one's photos; sending the form changes what it says."""
    found = _own(photo_id)
    form = OwnPhotoForm()
    open_ = _open(found)
    if request.method == "POST" and form.validate():
        if not consent_queries.may_keep(g.participant.id):
            return answer(403, KEEPS_NOTHING)
        if not open_:
            return answer(403, OVER)
        _rewrite(photo_id, form)
        return redirect(url_for("mine.photo", photo_id=photo_id, then=SAVED))
    if request.method != "POST":
        form = _filled(found)
    page = _photo_page(found, form, open_)
    return (page, 422) if request.method == "POST" else page


@pages.post("/plain/photos/<uuid:photo_id>/uses")
@participant
def uses(photo_id: uuid.UUID) -> Page:
    """What this photo may be used for: narrower than what its author agrees to, never wider."""
    found = _own(photo_id)
    texts = _usable()
    form = uses_form(list(texts))()
    if not form.validate():
        return _nothing_done()
    refused = queries.narrowed(g.participant.id, photo_id)
    wanted = {purpose: bool(form[purpose].data) for purpose in texts}
    keep = consent_queries.current_texts(g.participant.project_id, [Purpose.KEEP.value])
    wanted[Purpose.KEEP.value] = not form.nowhere.data
    said = [
        _decision(text, wanted[text.purpose], current_language().code, photo_id)
        for text in [*texts.values(), *keep]
        if wanted[text.purpose] == (Purpose(text.purpose) in refused)
    ]
    with transaction():
        consent_changes.say(g.participant.id, said)
    return redirect(url_for("mine.photo", photo_id=found.id, then=SAVED))


@pages.post("/plain/photos/<uuid:photo_id>/words")
@participant
def words(photo_id: uuid.UUID) -> Page:
    """What the author says of an organiser's words for the label."""
    found = _own(photo_id)
    form = LabelForm()
    if not form.validate():
        return _nothing_done()
    yes = form.right.data == YES
    if yes and not consent_queries.may_keep(g.participant.id):
        return answer(403, KEEPS_NOTHING)
    try:
        with transaction():
            photo_changes.decide_on_words(_own(photo_id), form.language.data or "", yes, form.seen.data or "")
    except photo_changes.WordedMeanwhile:
        found = _own(photo_id)
        return _photo_page(found, _filled(found), _open(found), meanwhile=True), 409
    return redirect(url_for("mine.photo", photo_id=photo_id, then=SAVED))


@pages.route("/plain/photos/<uuid:photo_id>/take-back", methods=["GET", "POST"])
@participant
def take_back(photo_id: uuid.UUID) -> Page:
    """Takes one photo back, for good."""
    found = _own(photo_id)
    form = SureForm()
    if request.method != "POST" or not form.validate():
        page = render_template("mine/take_back.html", photo=found, form=form)
        return (page, 422) if request.method == "POST" else page
    take_back_photo(g.participant.id, photo_id)
    return redirect(url_for("mine.home", then=SAVED))


def _filled(found: Any) -> OwnPhotoForm:
    """The form as the photo is now."""
    form = OwnPhotoForm(formdata=None)
    form.caption.data = next(iter(found.caption.values()), "")
    form.up.data, form.down.data, form.people.data = found.up, found.down, found.people
    return form


def _own(photo_id: uuid.UUID) -> Any:
    found = photo_queries.photo(photo_id) or abort(404)
    return abort(410) if found.withdrawn else found


def _open(photo: Any) -> bool:
    """A call's photos are changed until it closes, a walk's at any time."""
    call = photo_queries.call(photo.call_id) if photo.call_id else None
    return call is None or call.closes >= now()


def _rewrite(photo_id: uuid.UUID, form: OwnPhotoForm) -> None:
    with transaction():
        row = photo_queries.photo(photo_id) or abort(404)
        if row.withdrawn:
            abort(410)
        photo_changes.edit_photo(
            row, current_language().code, form.words, form.up.data, form.down.data, form.people.data
        )


def _usable() -> dict[str, Any]:
    """The texts of the purposes that this person agrees to, beside keeping and being contacted."""
    project = project_queries.project(g.participant.project_id) or abort(404)
    agreed = consent_queries.consents_of([g.participant.id])[g.participant.id]
    wanted = [each for each in project.purposes if Purpose(each) in agreed - {Purpose.KEEP, Purpose.CONTACT}]
    return {text.purpose: text for text in consent_queries.current_texts(project.id, wanted)}


def _photo_page(found: Any, form: OwnPhotoForm, open_: bool, meanwhile: bool = False) -> str:
    texts = _usable()
    refused = queries.narrowed(g.participant.id, found.id)
    chosen = uses_form(list(texts))(formdata=None)
    for purpose in texts:
        chosen[purpose].data = Purpose(purpose) not in refused
    chosen.nowhere.data = Purpose.KEEP in refused
    return render_template(
        "mine/photo.html",
        photo=found,
        place=photo_queries.place_of(found),
        form=form,
        uses=chosen,
        texts=texts,
        open=open_,
        wordings=[(row, photo_changes.seen_of(row)) for row in found.wordings],
        button=ButtonForm(),
        meanwhile=meanwhile,
        zone=(project_queries.project(found.project_id) or abort(404)).zone,
        saved=request.args.get("then") == SAVED,
    )
