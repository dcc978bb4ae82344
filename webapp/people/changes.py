"""Verbs on people."""

import secrets
import threading
import uuid
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update

from webapp.database import db, now
from webapp.people import queries
from webapp.people.rules import (
    WINDOW,
    Tried,
    derive_token,
    fingerprint,
    new_recovery_code,
    recovery_code,
    tidy_code,
    tidy_email,
)
from webapp.people.tables import Device, Failure, Gone, Login, Organiser, Participant

# One check takes 64 MB: a crowd at the login waits instead of filling the memory.
_TURNS = threading.BoundedSemaphore(2)


class WrongKey(Exception):
    """Somebody else's participant: the id is known, the key is not."""


class ShutOut(Exception):
    """This device was shut out."""


class Erased(Exception):
    """This participant has taken everything back; nothing begins again under the same id."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id with the parameters of RFC 9106, low-memory


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_hex(16))


def add_organiser(email: str, password: str) -> Organiser:
    """A new account, or a new password for the one that has this address, which ends all its logins."""
    organiser = queries.organiser_by_email(email) or Organiser(email=tidy_email(email))
    organiser.password = _hasher().hash(password)
    db.session.add(organiser)
    db.session.flush()
    logins = update(Login).where(Login.organiser_id == organiser.id, Login.ended.is_(None))
    db.session.execute(logins.values(ended=now()))
    return organiser


def password_fits(organiser: Organiser | None, password: str) -> bool:
    """Whether the password is right; it takes as long for an address that has no account."""
    known = organiser.password if organiser else _nobody()
    try:
        with _TURNS:
            return _hasher().verify(known, password) and organiser is not None
    except (VerificationError, InvalidHashError):
        return False


def log_in(organiser_id: uuid.UUID) -> str:
    """Opens a login and returns its token, which is stored nowhere else."""
    token = secrets.token_hex(32)
    db.session.add(Login(organiser_id=organiser_id, fingerprint=fingerprint(token)))
    return token


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
    return known


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


def recover(code: str, name: str) -> tuple[Participant, str] | None:
    """The participant of a recovery code, and the token of this device; None where no one has the code."""
    found = queries.participant_by_recovery(code)
    return (found, admit_device(found, fingerprint(tidy_code(code)), name)) if found else None


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


def count_failure(kind: Tried, subject: str) -> None:
    """Remembers a wrong try, and forgets those that no longer count."""
    db.session.execute(delete(Failure).where(Failure.at < now() - WINDOW))
    db.session.add(Failure(kind=kind.value, subject=fingerprint(subject)))


def clear_failures(kind: Tried, subject: str) -> None:
    db.session.execute(delete(Failure).where(Failure.kind == kind, Failure.subject == fingerprint(subject)))


def leave(participant: Participant) -> None:
    """Closes everything of this person at once; the erasure follows."""
    participant.leaving = participant.leaving or now()


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
    db.session.execute(delete(Device).where(Device.participant_id == participant.id))
    db.session.delete(participant)
    db.session.flush()
