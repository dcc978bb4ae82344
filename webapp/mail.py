"""Mail, through the server that `POHLED_MAIL` names. Only jobs send: a slow server must hold nobody up."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from webapp.config import Settings

TIMEOUT_SECONDS = 10
PERMANENT = 500  # replies from here on are final (RFC 5321, 4.2.1)
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass
class NotSent(Exception):
    """The mail did not go out; `lasting` where trying again would not help. It names no address."""

    reason: str
    lasting: bool = False


def may_mail(settings: Settings) -> bool:
    """Whether mails can be sent. They carry links, and only `POHLED_URL` is a safe word for where those lead."""
    return bool(settings.mail and settings.url)


def send(settings: Settings, to: str, subject: str, text: str) -> None:
    """Sends one plain mail, encrypted where the server can do so; raises `NotSent`."""
    try:
        message = _letter(settings, to, subject, text)
        with _connect(settings) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotSent(type(error).__name__, min(codes, default=PERMANENT) >= PERMANENT) from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(type(error).__name__, error.smtp_code >= PERMANENT) from None
    except smtplib.SMTPNotSupportedError as error:
        raise NotSent(type(error).__name__, lasting=True) from None
    except OSError as error:  # the line, or any other trouble of SMTP
        raise NotSent(type(error).__name__) from None
    except ValueError as error:  # an address that makes no header
        raise NotSent(type(error).__name__, lasting=True) from None


def sender(settings: Settings) -> str:
    """Whom the mails are from."""
    parts = urlsplit(settings.mail)
    user = unquote(parts.username or "")
    return settings.mail_from or (user if "@" in user else f"pohled@{parts.hostname}")


def _letter(settings: Settings, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender(settings), to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=urlsplit(settings.url).hostname)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _connect(settings: Settings) -> smtplib.SMTP:
    parts = urlsplit(settings.mail)
    host, user = parts.hostname or "localhost", unquote(parts.username or "")
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
    try:
        _introduce(server, user, unquote(parts.password or ""), parts.scheme == "smtps" or host in HERE)
    except BaseException:
        server.close()
        raise
    return server


def _introduce(server: smtplib.SMTP, user: str, password: str, safe: bool) -> None:
    server.ehlo()
    if not isinstance(server, smtplib.SMTP_SSL) and server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
        safe = True
    if user and not safe:
        raise NotSent("a password is not sent over an open line", lasting=True)
    if user:
        server.login(user, password)
