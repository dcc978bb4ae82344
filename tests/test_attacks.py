"""What somebody tried who meant no good, or had bad luck: each was a failure once."""

import csv
import io
import shutil
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import makers
from tests.client import Visitor, hidden
from tests.makers import EMAIL, PASSWORD, PURPOSES, MadeWalk, join, log_in, make_organiser, make_walk
from tests.makers_photo import turned
from webapp.consent.tables import Consent
from webapp.database import db
from webapp.export.formats.originals import table
from webapp.photo.jobs import rebuild
from webapp.photo.queries import photos_of_walk
from webapp.results import queries as results
from webapp.words import safe_path

ONCE_ONLY = {**makers.SAFETY, "sections": [{**makers.SAFETY["sections"][0], "asked": "once"}]}


def send_photo(visitor: Visitor, walk: MadeWalk) -> None:
    visitor.send(walk.photo_address, {"people": "none", "file": (turned(1), "a.jpg")})


def test_a_checklist_asked_once_is_not_asked_at_a_stop(app: Flask, visitor: Visitor, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(makers, "SAFETY", ONCE_ONLY)
    with app.app_context():
        walk = make_walk()
    join(visitor)
    visitor.get(walk.answer_address(0, 1), 404)
    visitor.get(f"/plain/walks/{walk.walk_id}/once/{walk.versions[1]}")


def test_an_empty_form_is_no_checklist_filled_in(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    walker.send(walk.answer_address(), {})
    with app.app_context():
        assert results.counts(walk.walk_id) == (1, 0)


def test_two_tabs_are_one_person(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    first, second = (hidden(walker.get(walk.answer_address()).text) for _ in range(2))
    walker.post(walk.answer_address(), {**second, "b.1": "5"})
    walker.post(walk.answer_address(), {**first, "b.1": "1"})
    with app.app_context():
        tally = results.of_walk(walk.walk_id)[0].checklists[0][1][0]
    assert tally.n == 1
    assert tally.counts[-1] == (1, 1)


def test_lost_small_pictures_are_made_again(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    send_photo(walker, walk)
    with app.app_context():
        assert rebuild(missing=True) == 1
        address = f"/plain/photos/{photos_of_walk(walk.walk_id)[0].id}/320"
    walker.get(address)
    shutil.rmtree(app.extensions["store"].root / "derived")
    walker.get(address, 404)
    with app.app_context():
        assert rebuild(missing=True) == 1
        assert rebuild(missing=True) == 0
    walker.get(address)


def test_one_lost_original_does_not_keep_the_others(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    send_photo(walker, walk)
    shutil.rmtree(app.extensions["store"].root / "originals")
    send_photo(walker, walk)
    walker.post(
        walk.photo_address,
        {**hidden(walker.get(walk.photo_address).text), "people": "none", "file": (turned(3), "b.jpg")},
    )
    with app.app_context():
        first = photos_of_walk(walk.walk_id)[0].sha256
    app.extensions["store"].original(first).unlink()
    organiser = Visitor(app)
    log_in(organiser)
    answer = organiser.get(f"/desk/walks/{walk.walk_id}/originals.zip")
    assert answer.content_length == len(answer.data)
    assert b"its file is missing on the server" in answer.data
    with app.app_context():
        assert rebuild(missing=False) == 1


def test_no_cell_runs_whichever_separator_a_spreadsheet_expects() -> None:
    rows = [("x", "Hezké;=1+1;x", "＝1+1"), ("x", "a\n=1+1;b", " @y"), ("-1", "a\t+1", "a - b; c")]
    text = table(("a", "b", "c"), rows).decode("utf-8-sig")
    for delimiter in ",;\t":
        cells = [cell.strip() for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "＝"))]
    assert "a - b; c" in text


@pytest.mark.usefixtures("walk")
def test_a_session_that_came_by_https_goes_back_by_https(app: Flask) -> None:
    client = app.test_client()
    assert "Secure" in client.get("/desk/login", base_url="https://pohled.example").headers["Set-Cookie"]
    assert "Secure" not in app.test_client().get("/desk/login").headers["Set-Cookie"]


def test_the_register_names_the_language_that_was_read(app: Flask, walk: MadeWalk) -> None:
    czech, english = Visitor(app, "cs"), Visitor(app, "en")
    fields = hidden(czech.get("/plain/join/TESTCODE").text)
    english.client = czech.client  # the same phone, whose browser now asks for English
    english.post("/plain/join/TESTCODE", {**fields, **dict.fromkeys(PURPOSES, "yes")})
    join(Visitor(app, "ar-XB"))  # the project has no text in it: English was shown
    with app.app_context():
        assert list(db.session.scalars(select(Consent.language).group_by(Consent.language))) == ["cs", "en"]


def test_texts_that_changed_meanwhile_are_asked_again(app: Flask, visitor: Visitor, walk: MadeWalk) -> None:
    fields = {**hidden(visitor.get("/plain/join/TESTCODE").text), **dict.fromkeys(PURPOSES, "yes")}
    stale = {**fields, "shown": str(uuid.uuid4())}
    page = visitor.post("/plain/join/TESTCODE", stale, 422).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Consent)) == 0
    visitor.post("/plain/join/TESTCODE", {**hidden(page), **dict.fromkeys(PURPOSES, "yes")})


def test_taking_keep_back_leads_to_plain_words_and_stores_nothing_more(
    app: Flask, visitor: Visitor, walk: MadeWalk
) -> None:
    fields = {**hidden(visitor.get("/plain/join/TESTCODE").text), **dict.fromkeys(PURPOSES, "yes")}
    visitor.post("/plain/join/TESTCODE", fields)
    form = hidden(visitor.get(walk.photo_address).text)
    assert "From now on" in visitor.post("/plain/join/TESTCODE", {**fields, "keep": "no"}).text
    photo = {**form, "people": "none", "file": (turned(1), "a.jpg")}
    assert "You asked us to keep nothing" in visitor.post(walk.photo_address, photo, 403).text
    store = app.extensions["store"].root
    assert not [path for path in (store / "originals").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "path", ["/\t/[", "/\n/a℀b", "/\r\nX: 1", "//evil", "/\\evil", "https://evil", "/a b", "/[", "/x\x7f", None, ""]
)
def test_no_address_leads_elsewhere_or_breaks(path: str | None) -> None:
    assert safe_path(path) in ("/", "/[")


def test_a_login_with_a_line_break_to_go_to(app: Flask, visitor: Visitor) -> None:
    with app.app_context():
        make_organiser()
    fields = {"email": EMAIL, "password": PASSWORD, "next": "/desk\r\nX: 1"}
    visitor.post("/desk/login", {**hidden(visitor.get("/desk/login").text), **fields})


def test_numbers_longer_than_python_reads(walker: Visitor, walk: MadeWalk) -> None:
    fields = hidden(walker.get(walk.answer_address()).text)
    walker.post(walk.answer_address(), {**fields, "b.1": "9" * 5000}, 422)
    walker.post(walk.answer_address(), {**fields, "base": "9" * 5000, "b.1": "4"})


def test_a_host_name_that_nobody_can_have(app: Flask) -> None:
    answer = app.test_client().get("/", headers={"Host": "x" * 64})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")


def test_a_body_in_chunks_is_refused(walker: Visitor, walk: MadeWalk) -> None:
    answer = walker.client.post(walk.answer_address(), headers={"Transfer-Encoding": "chunked"}, data={"b.1": "4"})
    assert answer.status_code == 411


def test_a_stop_of_another_walk_is_not_there(walker: Visitor, walk: MadeWalk) -> None:
    walker.get(f"{walk.photo_address}?stop={uuid.uuid4()}", 404)


def test_head_is_answered_as_get_is(app: Flask, walker: Visitor, walk: MadeWalk) -> None:
    for address in ("/", "/j/TESTCODE", "/plain/join/TESTCODE", walk.answer_address(), walk.photo_address):
        assert walker.client.head(address).status_code == 200, address
    assert app.test_client().head("/desk").status_code == 302


@pytest.mark.usefixtures("walk")
def test_only_a_photo_may_be_large(app: Flask) -> None:
    answer = app.test_client().post("/desk/login", data={"email": "x" * 2_000_000})
    assert answer.status_code == 413


def test_a_new_password_ends_what_the_old_one_opened(app: Flask, walk: MadeWalk) -> None:
    organiser = Visitor(app)
    log_in(organiser)
    with app.app_context():
        make_organiser(walk.project_id)
    assert "Log in" in organiser.get("/desk").text
