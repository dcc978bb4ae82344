"""Mails with one-time links, after the request. Their tokens are made again here: none lies in the queue."""

import uuid
from urllib.parse import urlsplit

import structlog
from flask import current_app
from flask_babel import force_locale, gettext

from webapp.config import Settings
from webapp.database import db, transaction
from webapp.jobs import Job, job, sweep
from webapp.mail import NotSent, may_mail, send
from webapp.people import changes, queries
from webapp.people.rules import link_token
from webapp.shell.address import full_address
from webapp.words import LANGUAGES

log = structlog.get_logger()


@job
def send_link(subject: str) -> None:
    """Mails an invitation or a link to a new password, in the language that was asked for."""
    link_id, settings = uuid.UUID(subject), _settings()
    with transaction():
        language = changes.take_mail(link_id)
    if language is None or not may_mail(settings):
        return
    letter = _letter(link_id, language)
    db.session.rollback()  # nothing is held while the server takes its time
    try:
        send(settings, *letter)
    except NotSent as error:
        log.warning("mail_not_sent", error=error.reason, lasting=error.lasting)
        if not error.lasting:
            with transaction():
                changes.put_mail_back(link_id, language)


@job
def answer_forgotten(subject: str) -> None:
    """Mails a link to a new password, if the address has an account. `subject`: the language and the address.

    Here and not in the page, which so takes as long for one address as for another.
    """
    language, _, email = subject.partition(" ")
    with transaction():
        known = queries.organiser_by_email(email)
        if known is None or queries.asked_lately(known.id):
            return
        token = changes.add_reset(current_app.config["SECRET_KEY"], known, mail=language)
        link = queries.link(token, reset=True)
    if link:
        send_link(str(link.id))


@sweep
def find_unsent(starting: bool) -> list[tuple[Job, str]]:
    """Mails that the queue lost, or the server put off."""
    return [(send_link, str(link_id)) for link_id in queries.unsent()] if may_mail(_settings()) else []


@sweep
def forget_old_held(starting: bool) -> list[tuple[Job, str]]:
    """What phones said that they hold is of no use to anybody when the walk is over."""
    if queries.held_is_old():
        db.session.rollback()
        with transaction():
            changes.forget_old_held()
    return []


def _letter(link_id: uuid.UUID, language: str) -> tuple[str, str, str]:
    """To whom, about what, and the text. Nothing in it was written by a person: it is no way to mail strangers."""
    link = queries.link_by_id(link_id)
    if link is None:
        raise LookupError("The link is gone.")
    token, place = link_token(current_app.config["SECRET_KEY"], link.id), urlsplit(_settings().url).netloc
    with force_locale(LANGUAGES[language].locale):
        if link.organiser_id:
            return link.email, *_about_password(place, full_address("people.reset", key=token))
        inviter = queries.organiser(link.made_by) if link.made_by else None
        address = full_address("team.invitation", token=token)
        return link.email, *_about_project(place, address, inviter.email if inviter else place)


def _about_password(place: str, address: str) -> tuple[str, str]:
    return (
        gettext("A new password for Pohled"),
        "\n\n".join(
            (
                gettext("Somebody has asked for a new password for your account at %(place)s.", place=place),
                gettext("If it was you, open this link within 24 hours:"),
                address,
                gettext("If it was not you, do nothing. Your password stays as it is."),
            )
        )
        + "\n",
    )


def _about_project(place: str, address: str, inviter: str) -> tuple[str, str]:
    return (
        gettext("You are invited to a project on Pohled"),
        "\n\n".join(
            (
                gettext(
                    "%(inviter)s invites you to run a project together at %(place)s.", inviter=inviter, place=place
                ),
                gettext("To see which one, and to accept, open this link within 7 days. It works once:"),
                address,
                gettext("If you did not expect this, do nothing."),
            )
        )
        + "\n",
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
