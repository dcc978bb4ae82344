"""Mails with links, through a real SMTP server."""

import re
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from flask import Flask
from huey import Huey
from structlog.testing import capture_logs

from tests.client import Visitor, hidden
from tests.makers import EMAIL, MadeWalk, log_in, make_organiser, make_walk
from webapp import create_app
from webapp.config import Settings
from webapp.database import db, transaction
from webapp.mail import NotSent, send
from webapp.people.rules import MAIL_TRIES, RESET_PAUSE
from webapp.people.tables import Invitation

NEW = "nine tall towers"
URL = "https://walks.example"


@dataclass
class Postman:
    """Takes letters, or answers with `refusal`."""

    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refusal: str = ""
    encrypted: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.refusal:
            return self.refusal
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        return "250 Taken"

    def check(self, server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
        if not isinstance(login, LoginPassword) or login.password != b"secret/word":
            return AuthResult(success=False, handled=False)
        self.users.append(login.login.decode())
        return AuthResult(success=True)

    def link(self) -> str:
        """The path that the last letter leads to."""
        found = re.search(URL + r"(\S+)", self.letters[-1].get_content())
        assert found
        return found[1]


@pytest.fixture
def postman() -> Postman:
    return Postman()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def server(postman: Postman) -> Iterator[Controller]:
    controller = Controller(postman, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def settings(tmp_path: Path, server: Controller) -> Settings:
    return mailing(tmp_path, f"smtp://127.0.0.1:{server.port}")


def mailing(tmp_path: Path, mail: str, **more: str) -> Settings:
    home = {"POHLED_HOME": str(tmp_path / "home"), "POHLED_LANGUAGES": "en,cs", "POHLED_URL": URL}
    return Settings.read({**home, "POHLED_MAIL": mail, **more})


@pytest.fixture
def work(app: Flask) -> Callable[[], int]:
    """Does what is queued, as the worker would; returns how much that was."""
    huey: Huey = app.extensions["queue"].huey

    def done() -> int:
        count = 0
        while task := huey.dequeue():
            huey.execute(task)
            count += 1
        return count

    return done


def invite(app: Flask, walk: MadeWalk, email: str, language: str = "en") -> str:
    """The page after an owner has invited somebody."""
    owner = Visitor(app, language)
    log_in(owner)
    team = f"/desk/projects/{walk.project_id}/team"
    fields = {**hidden(owner.get(team).text), "role": "viewer", "email": email}
    return owner.post(f"{team}/invite", fields).text


def forget(app: Flask, email: str, language: str = "en") -> str:
    return Visitor(app, language).send("/desk/forgotten", {"email": email}).text


def age(app: Flask, by: Any) -> None:
    with app.app_context(), transaction():
        for link in db.session.query(Invitation):
            link.created -= by


# invitations


def test_an_invitation_with_an_address_is_mailed(
    app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]
) -> None:
    page = invite(app, walk, "New@Example.org")
    assert "also being mailed to new@example.org" in page
    assert postman.letters == [], "the page does not wait for the mail server"
    assert work() == 1
    (letter,) = postman.letters
    assert postman.recipients == ["new@example.org"]
    assert letter["From"] == "pohled@127.0.0.1" and letter["Date"] and letter["Message-ID"]
    assert EMAIL in letter.get_content() and "Our city" not in letter.get_content()
    assert f'value="{URL}{postman.link()}"' in page, "the mail leads where the page does"
    visitor = Visitor(app)
    assert "Our city" in visitor.send(postman.link(), {"email": "new@example.org", "new_password": NEW}).text


def test_an_invitation_without_an_address_is_not_mailed(
    app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]
) -> None:
    assert "mailed to" not in invite(app, walk, "")
    assert work() == 0
    app.extensions["queue"].sweep()
    work()
    assert postman.letters == []


def test_a_mail_speaks_the_language_of_the_page(
    app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]
) -> None:
    for language in ("en", "cs"):
        invite(app, walk, f"{language}@example.org", language)
    work()
    english, czech = [letter["Subject"] for letter in postman.letters]
    assert english == "You are invited to a project on Pohled"
    assert czech != english


def test_no_token_lies_in_the_queue(app: Flask, walk: MadeWalk, settings: Settings, postman: Postman) -> None:
    page = invite(app, walk, "new@example.org")
    token = re.search(r"/desk/invitation/([0-9a-f]{64})", page)
    assert token
    stored = b"".join(file.read_bytes() for file in settings.home.glob("pohled.sqlite*"))
    assert b"new@example.org" in stored and token[1].encode() not in stored


def test_an_invitation_taken_back_in_time_is_not_mailed(
    app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]
) -> None:
    invite(app, walk, "new@example.org")
    owner = Visitor(app)
    log_in(owner)
    team = f"/desk/projects/{walk.project_id}/team"
    with app.app_context():
        invitation = str(db.session.query(Invitation).one().id)
    owner.post(f"{team}/revoke", {**hidden(owner.get(team).text), "invitation": invitation})
    work()
    assert postman.letters == []


# a forgotten password


def test_a_forgotten_password_is_mailed_a_way_to_a_new_one(
    app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]
) -> None:
    assert "Forgot the password?" in Visitor(app).get("/desk/login").text
    forget(app, EMAIL.upper())
    work()
    assert postman.recipients == [EMAIL]
    visitor = Visitor(app)
    visitor.send(postman.link(), {"new_password": NEW})
    assert EMAIL in visitor.get("/desk/account").text
    visitor.get(postman.link(), 410)


def test_whether_an_address_has_an_account_is_not_told(
    app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]
) -> None:
    known, unknown = forget(app, EMAIL), forget(app, "nobody@example.org")
    assert known == unknown
    with app.app_context():
        assert db.session.query(Invitation).count() == 0, "the page does the same for both"
    assert work() == 2
    assert postman.recipients == [EMAIL]


def test_a_strangers_host_name_does_not_get_into_the_mail(
    app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]
) -> None:
    evil = Visitor(app)
    evil.client.environ_base["HTTP_HOST"] = "evil.example"
    fields = {**hidden(evil.get("/desk/forgotten").text), "email": EMAIL}
    evil.post("/desk/forgotten", fields)
    work()
    assert "evil" not in postman.letters[0].as_string()


def test_nobody_can_fill_a_mailbox(app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]) -> None:
    for _ in range(5):
        forget(app, EMAIL)
    work()
    assert len(postman.letters) == 1
    first = postman.link()
    age(app, RESET_PAUSE)
    forget(app, EMAIL)
    work()
    assert len(postman.letters) == 2
    Visitor(app).get(first)  # whoever asks for another mail does not end what others were given


@pytest.mark.parametrize("email", ["", "nobody", "a@b.cz\nBcc: c@d.cz", "x" * 10_000 + "@b.cz"])
def test_an_address_that_is_none_is_told(app: Flask, walk: MadeWalk, email: str, work: Callable[[], int]) -> None:
    Visitor(app).send("/desk/forgotten", {"email": email}, 422)
    assert work() == 0


def test_without_a_public_address_there_are_no_mails(tmp_path: Path, server: Controller) -> None:
    app = create_app(mailing(tmp_path, f"smtp://127.0.0.1:{server.port}", POHLED_URL=""))
    with app.app_context():
        make_organiser(make_walk().project_id)
    Visitor(app).get("/desk/forgotten", 404)
    assert "Ask whoever runs this installation" in Visitor(app).get("/desk/login").text


# what may go wrong


def test_a_server_that_puts_a_mail_off_gets_it_again(
    app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]
) -> None:
    invite(app, walk, "new@example.org")
    postman.refusal = "451 Later, please"
    with capture_logs() as lines:
        work()
    (line,) = [line for line in lines if line["event"] == "mail_not_sent"]
    assert "example.org" not in str(line) and not line["lasting"]
    postman.refusal = ""
    app.extensions["queue"].sweep()
    assert work() == 1
    assert postman.recipients == ["new@example.org"]
    app.extensions["queue"].sweep()
    assert work() == 0, "it is sent once"


def test_a_mail_that_is_refused_for_good_is_not_tried_again(
    app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]
) -> None:
    invite(app, walk, "new@example.org")
    postman.refusal = "550 Nobody here"
    work()
    postman.refusal = ""
    app.extensions["queue"].sweep()
    assert work() == 0 and postman.letters == []


def test_a_mail_that_the_queue_lost_is_found_and_a_late_one_is_not_sent(
    app: Flask, walk: MadeWalk, postman: Postman, work: Callable[[], int]
) -> None:
    for email in ("lost@example.org", "late@example.org"):
        invite(app, walk, email)
        app.extensions["queue"].huey.flush()
        if email.startswith("late"):
            age(app, MAIL_TRIES)
            break
        app.extensions["queue"].sweep()
        assert work() == 1
    app.extensions["queue"].sweep()
    assert work() == 0
    assert postman.recipients == ["lost@example.org"]


def test_a_server_that_is_not_there_costs_no_job(tmp_path: Path) -> None:
    app = create_app(mailing(tmp_path, f"smtp://127.0.0.1:{free_port()}"))
    with app.app_context():
        walk = make_walk()
        make_organiser(walk.project_id)
    invite(app, walk, "new@example.org")
    huey = app.extensions["queue"].huey
    with capture_logs() as lines:
        huey.execute(huey.dequeue())
    assert [line["event"] for line in lines] == ["mail_not_sent"]


# the line to the server


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for this machine, which this test trusts."""
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    try:
        subprocess.run([*made, *names, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


@pytest.fixture
def safe_server(postman: Postman, certificate: ssl.SSLContext) -> Iterator[Controller]:
    """A server that takes letters only after STARTTLS and a password."""
    controller = Controller(
        postman,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=certificate,
        require_starttls=True,
        authenticator=postman.check,
        auth_required=True,
    )
    controller.start()
    yield controller
    controller.stop()


def test_the_line_is_encrypted_and_the_user_logs_in(
    tmp_path: Path, safe_server: Controller, postman: Postman
) -> None:
    settings = mailing(tmp_path, f"smtp://us%40er:secret%2Fword@localhost:{safe_server.port}")
    send(settings, "new@example.org", "Příliš žluťoučký", "kůň\n")
    assert postman.encrypted == [True]
    assert postman.users == ["us@er"]
    assert postman.letters[0]["Subject"] == "Příliš žluťoučký"
    assert postman.letters[0]["From"] == "us@er"


def test_the_sender_can_be_named(tmp_path: Path, server: Controller, postman: Postman) -> None:
    settings = mailing(tmp_path, f"smtp://127.0.0.1:{server.port}", POHLED_MAIL_FROM="walks@example.org")
    send(settings, "new@example.org", "Hello", "Hello")
    assert postman.letters[0]["From"] == "walks@example.org"


def test_a_server_with_a_certificate_of_somebody_else_gets_nothing(
    tmp_path: Path, safe_server: Controller, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    settings = mailing(tmp_path, f"smtp://user:secret%2Fword@localhost:{safe_server.port}")
    with pytest.raises(NotSent, match="SSLCertVerificationError"):
        send(settings, "new@example.org", "Hello", "Hello")
    assert postman.users == [] and postman.letters == []


def test_a_wrong_password_is_no_reason_to_go_on_trying(tmp_path: Path, safe_server: Controller) -> None:
    settings = mailing(tmp_path, f"smtp://user:wrong@localhost:{safe_server.port}", POHLED_MAIL_FROM="a@b.cz")
    with pytest.raises(NotSent) as refused:
        send(settings, "new@example.org", "Hello", "Hello")
    assert refused.value.lasting


def test_a_password_never_goes_over_an_open_line(
    tmp_path: Path, server: Controller, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.mail.HERE", ())  # as if the server were another machine
    settings = mailing(tmp_path, f"smtp://user:secret@127.0.0.1:{server.port}")
    with pytest.raises(NotSent, match="open line"):
        send(settings, "new@example.org", "Hello", "Hello")
    assert postman.letters == [] and postman.users == []
