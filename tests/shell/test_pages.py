"""The front page, languages, health, errors in plain words, logs without people in them."""

import contextlib
import html
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import urljoin

import pytest
from flask import Flask
from sqlalchemy import text

from tests.client import Visitor, hidden
from tests.makers import MadeWalk, join, log_in, make_organiser, make_walk
from tests.makers_photo import turned
from webapp import create_app
from webapp.config import Settings
from webapp.database import db, transaction
from webapp.words import COOKIE

CAPTION = "Kůň v čekárně: my very own words"
ADDRESS = "203.0.113.77"
AGENT = "Mozilla/5.0 (a phone of one person)"


def test_the_front_page_asks_for_the_code_and_sets_no_cookie(visitor: Visitor) -> None:
    page = visitor.get("/")
    assert "The code of your walk" in page.text
    assert not page.headers.getlist("Set-Cookie")


# languages


@pytest.mark.parametrize(
    ("asked", "code", "direction"),
    [
        ("cs", "cs", "ltr"),
        ("en-GB,en;q=0.8", "en", "ltr"),
        ("ar-XB", "ar-XB", "rtl"),
        ("xx", "en", "ltr"),
        ("", "en", "ltr"),
    ],
)
def test_a_page_speaks_the_browsers_language(app: Flask, asked: str, code: str, direction: str) -> None:
    assert f'<html lang="{code}" dir="{direction}"' in Visitor(app, asked).get("/").text


def test_a_chosen_language_stays(app: Flask) -> None:
    visitor = Visitor(app, "en")
    assert "Čeština" in visitor.get("/languages").text
    assert '<html lang="cs"' in visitor.get("/language/cs?next=/languages").text
    assert '<html lang="cs"' in visitor.get("/").text


def test_czech_pages_are_czech(app: Flask) -> None:
    page = Visitor(app, "cs").get("/").text
    assert "The code of your walk" not in page
    assert re.search("[ěščřžýůťď]", re.sub("<[^>]+>", "", page).replace("Čeština", ""))


def test_an_unknown_language_is_told(visitor: Visitor) -> None:
    visitor.get("/language/tlh", 404)
    visitor.get("/words/tlh.json", 404)


@pytest.mark.parametrize("code", ["cs", "en", "en-XA", "ar-XB"])
def test_the_words_for_scripts_name_their_language(visitor: Visitor, code: str) -> None:
    assert visitor.get(f"/words/{code}.json").json["language"] == code


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_the_language_switch_leads_nowhere_else(app: Flask, evil: str) -> None:
    client = app.test_client()
    answer = client.get("/language/cs", query_string={"next": evil})
    assert answer.location == "/"
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.value == "cs"
    page = client.get("/languages", query_string={"next": evil}, headers={"Accept-Language": "en"}).text
    leads = [urljoin("https://ours.example/", html.unescape(each)) for each in re.findall('href="([^"]*)"', page)]
    assert leads
    assert all(each.startswith("https://ours.example/") for each in leads)


def test_the_language_switch_leads_back(app: Flask) -> None:
    answer = app.test_client().get("/language/cs", query_string={"next": "/plain/walks/1?stop=2"})
    assert answer.location == "/plain/walks/1?stop=2"


# health


def test_health(app: Flask) -> None:
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_without_a_store(app: Flask, settings: Settings) -> None:
    shutil.rmtree(settings.storage)
    answer = app.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["status"] != "ok"


def test_health_without_its_tables(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(text("alter table project rename to elsewhere"))
    assert app.test_client().get("/health").status_code == 503


# errors


@pytest.mark.parametrize(
    ("address", "status", "english"),
    [
        ("/nowhere", 404, "There is nothing here"),
        ("/plain/walks/00000000-0000-4000-8000-000000000000", 401, "We do not know you here yet"),
        ("/desk/logout", 405, "That cannot be done here"),
    ],
)
def test_errors_speak_plainly_in_both_languages(app: Flask, address: str, status: int, english: str) -> None:
    page = Visitor(app, "en").get(address, status).text
    assert english in page
    assert "Traceback" not in page
    page = Visitor(app, "cs").get(address, status).text
    assert '<html lang="cs"' in page
    assert english not in page
    assert "<h1></h1>" not in page


def test_an_error_is_never_cached(visitor: Visitor) -> None:
    assert visitor.get("/nowhere", 404).headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("walk")
def test_a_form_without_its_token_is_told(app: Flask, visitor: Visitor) -> None:
    page = visitor.post("/plain/join/TESTCODE", {"keep": "yes"}, 422).text
    assert "open for too long" in page
    czech = Visitor(app, "cs").post("/plain/join/TESTCODE", {"keep": "yes"}, 422).text
    assert "otevřená příliš dlouho" in czech


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_under_api_an_error_is_a_problem(app: Flask, method: str) -> None:
    answer = app.test_client().open("/api/v1/nothing", method=method, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == 404
    assert answer.json["title"] == "There is nothing here"
    assert answer.json["detail"]


def test_a_failure_of_ours_is_told_and_keeps_nothing_half(app: Flask, walk: MadeWalk) -> None:
    visitor = Visitor(app)
    join(visitor)
    fields = {**hidden(visitor.get(walk.photo_address).text), "people": "none", "file": (turned(1), "a.jpg")}
    refuse(app, "photo", "broken")
    page = visitor.post(walk.photo_address, fields, 500).text
    assert "Something broke on our side" in page
    assert "Traceback" not in page
    with app.app_context():
        assert db.session.scalar(text("select count(*) from photo")) == 0


def test_a_full_database_is_told(app: Flask, walk: MadeWalk) -> None:
    visitor = Visitor(app)
    join(visitor)
    fields = {**hidden(visitor.get(walk.answer_address()).text), "b.1": "4"}
    refuse(app, "response", "database or disk is full")
    answer = visitor.client.post(walk.answer_address(), data=fields)
    assert answer.status_code >= 500
    assert "<h1" in answer.text


def refuse(app: Flask, table: str, reason: str) -> None:
    """Makes the database refuse new rows of a table."""
    with app.app_context(), transaction():
        trigger = f"create trigger refuse before insert on {table} begin select raise(abort, '{reason}'); end"
        db.session.execute(text(trigger))


# logs


@pytest.fixture
def logged(settings: Settings) -> Iterator[tuple[Flask, io.StringIO]]:
    """The app with all that it writes on standard error."""
    written = io.StringIO()
    with contextlib.redirect_stderr(written):
        yield create_app(settings), written


def test_a_log_that_finds_no_room_costs_no_answer(settings: Settings) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        unwritten = io.TextIOWrapper(cast(io.BufferedIOBase, full), write_through=True)
        with contextlib.redirect_stderr(unwritten):
            app = create_app(settings)
        with pytest.raises(OSError, match="No space left"):
            unwritten.write("a line")
        assert app.test_client().get("/").status_code == 200
        unwritten.detach()


def test_logs_name_nobody(logged: tuple[Flask, io.StringIO]) -> None:
    app, written = logged
    with app.app_context():
        walk = make_walk("SECRETCODE")
        make_organiser(walk.project_id)
    visitor = Visitor(app)
    visitor.client.environ_base |= {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": AGENT}
    visitor.get("/join?code=SECRETCODE")
    join(visitor, "SECRETCODE")
    visitor.send(walk.answer_address(), {"b.2": CAPTION, "b.1.remark": CAPTION})
    visitor.send(walk.photo_address, {"file": (turned(1), "IMG_secret.jpg"), "caption": CAPTION, "people": "none"})
    visitor.get("/j/WRONGCODE", 404)
    visitor.get("/secret-typed-into-the-address", 404)
    log_in(visitor)
    visitor.get(f"/desk/walks/{walk.walk_id}")
    token = visitor.client.get_cookie("pohled_plain", path="/plain")
    assert token is not None
    nobody(written.getvalue(), str(walk.walk_id), token.value, "organiser@example.org", "correct horse")
    lines = [json.loads(line) for line in written.getvalue().splitlines() if line.startswith("{")]
    assert {line["route"] for line in lines if line["event"] == "answered"} >= {"/j/<code>", "/plain/join/<code>"}
    assert all(line["level"] and line["timestamp"] for line in lines)


@pytest.mark.parametrize("table", ["photo", "answer", "consent"])
def test_the_log_of_a_failure_names_nobody(logged: tuple[Flask, io.StringIO], table: str) -> None:
    app, written = logged
    with app.app_context():
        walk = make_walk("SECRETCODE")
    visitor = Visitor(app)
    if table == "consent":
        fields = hidden(visitor.get("/plain/join/SECRETCODE").text)
        refuse(app, table, "broken")
        yes = dict.fromkeys(("keep", "meeting", "report", "exhibition", "web", "print", "social", "partners"), "yes")
        visitor.post("/plain/join/SECRETCODE", {**fields, **yes}, 500)
        person = fields["participant"]
        nobody(written.getvalue(), fields["key"], person, person.replace("-", ""))
        return
    join(visitor, "SECRETCODE")
    refuse(app, table, "broken")
    if table == "photo":
        visitor.send(
            walk.photo_address, {"file": (turned(1), "IMG_secret.jpg"), "caption": CAPTION, "people": "none"}, 500
        )
    else:
        visitor.send(walk.answer_address(), {"b.2": CAPTION}, 500)
    assert '"failed"' in written.getvalue(), "a failure of ours is noted"
    nobody(written.getvalue(), str(walk.walk_id))


def nobody(log: str, *more: str) -> None:
    assert log
    escaped = json.dumps(CAPTION)[1:-1]
    for secret in (
        CAPTION,
        escaped,
        "my very own words",
        "SECRETCODE",
        "WRONGCODE",
        ADDRESS,
        "a phone of one person",
        "secret",
        *more,
    ):
        assert secret not in log.replace("/secret", ""), f"{secret} is in the log"
