"""An organiser's account: the first one, logging in, a forgotten password, the logins."""

import uuid

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webapp.database import transaction
from webapp.doors import anybody, organiser
from webapp.jobs import later
from webapp.mail import may_mail
from webapp.mark import N_
from webapp.people import changes, queries
from webapp.people.forms import (
    AccountForm,
    ButtonForm,
    EndForm,
    ForgottenForm,
    LoginForm,
    LogoutForm,
    PasswordForm,
    ResetForm,
    logout_button,
)
from webapp.people.jobs import answer_forgotten
from webapp.people.rules import Tried, tidy_email
from webapp.shell.errors import Saying, answer, wait
from webapp.words import current_language, safe_path

pages = Blueprint("people", __name__)
pages.context_processor(logout_button)

Page = str | Response | tuple[str, int]

NO_SUCH_LINK = Saying(
    N_("We do not know this link"), N_("Nothing was changed. Check that you have the whole address of it.")
)
CLOSED_LINK = Saying(
    N_("This link is no longer open"),
    N_("It was used already, its time is over, or it was taken back. Nothing was changed. Ask for a new one."),
)


@pages.route("/desk/first", methods=["GET", "POST"])
@anybody
def first() -> Page:
    """The installation's first account. Once there is one, this page is gone."""
    if queries.any_organiser():
        abort(404)
    form = AccountForm()
    if request.method != "POST":
        return render_template("people/first.html", form=form)
    if not form.validate():
        return render_template("people/first.html", form=form), 422
    known = changes.hashed(form.new_password.data or "")
    with transaction():
        made = changes.first_organiser(form.email.data or "", known) or abort(404)
        token = changes.log_in(made.id, request.user_agent.string)
    return _enter(token, url_for("desk.home"))


@pages.route("/desk/login", methods=["GET", "POST"])
@anybody
def login() -> Page:
    if not queries.any_organiser():
        return redirect(url_for("people.first"))
    form = LoginForm()
    if request.method != "POST":
        form.next.data = safe_path(request.args.get("next"))
        return _login_page(form)
    if form.validate():
        email = form.email.data or ""
        with transaction():
            seconds = changes.begin_try(Tried.LOGIN, tidy_email(email))
        if seconds:
            return wait(seconds)
        known = queries.organiser_by_email(email)
        if changes.password_fits(known, form.password.data or "") and known:
            with transaction():
                changes.clear_failures(Tried.LOGIN, known.email)
                token = changes.log_in(known.id, request.user_agent.string)
            asked = safe_path(form.next.data)
            return _enter(token, asked if asked.startswith("/desk") else url_for("desk.home"))
        form.form_errors.append(gettext("This address and password do not belong together. Try again."))
    return _login_page(form), 422


@pages.post("/desk/logout")
@organiser()
def logout() -> Response:
    if LogoutForm().validate():
        with transaction():
            changes.log_out(session.get("login", ""))
        session.clear()
    return redirect(url_for("shell.front"))


@pages.route("/desk/forgotten", methods=["GET", "POST"])
@anybody
def forgotten() -> Page:
    """Mails a link to a new password. The answer is the same whether the address has an account or not."""
    if not may_mail(current_app.extensions["settings"]):
        abort(404)
    form = ForgottenForm()
    if request.method != "POST":
        return render_template("people/forgotten.html", form=form)
    if not form.validate():
        return render_template("people/forgotten.html", form=form), 422
    later(answer_forgotten, f"{current_language().code} {tidy_email(form.email.data or '')}")
    return render_template("people/forgotten.html", form=form, sent=True)


@pages.route("/desk/reset/<key>", methods=["GET", "POST"])
@anybody
def reset(key: str) -> Page:
    """A new password by a one-time link, which ends all logins of the account and opens one here."""
    link = queries.link(key, reset=True)
    if link is None:
        return answer(404, NO_SUCH_LINK)
    if not queries.is_open(link):
        return answer(410, CLOSED_LINK)
    form = ResetForm()
    if request.method != "POST":
        return render_template("people/reset.html", form=form, email=link.email)
    if not form.validate():
        return render_template("people/reset.html", form=form, email=link.email), 422
    known = changes.hashed(form.new_password.data or "")
    try:
        with transaction():
            changes.use_link(link.id)
            account = queries.organiser(link.organiser_id or link.id) or abort(404)
            changes.set_password(account, known)
            token = changes.log_in(account.id, request.user_agent.string)
    except changes.LinkClosed:
        return answer(410, CLOSED_LINK)
    return _enter(token, url_for("desk.home"))


@pages.get("/desk/account")
@organiser()
def account() -> str:
    return _account_page(PasswordForm())


@pages.post("/desk/account/password")
@organiser()
def password() -> Page:
    """A new password for whoever knows the old one; all other logins end."""
    form = PasswordForm()
    if not form.validate():
        return _account_page(form), 422
    with transaction():
        seconds = changes.begin_try(Tried.LOGIN, g.organiser.email)
    if seconds:
        return wait(seconds)
    known = queries.organiser(g.organiser.id) or abort(401)
    if not changes.password_fits(known, form.old_password.data or ""):
        form.old_password.errors = [gettext("This is not your password.")]
        return _account_page(form), 422
    new = changes.hashed(form.new_password.data or "")
    with transaction():
        changes.set_password(queries.organiser(known.id) or abort(401), new, stay=session["login"])
    return redirect(url_for("people.account", done="password"))


@pages.post("/desk/account/logins")
@organiser()
def end_login() -> Page:
    """Ends one login of one's own."""
    form = EndForm()
    if not form.validate():
        return _account_page(PasswordForm(formdata=None), returned=form), 422
    with transaction():
        changes.end_login(g.organiser.id, uuid.UUID(form.login.data)) or abort(404)
    return redirect(url_for("people.account", done="login"))


@pages.post("/desk/account/others")
@organiser()
def end_others() -> Page:
    """Ends all logins of one's own but this one."""
    form = ButtonForm()
    if not form.validate():
        return _account_page(PasswordForm(formdata=None), returned=form), 422
    with transaction():
        changes.end_logins(g.organiser.id, stay=session["login"])
    return redirect(url_for("people.account", done="others"))


def _login_page(form: LoginForm) -> str:
    return render_template("people/login.html", form=form, mails=may_mail(current_app.extensions["settings"]))


def _account_page(form: PasswordForm, returned: EndForm | ButtonForm | None = None) -> str:
    here = queries.login_by_token(session["login"])
    return render_template(
        "people/account.html",
        form=form,
        returned=returned,
        button=ButtonForm(formdata=None),
        organiser=g.organiser,
        logins=queries.logins(g.organiser.id),
        here=here.id if here else None,
        done=request.args.get("done"),
    )


def _enter(token: str, address: str) -> Response:
    """Lets this browser in; nothing of the visitor's session lives on in the organiser's."""
    session.clear()
    session["login"] = token
    return redirect(address)
