"""Verbs on people."""

import secrets
import threading
import uuid
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from webapp.database import db, now
from webapp.people import queries
from webapp.people.rules import derive_token, fingerprint, tidy_email
from webapp.people.tables import Device, Login, Organiser, Participant

# One check takes 64 MB: a crowd at the login waits instead of filling the memory.
_TURNS = threading.BoundedSemaphore(2)


class WrongKey(Exception):
    """Somebody else's participant: the id is known, the key is not."""


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
    project_id: uuid.UUID, participant_id: uuid.UUID, key: str, language: str, perspective: str | None
) -> Participant:
    """The participant with this id, made if new. Idempotent; another key raises `WrongKey`."""
    known = db.session.get(Participant, participant_id)
    if known is None:
        known = Participant(
            id=participant_id,
            project_id=project_id,
            key=fingerprint(key),
            language=language,
            perspective=perspective,
        )
        db.session.add(known)
        db.session.flush()
    elif known.key != fingerprint(key) or known.project_id != project_id:
        raise WrongKey
    return known


def admit_device(participant: Participant, key: str, name: str) -> str:
    """The token of one device of the participant; the same key and name give the same token."""
    token = derive_token(key, participant.id, name)
    known = db.session.scalar(select(Device).where(Device.participant_id == participant.id, Device.name == name))
    if known is None:
        db.session.add(Device(participant_id=participant.id, name=name, fingerprint=fingerprint(token)))
        db.session.flush()
    return token
