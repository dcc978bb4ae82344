"""An organiser's login."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webapp.database import transaction
from webapp.doors import anybody, organiser
from webapp.people import changes, queries
from webapp.people.forms import LoginForm, LogoutForm
from webapp.words import safe_path

pages = Blueprint("people", __name__)


@pages.route("/desk/login", methods=["GET", "POST"])
@anybody
def login() -> str | Response | tuple[str, int]:
    form = LoginForm()
    if request.method != "POST":
        form.next.data = safe_path(request.args.get("next"))
        return render_template("people/login.html", form=form)
    if form.validate():
        known = queries.organiser_by_email(form.email.data or "")
        if changes.password_fits(known, form.password.data or "") and known:
            with transaction():
                token = changes.log_in(known.id)
            session.clear()  # nothing of the visitor's session lives on in the organiser's
            session["login"] = token
            asked = safe_path(form.next.data)
            return redirect(asked if asked.startswith("/desk") else url_for("desk.home"))
        form.form_errors.append(gettext("This address and password do not belong together. Try again."))
    return render_template("people/login.html", form=form), 422


@pages.post("/desk/logout")
@organiser()
def logout() -> Response:
    if LogoutForm().validate():
        with transaction():
            changes.log_out(session.get("login", ""))
        session.clear()
    return redirect(url_for("shell.front"))
