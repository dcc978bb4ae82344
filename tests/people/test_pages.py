"""Logging in, logging out, and who may open which door."""

import pytest
from flask import Flask

from tests.client import Visitor, hidden
from tests.makers import (
    EMAIL,
    PASSWORD,
    MadeWalk,
    join,
    log_in,
)
from webapp.database import db, now, transaction
from webapp.people import queries
from webapp.people.tables import Device, Login

# the login


@pytest.mark.usefixtures("walk")
def test_an_organiser_logs_in_and_out(visitor: Visitor) -> None:
    log_in(visitor)
    page = visitor.get("/desk").text
    assert "Our city" in page
    visitor.post("/desk/logout", hidden(page))
    assert "Log in" in visitor.get("/desk").text


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize("email", [EMAIL.upper(), f"  {EMAIL} ", "Organiser@Example.ORG"])
def test_an_address_has_one_spelling(visitor: Visitor, email: str) -> None:
    log_in(visitor, email=email)
    assert "Our city" in visitor.get("/desk").text


@pytest.mark.usefixtures("walk")
def test_the_wrong_password_and_the_wrong_address_are_told_alike(visitor: Visitor) -> None:
    pages = []
    for email, password in ((EMAIL, "wrong"), ("nobody@example.org", PASSWORD), (EMAIL, PASSWORD.upper())):
        page = visitor.send("/desk/login", {"email": email, "password": password}, 422).text
        assert "do not belong together" in page
        assert password not in page, "a password is never written back"
        pages.append(page.replace(email, ""))
    assert "Log in" in visitor.get("/desk").text


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"email": "", "password": "x"}, "Write your e-mail address."),
        ({"email": EMAIL, "password": ""}, "Write your password."),
    ],
)
def test_what_is_missing_is_told(visitor: Visitor, fields: dict[str, str], told: str) -> None:
    assert told in visitor.send("/desk/login", fields, 422).text


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize("password", ["x" * 5000, "\0", "🚲" * 500])
def test_a_strange_password_is_only_wrong(visitor: Visitor, password: str) -> None:
    visitor.send("/desk/login", {"email": EMAIL, "password": password}, 422)


@pytest.mark.usefixtures("walk")
def test_a_login_form_from_elsewhere_is_not_taken(visitor: Visitor) -> None:
    answer = visitor.client.post("/desk/login", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 422
    assert "Log in" in visitor.get("/desk").text


def test_after_the_login_one_is_where_one_wanted_to_go(visitor: Visitor, walk: MadeWalk) -> None:
    wanted = f"/desk/walks/{walk.walk_id}"
    form = visitor.get(wanted)
    assert form.request.path == "/desk/login"
    fields = {**hidden(form.text), "email": EMAIL, "password": PASSWORD}
    assert visitor.post("/desk/login", fields).request.path == wanted


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize(
    "evil", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", ""]
)
def test_the_login_leads_nowhere_else(visitor: Visitor, evil: str) -> None:
    fields = {**hidden(visitor.get("/desk/login").text), "email": EMAIL, "password": PASSWORD, "next": evil}
    answer = visitor.client.post("/desk/login", data=fields, headers=visitor.headers)
    assert answer.status_code == 302
    assert answer.location == "/desk"


@pytest.mark.usefixtures("walk")
def test_an_ended_login_opens_nothing_although_the_cookie_lives_on(app: Flask, visitor: Visitor) -> None:
    log_in(visitor)
    page = visitor.get("/desk").text
    stolen = visitor.client.get_cookie("pohled")
    assert stolen is not None
    visitor.post("/desk/logout", hidden(page))
    thief = app.test_client()
    thief.set_cookie("pohled", stolen.value)
    assert thief.get("/desk").status_code == 302


@pytest.mark.usefixtures("walk")
def test_logging_out_needs_the_button(visitor: Visitor) -> None:
    log_in(visitor)
    visitor.client.post("/desk/logout")
    visitor.get("/desk/logout", 405)
    assert "Our city" in visitor.get("/desk").text


@pytest.mark.usefixtures("walk")
def test_passwords_and_tokens_are_not_stored(app: Flask, visitor: Visitor) -> None:
    log_in(visitor)
    with visitor.client.session_transaction() as session:
        token = session["login"]
    with app.app_context():
        login = db.session.query(Login).one()
        organiser = queries.organiser_by_email(EMAIL)
        assert organiser is not None
        assert organiser.password.startswith("$argon2id$")
        assert token not in (login.fingerprint, str(login.id))


def test_a_shut_out_device_opens_nothing(app: Flask, visitor: Visitor, walk: MadeWalk) -> None:
    join(visitor)
    visitor.get(f"/plain/walks/{walk.walk_id}")
    with app.app_context(), transaction():
        db.session.query(Device).one().shut = now()
    visitor.get(f"/plain/walks/{walk.walk_id}", 401)
