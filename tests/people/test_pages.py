"""Logging in, logging out, and who may open which door."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.client import Visitor, hidden
from tests.makers import (
    EMAIL,
    PASSWORD,
    MadeWalk,
    join,
    log_in,
    make_organiser,
    make_participant,
    make_photo,
    make_walk,
)
from tests.makers_photo import turned
from webapp.database import db, now, transaction
from webapp.doors import Role
from webapp.people import changes, queries
from webapp.people.tables import Device, Login
from webapp.shell.assets import manifest

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


# the doors

IN = "in"  # whatever the page then says: 200, a redirect onwards, a form sent back
LOGIN = "to the login"
PARTICIPANTS = ("nobody", "walker", "walker elsewhere")
ORGANISERS = ("stranger", *(role.value for role in Role))
EVERYBODY = PARTICIPANTS + ORGANISERS

Expected = Mapping[str, object]


def everybody(told: object) -> dict[str, object]:
    return dict.fromkeys(EVERYBODY, told)


PUBLIC: Expected = everybody(IN)
WALKER: Expected = {**everybody(401), "walker": IN, "walker elsewhere": 404}
ORGANISER: Expected = {**dict.fromkeys(PARTICIPANTS, LOGIN), **dict.fromkeys(ORGANISERS, IN)}
ORGANISER_POST: Expected = {**dict.fromkeys(PARTICIPANTS, 401), **dict.fromkeys(ORGANISERS, IN)}
ANSWERS: Expected = {**ORGANISER, "stranger": 404, "viewer": 403}
ORIGINALS: Expected = {**ANSWERS, "facilitator": 403, "author": 403, "officer": 403}

DOORS: Mapping[str, Expected] = {
    "GET /": PUBLIC,
    "GET /join": PUBLIC,
    "GET /j/<code>": PUBLIC,
    "GET /languages": PUBLIC,
    "GET /language/<code>": PUBLIC,
    "GET /words/<code>.json": PUBLIC,
    "GET /static/dist/<path:name>": PUBLIC,
    "GET /static/icons/<path:name>": PUBLIC,
    "GET /health": PUBLIC,
    "GET /plain/join/<code>": PUBLIC,
    "POST /plain/join/<code>": PUBLIC,
    "GET /plain/join/<code>/nothing-kept": PUBLIC,
    "GET /plain/walks/<uuid:walk_id>": WALKER,
    "GET /plain/walks/<uuid:walk_id>/stops/<uuid:stop_id>/<uuid:version_id>": WALKER,
    "POST /plain/walks/<uuid:walk_id>/stops/<uuid:stop_id>/<uuid:version_id>": WALKER,
    "GET /plain/walks/<uuid:walk_id>/once/<uuid:version_id>": WALKER,
    "POST /plain/walks/<uuid:walk_id>/once/<uuid:version_id>": WALKER,
    "GET /plain/walks/<uuid:walk_id>/photos": WALKER,
    "GET /plain/walks/<uuid:walk_id>/photos/new": WALKER,
    "POST /plain/walks/<uuid:walk_id>/photos/new": WALKER,
    "GET /plain/photos/<uuid:photo_id>/<int:edge>": WALKER,
    "GET /desk/login": PUBLIC,
    "POST /desk/login": PUBLIC,
    "POST /desk/logout": ORGANISER_POST,
    "GET /desk": ORGANISER,
    "GET /desk/walks/<uuid:walk_id>": ANSWERS,
    "GET /desk/walks/<uuid:walk_id>/photos": ANSWERS,
    "GET /desk/walks/<uuid:walk_id>/originals.zip": ORIGINALS,
    "GET /desk/photos/<uuid:photo_id>/<int:edge>": ANSWERS,
}


@dataclass(frozen=True)
class House:
    """A walk with a photo of its walker, and a browser for everybody."""

    app: Flask
    values: Mapping[str, object]
    browser_of: Callable[[str], FlaskClient]


@pytest.fixture
def house(app: Flask, walk: MadeWalk) -> House:
    """The doors alone: the forms' own protection has tests of its own."""
    app.config["WTF_CSRF_ENABLED"] = False
    walker, elsewhere = Visitor(app), Visitor(app)
    join(walker)
    with app.app_context():
        make_walk("ELSEWHERE")
        make_participant(walk)  # somebody else on the same walk, who owns nothing that is asked for
        author = queries.participant_by_token(cookie_of(walker))
        assert author is not None
        photo_id = make_photo(app, walk, author.id, turned(1))
        accounts = {"stranger": make_organiser(email="stranger@example.org")}
        for role in Role:
            accounts[role.value] = make_organiser(walk.project_id, role, f"{role.value}@example.org")
    join(elsewhere, "ELSEWHERE")

    def browser_of(who: str) -> FlaskClient:
        if who in ("walker", "walker elsewhere"):
            return (walker if who == "walker" else elsewhere).client
        client = app.test_client()
        if who in accounts:
            with app.app_context(), transaction():
                token = changes.log_in(accounts[who])
            with client.session_transaction() as session:
                session["login"] = token
        return client

    values = {
        "code": walk.code,
        "walk_id": walk.walk_id,
        "stop_id": walk.stops[0],
        "version_id": walk.versions[0],
        "photo_id": photo_id,
        "edge": 320,
    }
    return House(app, values, browser_of)


def cookie_of(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie("pohled_plain", path="/plain")
    assert cookie is not None
    return cookie.value


def doors_of(app: Flask) -> Iterable[tuple[str, Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {rule.rule}", rule, method


def address_of(rule: Rule, values: Mapping[str, object]) -> str:
    own: dict[str, object] = {**values}
    if rule.rule in ("/language/<code>", "/words/<code>.json"):
        own["code"] = "en"
    if "name" in rule.arguments:
        dist = "/dist/" in rule.rule
        own["name"] = manifest()["static/css/app.css"]["file"] if dist else "favicon.svg"
    built = rule.build({name: own[name] for name in rule.arguments})
    assert built is not None
    return built[1]


def outcome(client: FlaskClient, address: str, method: str) -> object:
    answer = client.open(address, method=method)
    if answer.status_code == 302 and answer.location.startswith("/desk/login"):
        return LOGIN
    return IN if answer.status_code in (200, 302, 422) else answer.status_code


def test_every_route_is_in_the_table(app: Flask) -> None:
    assert {name for name, _, _ in doors_of(app)} == set(DOORS), "a route came or went: say above who may enter"


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_gets_through_their_own_doors_only(house: House, who: str) -> None:
    wrong = []
    for name, rule, method in doors_of(house.app):
        found = outcome(house.browser_of(who), address_of(rule, house.values), method)
        if found != DOORS[name][who]:
            wrong.append(f"{name}: {found}, expected {DOORS[name][who]}")
    assert not wrong, f"{who}:\n" + "\n".join(wrong)


def test_an_organisers_login_is_no_participants_and_the_other_way_round(house: House) -> None:
    photo = house.values["photo_id"]
    assert house.browser_of("owner").get(f"/plain/photos/{photo}/320").status_code == 401
    assert house.browser_of("walker").get(f"/desk/photos/{photo}/320").status_code == 302


def test_the_photos_of_others_on_the_same_walk_are_not_ones_own(house: House, app: Flask) -> None:
    other = Visitor(app)
    join(other)
    other.get(f"/plain/photos/{house.values['photo_id']}/320", 404)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_ends_at_its_project(house: House, app: Flask, role: Role) -> None:
    with app.app_context():
        other = make_walk("THIRD")
    client = house.browser_of(role.value)
    for address in ("", "/photos", "/originals.zip"):
        assert client.get(f"/desk/walks/{other.walk_id}{address}").status_code == 404


@pytest.mark.parametrize("address", ["", "/photos", "/originals.zip"])
def test_what_does_not_exist_looks_like_what_one_may_not_see(house: House, address: str) -> None:
    assert house.browser_of("owner").get(f"/desk/walks/{uuid.uuid4()}{address}").status_code == 404
