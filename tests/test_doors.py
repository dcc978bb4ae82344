"""Who may enter: every route, everybody. A route that is not in the table fails."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.client import Visitor, hidden
from tests.makers import (
    MadeWalk,
    join,
    make_call,
    make_exhibition,
    make_links,
    make_meeting,
    make_organiser,
    make_participant,
    make_photo,
    make_response,
    make_sound,
    make_walk,
)
from tests.makers_photo import turned
from webapp.database import new_id, now, transaction
from webapp.doors import Role
from webapp.export import changes as export_changes
from webapp.people import changes, queries
from webapp.photo import faces, locating
from webapp.photo.track import Point, milliseconds
from webapp.shell.assets import manifest
from webapp.walk.rules import Answer

IN = "in"  # whatever the page then says: 200, a redirect onwards, a form sent back
LOGIN = "to the login"
PARTICIPANTS = ("nobody", "walker", "walker elsewhere", "phone", "phone elsewhere")
ORGANISERS = ("stranger", *(role.value for role in Role))
EVERYBODY = PARTICIPANTS + ORGANISERS

Expected = Mapping[str, object]


def everybody(told: object) -> dict[str, object]:
    return dict.fromkeys(EVERYBODY, told)


PUBLIC: Expected = everybody(IN)
WALKER: Expected = {**everybody(401), "walker": IN, "walker elsewhere": 404}
MINE: Expected = {**WALKER, "walker elsewhere": IN}
# The API: a token opens it, and each view asks by itself what is whose.
PHONE: Expected = {**everybody(401), "phone": IN, "phone elsewhere": 404}
PHONE_ANY: Expected = {**PHONE, "phone elsewhere": IN}
ORGANISER: Expected = {**dict.fromkeys(PARTICIPANTS, LOGIN), **dict.fromkeys(ORGANISERS, IN)}
ORGANISER_POST: Expected = {**dict.fromkeys(PARTICIPANTS, 401), **dict.fromkeys(ORGANISERS, IN)}
ANSWERS: Expected = {**ORGANISER, "stranger": 404, "viewer": 403}
SETTINGS: Expected = {**ORGANISER, **dict.fromkeys(ORGANISERS, 403), "stranger": 404, "owner": IN}
WALKS: Expected = {**SETTINGS, "facilitator": IN}
CONSENTS: Expected = {**SETTINGS, "officer": IN}
RESULTS: Expected = {**ORGANISER, "stranger": 404}
BOARD: Expected = WALKS
SHORTLIST: Expected = {**SETTINGS, "curator": IN}
WORDS: Expected = {**SHORTLIST, "facilitator": IN}
ORIGINALS: Expected = {**ANSWERS, "facilitator": 403, "author": 403, "officer": 403}


def posted(table: Expected) -> Expected:
    """The same for a POST: who is not logged in hears 401, instead of being led to the login."""
    return {**table, **dict.fromkeys(PARTICIPANTS, 401)}


DOORS: Mapping[str, Expected] = {
    "GET /": PUBLIC,
    "GET /join": PUBLIC,
    "GET /j/<code>": PUBLIC,
    "GET /w/<code>/<language>": PUBLIC,
    "GET /w/<code>/<language>/recover": PUBLIC,
    "GET /w/<code>/<language>/versions": PUBLIC,
    "GET /w/<code>/<language>/paint": PUBLIC,
    "GET /phone/faces-<sha256>.onnx": PUBLIC,
    "GET /w/<code>/<language>/release": PUBLIC,
    "GET /start/<language>": PUBLIC,
    "GET /sw.js": PUBLIC,
    "GET /manifest/<language>.webmanifest": PUBLIC,
    "GET /j/<code>/notice": PUBLIC,
    "GET /languages": PUBLIC,
    "GET /language/<code>": PUBLIC,
    "GET /words/<code>.json": PUBLIC,
    "GET /static/dist/<path:name>": PUBLIC,
    "GET /static/icons/<path:name>": PUBLIC,
    "GET /health": PUBLIC,
    "GET /plain/join/<code>": PUBLIC,
    "POST /plain/join/<code>": PUBLIC,
    "GET /plain/join/<code>/nothing-kept": PUBLIC,
    "POST /plain/join/<code>/again": PUBLIC,
    "GET /release": PUBLIC,
    "POST /release": PUBLIC,
    "POST /release/choices": everybody(404),
    "POST /release/back": everybody(404),
    "POST /release/close": PUBLIC,
    "GET /release/photo.jpg": everybody(404),
    "GET /plain/recover": PUBLIC,
    "POST /plain/recover": PUBLIC,
    "GET /plain/calls/<uuid:call_id>": WALKER,
    "GET /plain/calls/<uuid:call_id>/photos/new": WALKER,
    "POST /plain/calls/<uuid:call_id>/photos/new": WALKER,
    "GET /plain/walks/<uuid:walk_id>": WALKER,
    "GET /plain/walks/<uuid:walk_id>/stops/<uuid:stop_id>/<uuid:version_id>": WALKER,
    "POST /plain/walks/<uuid:walk_id>/stops/<uuid:stop_id>/<uuid:version_id>": WALKER,
    "GET /plain/walks/<uuid:walk_id>/once/<uuid:version_id>": WALKER,
    "POST /plain/walks/<uuid:walk_id>/once/<uuid:version_id>": WALKER,
    "GET /plain/walks/<uuid:walk_id>/photos": WALKER,
    "GET /plain/walks/<uuid:walk_id>/photos/new": WALKER,
    "POST /plain/walks/<uuid:walk_id>/photos/new": WALKER,
    "GET /plain/photos/<uuid:photo_id>/<int:edge>": WALKER,
    "POST /api/v1/uploads": {**PHONE, "phone": 412, "phone elsewhere": 412},  # they do not name the protocol
    "PATCH /api/v1/uploads/<uuid:upload_id>": {**PHONE, "phone": 412, "phone elsewhere": 412},
    "DELETE /api/v1/uploads/<uuid:upload_id>": {**PHONE, "phone": 412, "phone elsewhere": 412},
    "GET /plain/mine": MINE,
    "POST /plain/mine": MINE,
    "POST /plain/mine/phones": MINE,
    "POST /plain/mine/recovery": MINE,
    "GET /plain/mine/leave-phone": MINE,
    "POST /plain/mine/leave-phone": MINE,
    "GET /plain/mine/everything": MINE,
    "POST /plain/mine/everything": MINE,
    "GET /plain/photos/<uuid:photo_id>": WALKER,
    "POST /plain/photos/<uuid:photo_id>": WALKER,
    "POST /plain/photos/<uuid:photo_id>/uses": WALKER,
    "POST /plain/photos/<uuid:photo_id>/words": WALKER,
    "GET /plain/photos/<uuid:photo_id>/take-back": WALKER,
    "POST /plain/photos/<uuid:photo_id>/take-back": WALKER,
    "GET /api/v1/openapi.json": PUBLIC,
    "GET /api/v1/join/<code>": PUBLIC,
    "POST /api/v1/join": PUBLIC,
    "POST /api/v1/recover": PUBLIC,
    "GET /api/v1/me": PHONE_ANY,
    "PUT /api/v1/me/held": PHONE_ANY,
    "PUT /api/v1/consents/<uuid:consent_id>": PHONE_ANY,
    "PUT /api/v1/releases/<uuid:release_id>": PHONE_ANY,
    "PUT /api/v1/responses/<uuid:response_id>": PHONE_ANY,
    "GET /api/v1/responses/<uuid:response_id>": PHONE,
    "PUT /api/v1/photos/<uuid:photo_id>": PHONE_ANY,
    "GET /api/v1/photos/<uuid:photo_id>": PHONE,
    "GET /api/v1/photos/<uuid:photo_id>/<int:edge>": PHONE,
    "GET /api/v1/photos/<uuid:photo_id>/sound": PHONE,
    "GET /api/v1/pack/<any(walk, call):kind>/<uuid:place_id>": PHONE,
    "GET /api/v1/pack/<any(walk, call):kind>/<uuid:place_id>/content": PHONE,
    "DELETE /api/v1/me/devices/<path:device>": PHONE_ANY,
    "DELETE /api/v1/photos/<uuid:photo_id>": PHONE,
    "PUT /api/v1/tracks/<uuid:track_id>": PHONE_ANY,
    "GET /api/v1/tracks/<uuid:track_id>": PHONE,
    "DELETE /api/v1/tracks/<uuid:track_id>": PHONE,
    "DELETE /api/v1/me": PHONE_ANY,
    "GET /desk/login": PUBLIC,
    "POST /desk/login": PUBLIC,
    "POST /desk/logout": ORGANISER_POST,
    "GET /desk/first": everybody(404),  # there is an account
    "POST /desk/first": everybody(404),
    "GET /desk/forgotten": everybody(404),  # there is no mail server
    "POST /desk/forgotten": everybody(404),
    "GET /desk/reset/<key>": PUBLIC,
    "POST /desk/reset/<key>": PUBLIC,
    "GET /desk/invitation/<token>": PUBLIC,
    "POST /desk/invitation/<token>": PUBLIC,
    "GET /desk/walks/<uuid:walk_id>/during": WALKS,
    "GET /desk/walks/<uuid:walk_id>/during.json": WALKS,
    "GET /desk/calls/<uuid:call_id>/during": WALKS,
    "GET /desk/calls/<uuid:call_id>/during.json": WALKS,
    "GET /desk/account": ORGANISER,
    "POST /desk/account/password": ORGANISER_POST,
    "POST /desk/account/logins": ORGANISER_POST,
    "POST /desk/account/others": ORGANISER_POST,
    "GET /desk/projects/<uuid:project_id>/team": SETTINGS,
    "POST /desk/projects/<uuid:project_id>/team/invite": posted(SETTINGS),
    "POST /desk/projects/<uuid:project_id>/team/revoke": posted(SETTINGS),
    "POST /desk/projects/<uuid:project_id>/team/role": posted(SETTINGS),
    "POST /desk/projects/<uuid:project_id>/team/remove": posted(SETTINGS),
    "POST /desk/projects/<uuid:project_id>/team/reset": posted(SETTINGS),
    "GET /desk": ORGANISER,
    "GET /desk/projects/new": ORGANISER,
    "POST /desk/projects/new": ORGANISER_POST,
    "GET /desk/projects/<uuid:project_id>": RESULTS,
    "GET /desk/projects/<uuid:project_id>/settings": SETTINGS,
    "POST /desk/projects/<uuid:project_id>/settings": posted(SETTINGS),
    "GET /desk/projects/<uuid:project_id>/notice": SETTINGS,
    "POST /desk/projects/<uuid:project_id>/notice": posted(SETTINGS),
    "GET /desk/projects/<uuid:project_id>/consent-texts": SETTINGS,
    "POST /desk/projects/<uuid:project_id>/consent-texts": posted(SETTINGS),
    "GET /desk/projects/<uuid:project_id>/calls/new": WALKS,
    "POST /desk/projects/<uuid:project_id>/calls/new": posted(WALKS),
    "GET /desk/calls/<uuid:call_id>": ANSWERS,
    "GET /desk/calls/<uuid:call_id>/edit": WALKS,
    "POST /desk/calls/<uuid:call_id>/edit": posted(WALKS),
    "GET /desk/calls/<uuid:call_id>/poster": WALKS,
    "GET /desk/walks/<uuid:walk_id>": ANSWERS,
    "GET /desk/walks/<uuid:walk_id>/photos": ANSWERS,
    "GET /desk/walks/<uuid:walk_id>/tracks": ANSWERS,
    "POST /desk/walks/<uuid:walk_id>/tracks": posted(WALKS),
    "POST /desk/walks/<uuid:walk_id>/tracks/delete": posted(WALKS),
    "GET /desk/photos/<uuid:photo_id>/why": ANSWERS,
    "POST /desk/photos/<uuid:photo_id>/clock": posted(WALKS),
    "GET /desk/projects/<uuid:project_id>/walks/new": WALKS,
    "POST /desk/projects/<uuid:project_id>/walks/new": posted(WALKS),
    "GET /desk/walks/<uuid:walk_id>/edit": WALKS,
    "POST /desk/walks/<uuid:walk_id>/edit": posted(WALKS),
    "GET /desk/walks/<uuid:walk_id>/checklists": WALKS,
    "POST /desk/walks/<uuid:walk_id>/checklists": posted(WALKS),
    "GET /desk/walks/<uuid:walk_id>/checklists/<checklist>": WALKS,
    "POST /desk/walks/<uuid:walk_id>/checklists/<checklist>": posted(WALKS),
    "GET /desk/walks/<uuid:walk_id>/preview": WALKS,
    "GET /desk/walks/<uuid:walk_id>/poster": WALKS,
    "GET /desk/projects/<uuid:project_id>/participants": WALKS,
    "POST /desk/participants/<uuid:participant_id>/recovery": posted(WALKS),
    "GET /desk/projects/<uuid:project_id>/register": CONSENTS,
    "GET /desk/participants/<uuid:participant_id>": CONSENTS,
    "GET /desk/participants/<uuid:participant_id>/data.zip": CONSENTS,
    "GET /desk/participants/<uuid:participant_id>/erase": CONSENTS,
    "POST /desk/participants/<uuid:participant_id>/erase": posted(CONSENTS),
    "GET /desk/projects/<uuid:project_id>/meetings": ANSWERS,
    "GET /desk/projects/<uuid:project_id>/meetings/new": WALKS,
    "POST /desk/projects/<uuid:project_id>/meetings/new": posted(WALKS),
    "GET /desk/meetings/<uuid:meeting_id>/edit": WALKS,
    "POST /desk/meetings/<uuid:meeting_id>/edit": posted(WALKS),
    "GET /desk/meetings/<uuid:meeting_id>/groups": ANSWERS,
    "GET /desk/meetings/<uuid:meeting_id>/board.json": ANSWERS,
    "POST /desk/meetings/<uuid:meeting_id>/groups": posted(BOARD),
    "POST /desk/meetings/<uuid:meeting_id>/groups/suggested": posted(BOARD),
    "POST /desk/meetings/<uuid:meeting_id>/groups/order": posted(BOARD),
    "POST /desk/meetings/<uuid:meeting_id>/groups/delete": posted(BOARD),
    "POST /desk/meetings/<uuid:meeting_id>/groups/restore": posted(BOARD),
    "POST /desk/meetings/<uuid:meeting_id>/groups/<uuid:group_id>": posted(BOARD),
    "POST /desk/meetings/<uuid:meeting_id>/placings": posted(BOARD),
    "POST /desk/meetings/<uuid:meeting_id>/note": posted(BOARD),
    "GET /desk/meetings/<uuid:meeting_id>/show": ANSWERS,
    "GET /desk/meetings/<uuid:meeting_id>/minutes": ANSWERS,
    "GET /desk/meetings/<uuid:meeting_id>/minutes.docx": ANSWERS,
    "GET /desk/meetings/<uuid:meeting_id>/photos/<uuid:photo_id>/<int:edge>.jpg": ANSWERS,
    "GET /desk/walks/<uuid:walk_id>/results": RESULTS,
    "GET /desk/walks/<uuid:walk_id>/originals.zip": ORIGINALS,
    "GET /desk/walks/<uuid:walk_id>/results.xlsx": ANSWERS,
    "GET /desk/walks/<uuid:walk_id>/answers.csv": ANSWERS,
    "GET /desk/walks/<uuid:walk_id>/photos.csv": ANSWERS,
    "GET /desk/walks/<uuid:walk_id>/places.geojson": ANSWERS,
    "GET /desk/projects/<uuid:project_id>/results.xlsx": ANSWERS,
    "GET /desk/projects/<uuid:project_id>/exhibitions": SHORTLIST,
    "POST /desk/projects/<uuid:project_id>/exhibitions": posted(SHORTLIST),
    "GET /desk/exhibitions/<uuid:exhibition_id>/table": SHORTLIST,
    "GET /desk/exhibitions/<uuid:exhibition_id>/shortlist": SHORTLIST,
    "GET /desk/exhibitions/<uuid:exhibition_id>/ask": SHORTLIST,
    "GET /desk/exhibitions/<uuid:exhibition_id>/log": SHORTLIST,
    "POST /desk/exhibitions/<uuid:exhibition_id>/photos/<uuid:photo_id>/mark": posted(SHORTLIST),
    "POST /desk/exhibitions/<uuid:exhibition_id>/photos/<uuid:photo_id>/stars": posted(SHORTLIST),
    "POST /desk/exhibitions/<uuid:exhibition_id>/photos/<uuid:photo_id>/place": posted(SHORTLIST),
    "POST /desk/exhibitions/<uuid:exhibition_id>/undo": posted(SHORTLIST),
    "GET /desk/projects/<uuid:project_id>/files": ANSWERS,
    "POST /desk/projects/<uuid:project_id>/files": posted(ANSWERS),
    # What is asked for here are originals; each format is for some roles.
    "GET /desk/exports/<uuid:export_id>/file": SHORTLIST,
    "POST /desk/exports/<uuid:export_id>/again": posted(SHORTLIST),
    "POST /desk/exports/<uuid:export_id>/delete": posted(SHORTLIST),
    "GET /desk/photos/<uuid:photo_id>/<int:edge>": ANSWERS,
    "GET /desk/photos/<uuid:photo_id>": ANSWERS,
    "POST /desk/photos/<uuid:photo_id>/words": posted(WORDS),
    "GET /desk/photos/<uuid:photo_id>/paint": ORIGINALS,
    "POST /desk/photos/<uuid:photo_id>/paint": posted(ORIGINALS),
    "POST /desk/photos/<uuid:photo_id>/look": posted(ORIGINALS),
    "GET /desk/photos/<uuid:photo_id>/faces.json": ORIGINALS,
    "GET /desk/photos/<uuid:photo_id>/sealed/<int:edge>": SETTINGS,
    "POST /desk/photos/<uuid:photo_id>/original": posted(ORIGINALS),
    "POST /desk/walks/<uuid:walk_id>/originals": posted(ORIGINALS),
    "POST /desk/calls/<uuid:call_id>/originals": posted(ORIGINALS),
    "POST /desk/exhibitions/<uuid:exhibition_id>/originals": posted(ORIGINALS),
    "GET /desk/projects/<uuid:project_id>/photos": ANSWERS,
    "GET /desk/projects/<uuid:project_id>/alike": ANSWERS,
    "GET /desk/projects/<uuid:project_id>/photos/map": ANSWERS,
    "GET /desk/projects/<uuid:project_id>/photos/map.json": ANSWERS,
    "POST /desk/projects/<uuid:project_id>/alike": posted(SHORTLIST),
    "GET /desk/projects/<uuid:project_id>/unreadable": ANSWERS,
    "POST /desk/photos/<uuid:photo_id>/again": posted(ORIGINALS),
    # The house's photo can be opened by anybody who may see it, so there is no such file of it.
    "GET /desk/photos/<uuid:photo_id>/untouched": {who: 404 if how == IN else how for who, how in ORIGINALS.items()},
    "GET /desk/photos/<uuid:photo_id>/sound": ANSWERS,
    "GET /desk/projects/<uuid:project_id>/report/<int:number>/<int:edge>": RESULTS,
    "GET /desk/projects/<uuid:project_id>/coarse.geojson": RESULTS,
    "GET /desk/responses/<uuid:response_id>/sounds/<question>": ANSWERS,
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
        call_id = make_call(walk.project_id)
        meeting_id, group_id = make_meeting(walk.project_id)
        author = queries.participant_by_cookie(cookie_of(walker))
        assert author is not None
        author_id = author.id
        photo_id = make_photo(app, walk, author_id, turned(1))
        make_sound(app, photo_id, b"\x1a\x45\xdf\xa3 a voice")
        response_id = make_response(app, walk, author_id, {"b.1": Answer(4)}, b"OggS a note")
        exhibition_id = make_exhibition(walk.project_id)
        with transaction():
            track_id = new_id()
            spot = Point(milliseconds(now()), 50.1, 14.4)
            locating.add_piece(track_id, author_id, walk.walk_id, now(), 1, "0" * 64, [spot])
        accounts = {"stranger": make_organiser(email="stranger@example.org")}
        for role in Role:
            accounts[role.value] = make_organiser(walk.project_id, role, f"{role.value}@example.org")
        with transaction():
            wanted = {"walk": str(walk.walk_id)}
            owner = accounts["owner"]
            export_id = export_changes.ask(walk.project_id, owner, "originals", wanted, "en", "a.zip").id
        token, key = make_links(app, walk.project_id, accounts["owner"])
    join(elsewhere, "ELSEWHERE")
    join_again(walker, "TESTCALL")
    tokens = {"phone": token_of(app, walker), "phone elsewhere": token_of(app, elsewhere)}

    def browser_of(who: str) -> FlaskClient:
        if who in ("walker", "walker elsewhere"):
            return (walker if who == "walker" else elsewhere).client
        client = app.test_client()
        if who in tokens:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {tokens[who]}"
        if who in accounts:
            with app.app_context(), transaction():
                token = changes.log_in(accounts[who])
            with client.session_transaction() as session:
                session["login"] = token
        return client

    values = {
        "code": walk.code,
        "language": "en",
        "project_id": walk.project_id,
        "walk_id": walk.walk_id,
        "call_id": call_id,
        "participant_id": author_id,
        "meeting_id": meeting_id,
        "group_id": group_id,
        "stop_id": walk.stops[0],
        "version_id": walk.versions[0],
        "photo_id": photo_id,
        "track_id": track_id,
        "edge": 320,
        "number": 1,
        "checklist": "belonging",
        "upload_id": new_id(),
        "consent_id": new_id(),
        "release_id": new_id(),
        "response_id": response_id,
        "exhibition_id": exhibition_id,
        "question": "b.1",
        "kind": "walk",
        "place_id": walk.walk_id,
        "device": "spare",
        "export_id": export_id,
        "token": token,
        "key": key,
        "sha256": model.sha256 if (model := faces.model()) else "0" * 64,
    }
    return House(app, values, browser_of)


def cookie_of(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie("pohled_plain", path="/plain")
    assert cookie is not None
    return cookie.value


def token_of(app: Flask, visitor: Visitor) -> str:
    """A phone of the same participant."""
    with app.app_context(), transaction():
        person = queries.participant_by_cookie(cookie_of(visitor))
        assert person is not None
        changes.admit_device(person, "1" * 64, "spare")
        return changes.admit_device(person, "0" * 64, str(new_id()))


def join_again(visitor: Visitor, code: str) -> None:
    """Joins once more as the same person."""
    visitor.post(f"/plain/join/{code}/again", hidden(visitor.get(f"/plain/join/{code}").text))


def turn(name: str) -> int:
    """What takes something away comes late, what gives a role then, and what closes everything at the very end."""
    if name == "DELETE /api/v1/me":
        return 3
    if name.startswith("POST /desk/invitation/"):
        return 2
    return int(name.startswith("DELETE ") or name.endswith("/delete"))


def doors_of(app: Flask) -> Iterable[tuple[str, Rule, str]]:
    """Every route with each of its methods, in an order in which none closes another's door."""
    found = [
        (f"{method} {rule.rule}", rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda each: turn(each[0]))


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
    return IN if answer.status_code in (200, 201, 204, 302, 415, 422) else answer.status_code


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


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "application/json"]
)
def test_no_door_breaks_under_a_body_that_is_too_large(house: House, kind: str) -> None:
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    wrong = []
    for name, rule, method in doors_of(house.app):
        if method not in ("POST", "PUT", "PATCH"):
            continue
        who = {"api": "phone", "desk": "owner", "plain": "walker"}.get(rule.rule.split("/")[1], "nobody")
        answer = house.browser_of(who).open(
            address_of(rule, house.values),
            method=method,
            data=b"too large",
            content_type=kind,
            environ_overrides={"CONTENT_LENGTH": str(10**9)},
        )
        if answer.status_code >= 500:
            wrong.append(f"{name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
