"""Who is it: reads about people."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, select

from webapp.database import db, now
from webapp.people.rules import COOKIE_DEVICE, Tried, fingerprint, rest_seconds, tidy_code, tidy_email
from webapp.people.tables import Device, Failure, Gone, Login, Organiser, Participant


def organiser_by_email(address: str) -> Organiser | None:
    return db.session.scalar(select(Organiser).where(Organiser.email == tidy_email(address)))


def organiser_by_login(token: str) -> Organiser | None:
    """Whose running login this is."""
    return db.session.scalar(
        select(Organiser)
        .join(Login, Login.organiser_id == Organiser.id)
        .where(Login.fingerprint == fingerprint(token), Login.ended.is_(None))
    )


def participant_by_token(token: str) -> Participant | None:
    """Whose device this is, unless it was shut out or its owner is leaving."""
    return _by_device(token, Device.name.not_like(f"{COOKIE_DEVICE}%"))


def participant_by_cookie(token: str) -> Participant | None:
    """The same for the plain pages' cookie: it opens nothing else, and nothing else opens them."""
    return _by_device(token, Device.name.like(f"{COOKIE_DEVICE}%"))


def _by_device(token: str, which: ColumnElement[bool]) -> Participant | None:
    return db.session.scalar(
        select(Participant)
        .join(Device, Device.participant_id == Participant.id)
        .where(Device.fingerprint == fingerprint(token), Device.shut.is_(None), Participant.leaving.is_(None))
        .where(which)
    )


def token_is_gone(token: str) -> bool:
    """Whether the token was that of somebody who has taken everything back, or is about to be erased."""
    print_ = fingerprint(token)
    leaving_ = select(Device.id).join(Participant, Participant.id == Device.participant_id)
    leaving_ = leaving_.where(Device.fingerprint == print_, Participant.leaving.is_not(None))
    return db.session.get(Gone, print_) is not None or db.session.scalar(leaving_) is not None


def is_gone(what: object) -> bool:
    """Whether this id was withdrawn or erased."""
    return db.session.get(Gone, fingerprint(str(what))) is not None


def participant_by_recovery(code: str) -> Participant | None:
    return db.session.scalar(
        select(Participant).where(Participant.recovery == fingerprint(tidy_code(code)), Participant.leaving.is_(None))
    )


def devices(participant_id: uuid.UUID) -> Sequence[Device]:
    """What may act for this person, the newest last."""
    query = select(Device).where(Device.participant_id == participant_id, Device.shut.is_(None))
    return db.session.scalars(query.order_by(Device.created)).all()


def leaving() -> Select[uuid.UUID]:
    """Who has asked for everything back: nothing of theirs may be seen, although the erasure is still to come."""
    return select(Participant.id).where(Participant.leaving.is_not(None))


def rest(kind: Tried, subject: str) -> int:
    """Seconds until this account, code or participant may be tried again; 0 for now."""
    query = select(Failure.at).where(Failure.kind == kind, Failure.subject == fingerprint(subject))
    return rest_seconds(db.session.scalars(query).all(), now())


def participant(participant_id: uuid.UUID) -> Participant | None:
    return db.session.get(Participant, participant_id)


def participants(project_id: uuid.UUID) -> Sequence[Participant]:
    """Everybody who joined the project and is not leaving, in the order in which they joined."""
    query = select(Participant).where(Participant.project_id == project_id, Participant.leaving.is_(None))
    return db.session.scalars(query.order_by(Participant.created, Participant.id)).all()


def project_of(participant_id: uuid.UUID) -> uuid.UUID | None:
    found = participant(participant_id)
    return found.project_id if found and found.leaving is None else None
