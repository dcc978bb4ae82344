"""Verbs on people."""

import hmac
import secrets
import threading
import uuid
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, CursorResult, Update, delete, select, update

from webapp.database import db, new_id, now
from webapp.people import queries
from webapp.people.rules import (
    INVITATION_VALID,
    LINKS_KEPT,
    RESET_VALID,
    TOLD_KEPT,
    WINDOW,
    Tried,
    browser_name,
    derive_token,
    fingerprint,
    link_token,
    new_recovery_code,
    recovery_code,
    tidy_code,
    tidy_email,
    tidy_reach,
)
from webapp.people.tables import Device, Failure, Gone, Invitation, Login, Organiser, Participant

# One check takes 64 MB: a crowd at the login waits instead of filling the memory.
_TURNS = threading.BoundedSemaphore(2)
TURN_SECONDS = 5
FIRST = uuid.UUID(int=1)
"""The id of the account that came first."""


class Busy(TimeoutError):
    """Too many passwords are being checked at this moment."""


class WrongKey(Exception):
    """Somebody else's participant: the id is known, the key is not."""


class ShutOut(Exception):
    """This device was shut out."""


class Erased(Exception):
    """This participant has taken everything back; nothing begins again under the same id."""


class EmailTaken(Exception):
    """There is an account with this address."""


class LinkClosed(Exception):
    """A one-time link that was used, has expired or was taken back."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id with the parameters of RFC 9106, low-memory


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_hex(16))


def hashed(password: str) -> str:
    """What is stored of a password. Slow: call it before the transaction."""
    with _TURNS:
        return _hasher().hash(password)


def add_organiser(email: str, password: str) -> Organiser:
    """A new account, or a new password for the one that has this address, which ends all its logins."""
    known = queries.organiser_by_email(email)
    if known is None:
        return new_organiser(email, hashed(password))
    set_password(known, hashed(password))
    return known


def new_organiser(email: str, password_hash: str) -> Organiser:
    """An account for an address that has none; raises `EmailTaken` where it has one."""
    if queries.organiser_by_email(email):
        raise EmailTaken
    organiser = Organiser(email=tidy_email(email), password=password_hash)
    db.session.add(organiser)
    db.session.flush()
    return organiser


def first_organiser(email: str, password_hash: str) -> Organiser | None:
    """The installation's first account; None where there is one already.

    Its id is always the same, so that of two who come at once the database lets in one.
    """
    if queries.any_organiser():
        return None
    organiser = Organiser(id=FIRST, email=tidy_email(email), password=password_hash)
    db.session.add(organiser)
    db.session.flush()
    return organiser


def set_password(organiser: Organiser, password_hash: str, stay: str = "") -> None:
    """A new password. It ends the open links to one, and all logins but that of the token `stay`."""
    organiser.password = password_hash
    clear_failures(Tried.LOGIN, organiser.email)
    end_resets(organiser.id)
    end_logins(organiser.id, stay)


def password_fits(organiser: Organiser | None, password: str) -> bool:
    """Whether the password is right; it takes as long for an address that has no account."""
    known = organiser.password if organiser else _nobody()
    if not _TURNS.acquire(timeout=TURN_SECONDS):
        raise Busy
    try:
        return _hasher().verify(known, password) and organiser is not None
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _TURNS.release()


def log_in(organiser_id: uuid.UUID, browser: str = "") -> str:
    """Opens a login and returns its token, which is stored nowhere else. `browser` is what it calls itself."""
    token = secrets.token_hex(32)
    db.session.add(Login(organiser_id=organiser_id, fingerprint=fingerprint(token), browser=browser_name(browser)))
    return token


def end_login(organiser_id: uuid.UUID, login_id: uuid.UUID) -> bool:
    """Ends one login of this organiser; False where they have no such login."""
    login = db.session.get(Login, login_id)
    if login is None or login.organiser_id != organiser_id:
        return False
    login.ended = login.ended or now()
    return True


def end_logins(organiser_id: uuid.UUID, stay: str = "") -> None:
    """Ends all logins of this organiser but that of the token `stay`."""
    running = update(Login).where(Login.organiser_id == organiser_id, Login.ended.is_(None))
    db.session.execute(running.where(Login.fingerprint != fingerprint(stay)).values(ended=now()))


def add_invitation(
    secret: bytes, project_id: uuid.UUID, role: str, made_by: uuid.UUID, email: str = "", mail: str | None = None
) -> str:
    """A one-time link into a project, for `INVITATION_VALID`; returns its token. `mail`: the language of a mail."""
    return _add_link(
        secret,
        Invitation(
            project_id=project_id,
            role=role,
            made_by=made_by,
            email=tidy_email(email),
            mail=mail,
            expires=now() + INVITATION_VALID,
        ),
    )


def add_reset(secret: bytes, organiser: Organiser, made_by: uuid.UUID | None = None, mail: str | None = None) -> str:
    """A one-time link to a new password, for `RESET_VALID`; returns its token.

    Those before it end, unless it is mailed: anybody may ask for a mail, and must not end what others were given.
    """
    if mail is None:
        end_resets(organiser.id)
    return _add_link(
        secret,
        Invitation(
            organiser_id=organiser.id,
            made_by=made_by,
            email=organiser.email,
            mail=mail,
            expires=now() + RESET_VALID,
        ),
    )


def _add_link(secret: bytes, link: Invitation) -> str:
    db.session.execute(delete(Invitation).where(Invitation.expires < now() - LINKS_KEPT))
    link.id = new_id()
    token = link_token(secret, link.id)
    link.fingerprint = fingerprint(token)
    db.session.add(link)
    db.session.flush()
    return token


def use_link(link_id: uuid.UUID) -> None:
    """Takes an open link; raises `LinkClosed` where somebody was faster, or its time is over."""
    found = cast(
        CursorResult[Any], db.session.execute(_open_links(Invitation.id == link_id).values(used=now(), mail=None))
    )
    if found.rowcount != 1:
        raise LinkClosed


def revoke_invitation(project_id: uuid.UUID, link_id: uuid.UUID) -> bool:
    """Takes back an open invitation of this project; False where there is none."""
    here = _open_links(Invitation.id == link_id, Invitation.project_id == project_id)
    found = cast(CursorResult[Any], db.session.execute(here.values(expires=now(), mail=None)))
    return found.rowcount == 1


def revoke_invitations_of(organiser_id: uuid.UUID, project_id: uuid.UUID) -> None:
    """Takes back what somebody sent out who may no longer invite."""
    here = _open_links(Invitation.made_by == organiser_id, Invitation.project_id == project_id)
    db.session.execute(here.values(expires=now(), mail=None))


def end_resets(organiser_id: uuid.UUID) -> None:
    """Ends the open links to a new password for this account."""
    here = _open_links(Invitation.organiser_id == organiser_id)
    db.session.execute(here.values(expires=now(), mail=None))


def end_resets_between(organiser_id: uuid.UUID) -> None:
    """Ends the open links to a new password that an owner made for this account, or that it made for others.

    For when a role changes: who might make such a link a moment ago may not be allowed to now.
    """
    theirs = (Invitation.organiser_id == organiser_id) | (Invitation.made_by == organiser_id)
    here = _open_links(Invitation.organiser_id.is_not(None), Invitation.made_by.is_not(None), theirs)
    db.session.execute(here.values(expires=now(), mail=None))


def _open_links(*which: ColumnElement[bool]) -> Update:
    return update(Invitation).where(Invitation.used.is_(None), Invitation.expires > now(), *which)


def take_mail(link_id: uuid.UUID) -> str | None:
    """Who comes first gets the language of the link's mail, and sends it; the others get None."""
    link = db.session.get(Invitation, link_id, with_for_update=True)
    if link is None or link.mail is None or not queries.is_open(link):
        return None
    language, link.mail = link.mail, None
    return language


def put_mail_back(link_id: uuid.UUID, language: str) -> None:
    """The mail could not be sent now: it is tried again."""
    db.session.execute(_open_links(Invitation.id == link_id).values(mail=language))


def log_out(token: str) -> None:
    login = db.session.scalar(select(Login).where(Login.fingerprint == fingerprint(token)))
    if login and login.ended is None:
        login.ended = now()


def join_project(
    project_id: uuid.UUID,
    participant_id: uuid.UUID,
    key: str,
    language: str,
    perspective: str | None,
    name: str | None = None,
) -> Participant:
    """The participant with this id, made if new. Idempotent; another key raises `WrongKey`, an erased id `Erased`."""
    if queries.is_gone(participant_id):
        raise Erased
    known = db.session.get(Participant, participant_id)
    if known is None:
        known = Participant(
            id=participant_id,
            project_id=project_id,
            key=fingerprint(key),
            recovery=fingerprint(tidy_code(recovery_code(key, participant_id))),
            language=language,
            perspective=perspective,
            name=name,
        )
        db.session.add(known)
        db.session.flush()
    elif known.key != fingerprint(key) or known.project_id != project_id:
        raise WrongKey
    elif known.leaving:
        raise Erased
    return known


def give_number(person: Participant, number: int) -> None:
    """How organisers call this person from now on; who has a number keeps it."""
    person.number = person.number or number
    db.session.flush()


def admit_device(participant: Participant, secret: str, name: str) -> str:
    """The token of one device of the participant; the same secret (64 hex digits) and name give the same token."""
    token = derive_token(secret, participant.id, f"device:{name}")
    known = db.session.scalar(select(Device).where(Device.fingerprint == fingerprint(token)))
    if known is None:
        db.session.add(Device(participant_id=participant.id, name=name, fingerprint=fingerprint(token)))
        db.session.flush()
    elif known.shut:
        raise ShutOut
    return token


def recover(code: str, name: str, pepper: bytes) -> tuple[Participant, str] | None:
    """The participant of a recovery code, and the token of this device; None where no one has the code.

    The same code and name give the same token, so that a lost answer can be asked for again. `pepper` is the
    installation's secret: without it, whoever once saw the code could work the token out.
    """
    found = queries.participant_by_recovery(code)
    secret = hmac.new(pepper, tidy_code(code).encode(), "sha256").hexdigest()
    return (found, admit_device(found, secret, name)) if found else None


def new_recovery(participant: Participant) -> str:
    """A new recovery code; the one before opens nothing any more."""
    code = new_recovery_code()
    participant.recovery = fingerprint(tidy_code(code))
    return code


def shut_out(participant: Participant, name: str) -> str | None:
    """Shuts out all devices of this name; None where there is none.

    They knew the joining key and the recovery code: both are retired, and the new code is returned.
    """
    rows = db.session.scalars(
        select(Device).where(Device.participant_id == participant.id, Device.name == name, Device.shut.is_(None))
    ).all()
    if not rows:
        return None
    for row in rows:
        row.shut = now()
    participant.key = None
    return new_recovery(participant)


def forget_device(participant: Participant, token: str) -> None:
    """Closes this one device, which its owner leaves of their own will: key and recovery code stay."""
    rows = select(Device).where(Device.participant_id == participant.id, Device.fingerprint == fingerprint(token))
    for row in db.session.scalars(rows).all():
        row.shut = now()


def note_reach(participant_id: uuid.UUID, words: str) -> None:
    """Where this person may be contacted from now on; nothing forgets it."""
    person = queries.participant(participant_id)
    if person:
        person.reach = tidy_reach(words) or None
        db.session.flush()


def note_held(token: str, answers: int, photos: int) -> datetime:
    """What the device of this token says that it still holds; when it said so, by our clock."""
    moment = now()
    said = {"told": moment, "held_answers": answers, "held_photos": photos}
    db.session.execute(update(Device).where(Device.fingerprint == fingerprint(token)).values(said))
    return moment


def forget_held(*which: ColumnElement[bool]) -> None:
    """Forgets what these devices said that they hold."""
    nothing = {"told": None, "held_answers": None, "held_photos": None}
    db.session.execute(update(Device).where(Device.told.is_not(None), *which).values(nothing))


def forget_held_by(participant_id: uuid.UUID) -> None:
    """The same for all devices of one person."""
    forget_held(Device.participant_id == participant_id)


def forget_old_held() -> None:
    """The same for what was said so long ago that the walk is over."""
    forget_held(Device.told < now() - TOLD_KEPT)


def count_failure(kind: Tried, subject: str) -> None:
    """Remembers a wrong try, and forgets those that no longer count."""
    db.session.execute(delete(Failure).where(Failure.at < now() - WINDOW))
    db.session.add(Failure(kind=kind.value, subject=fingerprint(subject)))


def begin_try(kind: Tried, subject: str) -> int:
    """Counts a try before it is made, so that many at once are no more than many; `clear_failures` if it was right.

    Returns the seconds to wait, and counts nothing, where there were too many.
    """
    seconds = queries.rest(kind, subject)
    if not seconds:
        count_failure(kind, subject)
    return seconds


def clear_failures(kind: Tried, subject: str) -> None:
    db.session.execute(delete(Failure).where(Failure.kind == kind, Failure.subject == fingerprint(subject)))


def leave(participant: Participant) -> None:
    """Closes everything of this person at once; the erasure follows."""
    participant.leaving = participant.leaving or now()
    participant.reach = None
    forget_held_by(participant.id)


def mark_gone(*what: object) -> None:
    """Remembers ids and tokens of what was withdrawn or erased, as fingerprints."""
    mark_fingerprints_gone(fingerprint(str(each)) for each in what)


def mark_fingerprints_gone(prints: Iterable[str]) -> None:
    for each in prints:
        db.session.merge(Gone(fingerprint=each))


def erase_participant(participant: Participant) -> None:
    """The person's own rows. What refers to them must be gone before."""
    tokens = db.session.scalars(select(Device.fingerprint).where(Device.participant_id == participant.id)).all()
    mark_fingerprints_gone(tokens)
    mark_gone(participant.id)
    clear_failures(Tried.JOIN, str(participant.id))
    db.session.execute(delete(Device).where(Device.participant_id == participant.id))
    db.session.delete(participant)
    db.session.flush()
