"""Accounts: the first one, wrong passwords, new ones, logins."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.client import Visitor, hidden
from tests.makers import EMAIL, PASSWORD, MadeWalk, log_in, make_organiser
from webapp import create_app
from webapp.cli import pohled
from webapp.config import Settings
from webapp.database import db, now, transaction
from webapp.people import changes, queries
from webapp.people.rules import FAILURES, WINDOW
from webapp.people.tables import Failure, Invitation, Login, Organiser

NEW = "nine tall towers"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


def new_reset(app: Flask, email: str = EMAIL) -> str:
    """The address of a link to a new password, as whoever runs the installation makes it."""
    with app.app_context(), transaction():
        account = queries.organiser_by_email(email)
        assert account is not None
        return f"/desk/reset/{changes.add_reset(app.config['SECRET_KEY'], account)}"


def wrong(visitor: Visitor, email: str, times: int) -> list[int]:
    """Wrong passwords, one after the other."""
    token = hidden(visitor.get("/desk/login").text)
    send = visitor.client.post
    return [send("/desk/login", data={**token, "email": email, "password": "no"}).status_code for _ in range(times)]


def is_in(visitor: Visitor) -> bool:
    return visitor.client.get("/desk/account").status_code == 200


# the first account


def test_the_first_who_comes_makes_the_first_account(visitor: Visitor) -> None:
    page = visitor.get("/desk")
    assert page.request.path == "/desk/first"
    page = visitor.send("/desk/first", {"email": " Jana@Example.org ", "new_password": NEW})
    assert page.request.path == "/desk"
    assert "jana@example.org" in visitor.get("/desk/account").text
    visitor.get("/desk/first", 404)
    other = Visitor(visitor.client.application)
    assert other.get("/desk").request.path == "/desk/login"
    log_in(other, "JANA@example.org", NEW)
    assert is_in(other)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"email": "", "new_password": NEW}, "Write your e-mail address."),
        ({"email": "nobody", "new_password": NEW}, "not an e-mail address"),
        ({"email": "a b@example.org", "new_password": NEW}, "not an e-mail address"),
        ({"email": "a@example.org\nBcc: b@example.org", "new_password": NEW}, "not an e-mail address"),
        ({"email": "a" * 300 + "@example.org", "new_password": NEW}, "not an e-mail address"),
        ({"email": "a@example.org", "new_password": "elevenchars"}, "12 characters or more"),
        ({"email": "a@example.org", "new_password": ""}, "12 characters or more"),
        ({"email": "a@example.org", "new_password": "x" * 1001}, "too long"),
    ],
)
def test_a_first_account_that_cannot_be_is_told_why(
    app: Flask, visitor: Visitor, fields: dict[str, str], told: str
) -> None:
    page = visitor.send("/desk/first", fields, 422).text
    assert told in page
    assert len(fields["new_password"]) == 0 or f'value="{fields["new_password"]}"' not in page
    with app.app_context():
        assert not queries.any_organiser()


def test_once_there_is_an_account_an_open_page_for_the_first_makes_none(app: Flask, visitor: Visitor) -> None:
    fields = hidden(visitor.get("/desk/first").text)
    with app.app_context():
        make_organiser()
    visitor.post("/desk/first", {**fields, "email": "late@example.org", "new_password": NEW}, 404)
    with app.app_context():
        assert queries.organiser_by_email("late@example.org") is None


def test_of_two_who_come_first_at_once_one_does(app: Flask) -> None:
    visitors = [Visitor(app) for _ in range(2)]
    forms = [hidden(visitor.get("/desk/first").text) for visitor in visitors]
    together = Barrier(2)

    def come(number: int) -> int:
        fields = {**forms[number], "email": f"{number}@example.org", "new_password": NEW}
        together.wait()
        return visitors[number].client.post("/desk/first", data=fields).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(come, range(2))) == [302, 404]
    with app.app_context():
        assert db.session.query(Organiser).count() == 1


def test_the_first_account_needs_the_forms_own_token(app: Flask, visitor: Visitor) -> None:
    answer = visitor.client.post("/desk/first", data={"email": EMAIL, "new_password": NEW})
    assert answer.status_code == 422
    with app.app_context():
        assert not queries.any_organiser()


# wrong passwords


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_after_ten_wrong_passwords_an_account_rests_whether_it_exists_or_not(
    app: Flask, visitor: Visitor, email: str
) -> None:
    assert wrong(visitor, email, FAILURES + 1) == [422] * FAILURES + [429]
    fields = {**hidden(visitor.get("/desk/login").text), "email": email.upper(), "password": PASSWORD}
    answer = visitor.post("/desk/login", fields, 429)
    assert 0 < int(answer.headers["Retry-After"]) <= WINDOW.total_seconds()
    assert "Too many tries" in answer.text
    assert not is_in(visitor)


@pytest.mark.usefixtures("walk")
def test_after_the_rest_the_right_password_opens_again(app: Flask, visitor: Visitor) -> None:
    wrong(visitor, EMAIL, FAILURES)
    with app.app_context(), transaction():
        for failure in db.session.query(Failure):
            failure.at -= WINDOW + timedelta(seconds=1)
    log_in(visitor)
    assert is_in(visitor)


@pytest.mark.usefixtures("walk")
def test_the_right_password_clears_the_wrong_ones(app: Flask, visitor: Visitor) -> None:
    for _ in range(3):
        assert wrong(Visitor(app), EMAIL, FAILURES - 1) == [422] * (FAILURES - 1)
        log_in(visitor)


@pytest.mark.usefixtures("walk")
def test_another_account_does_not_rest_with_it(app: Flask, visitor: Visitor) -> None:
    wrong(visitor, "nobody@example.org", FAILURES + 1)
    log_in(visitor)
    assert is_in(visitor)


@pytest.mark.usefixtures("walk")
def test_two_servers_share_the_count(app: Flask, settings: Settings) -> None:
    other = create_app(settings)
    wrong(Visitor(app), EMAIL, FAILURES // 2)
    assert wrong(Visitor(other), EMAIL, FAILURES // 2 + 1)[-1] == 429


@pytest.mark.usefixtures("walk")
def test_many_tries_at_once_are_no_more_than_many(app: Flask) -> None:
    visitors = [Visitor(app) for _ in range(16)]
    forms = [hidden(visitor.get("/desk/login").text) for visitor in visitors]

    def guess(number: int) -> int:
        fields = {**forms[number], "email": EMAIL, "password": str(number)}
        return visitors[number].client.post("/desk/login", data=fields).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(guess, range(16)))
    assert answers.count(422) == FAILURES
    assert answers.count(429) == 16 - FAILURES


# the account


@pytest.fixture
def owner(visitor: Visitor, walk: MadeWalk) -> Visitor:
    """The walk's organiser, logged in."""
    visitor.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    log_in(visitor)
    return visitor


@pytest.fixture
def second(app: Flask, owner: Visitor) -> Visitor:
    """The same person in another browser."""
    other = Visitor(app)
    other.client.environ_base["HTTP_USER_AGENT"] = "Other/1.0 \x07<b>" + "x" * 1000
    log_in(other)
    return other


def login_ids(app: Flask) -> list[uuid.UUID]:
    """The running logins, the oldest first."""
    with app.app_context():
        account = queries.organiser_by_email(EMAIL)
        assert account is not None
        return [login.id for login in reversed(queries.logins(account.id))]


def test_the_header_leads_to_the_account(owner: Visitor) -> None:
    assert 'href="/desk/account"' in owner.get("/desk").text
    assert 'href="/desk/account"' not in Visitor(owner.client.application).get("/desk/login").text


def test_the_account_shows_where_one_is_logged_in(owner: Visitor, second: Visitor) -> None:
    page = owner.get("/desk/account").text
    assert EMAIL in page and FIREFOX in page and "Other/1.0 &lt;b&gt;xxx" in page
    assert "x" * 201 not in page
    assert page.count("This browser") == 1
    marked = re.findall(r"<li.*?</li>", page, re.S)
    assert [FIREFOX in each for each in marked if "This browser" in each] == [True]


def test_one_login_can_be_ended(app: Flask, owner: Visitor, second: Visitor) -> None:
    _, later = login_ids(app)
    fields = hidden(owner.get("/desk/account").text)
    owner.post("/desk/account/logins", {**fields, "login": str(later)})
    assert is_in(owner) and not is_in(second)


def test_all_other_logins_can_be_ended(app: Flask, owner: Visitor, second: Visitor) -> None:
    owner.post("/desk/account/others", hidden(owner.get("/desk/account").text))
    assert is_in(owner) and not is_in(second)


def test_somebody_elses_login_cannot_be_ended(app: Flask, owner: Visitor) -> None:
    with app.app_context():
        make_organiser(email="other@example.org")
    other = Visitor(app)
    log_in(other, "other@example.org")
    (login,) = login_ids(app)
    fields = {**hidden(other.get("/desk/account").text), "login": str(login)}
    other.post("/desk/account/logins", fields, 404)
    other.post("/desk/account/logins", {**fields, "login": str(uuid.uuid4())}, 404)
    other.post("/desk/account/logins", {**fields, "login": "'; --"}, 422)
    assert is_in(owner)


def test_a_new_password_ends_the_other_logins_and_the_open_links(app: Flask, owner: Visitor, second: Visitor) -> None:
    link = new_reset(app)
    page = owner.get("/desk/account")
    fields = {**hidden(page.text), "old_password": PASSWORD, "new_password": NEW}
    assert "is changed" in owner.post("/desk/account/password", fields).text
    assert is_in(owner) and not is_in(second)
    Visitor(app).get(link, 410)
    log_in(Visitor(app), password=PASSWORD, status=422)
    log_in(second, password=NEW)
    assert is_in(second)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("wrong", NEW, "not your password"),
        ("", NEW, "Write your password."),
        (PASSWORD, "short", "12 characters or more"),
    ],
)
def test_the_password_stays_where_something_is_wrong(
    app: Flask, owner: Visitor, second: Visitor, old: str, new: str, told: str
) -> None:
    fields = {**hidden(owner.get("/desk/account").text), "old_password": old, "new_password": new}
    page = owner.post("/desk/account/password", fields, 422).text
    assert told in page and PASSWORD not in page and NEW not in page
    assert is_in(second)
    log_in(Visitor(app))


def test_the_old_password_cannot_be_guessed_without_end(owner: Visitor) -> None:
    fields = {**hidden(owner.get("/desk/account").text), "new_password": NEW}
    tries = [
        owner.client.post("/desk/account/password", data={**fields, "old_password": str(number)}).status_code
        for number in range(FAILURES + 1)
    ]
    assert tries == [422] * FAILURES + [429]


@pytest.mark.parametrize("address", ["/desk/account/password", "/desk/account/logins", "/desk/account/others"])
def test_a_button_from_elsewhere_changes_nothing(app: Flask, owner: Visitor, second: Visitor, address: str) -> None:
    fields = {"old_password": PASSWORD, "new_password": NEW, "login": str(login_ids(app)[1])}
    assert owner.client.post(address, data=fields).status_code == 422
    assert is_in(second)


# links to a new password


@pytest.mark.usefixtures("walk")
def test_a_link_sets_a_password_once_ends_all_logins_and_logs_in(app: Flask, second: Visitor) -> None:
    wrong(Visitor(app), EMAIL, FAILURES)
    link, visitor = new_reset(app), Visitor(app)
    fields = hidden(visitor.get(link).text)
    assert EMAIL in visitor.get(link).text
    visitor.post(link, {**fields, "new_password": NEW})
    assert is_in(visitor) and not is_in(second)
    again = Visitor(app)
    assert "no longer open" in again.get(link, 410).text
    visitor.post(link, {**fields, "new_password": "another sentence"}, 410)
    log_in(again, password=NEW)
    assert is_in(again)


@pytest.mark.usefixtures("walk")
def test_a_link_that_is_used_twice_at_once_works_once(app: Flask) -> None:
    link, visitors = new_reset(app), [Visitor(app) for _ in range(2)]
    forms = [hidden(visitor.get(link).text) for visitor in visitors]
    together = Barrier(2)

    def use(number: int) -> int:
        together.wait()
        fields = {**forms[number], "new_password": f"{NEW} {number}"}
        return visitors[number].client.post(link, data=fields).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, range(2))) == [302, 410]


@pytest.mark.usefixtures("walk")
def test_a_link_ends_with_its_time_and_with_the_next_one(app: Flask, visitor: Visitor) -> None:
    first = new_reset(app)
    second = new_reset(app)
    visitor.get(first, 410)
    visitor.get(second)
    with app.app_context(), transaction():
        for link in db.session.query(Invitation):
            assert link.expires <= now() + timedelta(hours=24)
            link.expires = now()
    visitor.get(second, 410)


@pytest.mark.usefixtures("walk")
@pytest.mark.parametrize("key", ["0" * 64, "x", "é" * 50, str(uuid.UUID(int=1)), "%00", "a" * 5000])
def test_a_guessed_link_opens_nothing(visitor: Visitor, key: str) -> None:
    visitor.get(f"/desk/reset/{key}", 404)


@pytest.mark.usefixtures("walk")
def test_a_short_password_does_not_use_the_link_up(app: Flask, visitor: Visitor) -> None:
    link = new_reset(app)
    visitor.send(link, {"new_password": "short"}, 422)
    visitor.send(link, {"new_password": NEW})
    assert is_in(visitor)


@pytest.mark.usefixtures("walk")
def test_a_link_is_not_what_is_stored(app: Flask) -> None:
    token = new_reset(app).rsplit("/", 1)[1]
    with app.app_context():
        row = db.session.query(Invitation).one()
        assert token not in {str(value) for value in vars(row).values()}


@pytest.mark.usefixtures("walk")
def test_the_command_prints_a_link_that_works(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, visitor: Visitor
) -> None:
    monkeypatch.setenv("POHLED_HOME", str(settings.home))
    monkeypatch.setenv("POHLED_URL", "https://walks.example/city")
    done = CliRunner().invoke(pohled, ["organiser", "reset", EMAIL.upper()])
    assert done.exit_code == 0, done.stderr
    address = done.stdout.strip()
    assert address.startswith("https://walks.example/city/desk/reset/")
    visitor.send(address.removeprefix("https://walks.example/city"), {"new_password": NEW})
    assert is_in(visitor)
    unknown = CliRunner().invoke(pohled, ["organiser", "reset", "nobody@example.org"])
    assert unknown.exit_code == 1 and not unknown.stdout and "nobody@example.org" in unknown.stderr


@pytest.mark.usefixtures("walk")
def test_without_a_mail_server_the_login_says_whom_to_ask(visitor: Visitor) -> None:
    assert "Ask whoever runs this installation" in visitor.get("/desk/login").text
    visitor.get("/desk/forgotten", 404)


@pytest.mark.usefixtures("walk")
def test_ended_logins_are_no_longer_shown(app: Flask, owner: Visitor, second: Visitor) -> None:
    second.post("/desk/logout", hidden(second.get("/desk").text))
    assert "Other/1.0" not in owner.get("/desk/account").text
    with app.app_context():
        assert db.session.query(Login).filter(Login.ended.is_not(None)).count() == 1
