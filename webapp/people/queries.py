"""Who is it: reads about people."""

import uuid

from sqlalchemy import select

from webapp.database import db
from webapp.people.rules import fingerprint, tidy_email
from webapp.people.tables import Device, Login, Organiser, Participant


def organiser_by_email(address: str) -> Organiser | None:
    return db.session.scalar(select(Organiser).where(Organiser.email == tidy_email(address)))


def organiser_by_login(token: str) -> Organiser | None:
    """Whose running login this is."""
    return db.session.scalar(
        select(Organiser)
        .join(Login, Login.organiser_id == Organiser.id)
        .where(Login.fingerprint == fingerprint(token), Login.ended.is_(None))
    )


def participant_by_token(token: str, device: str | None = None) -> Participant | None:
    """Whose device this is, unless it was shut out; `device` narrows to one kind, such as the plain cookie."""
    query = (
        select(Participant)
        .join(Device, Device.participant_id == Participant.id)
        .where(Device.fingerprint == fingerprint(token), Device.shut.is_(None))
    )
    if device is not None:
        query = query.where(Device.name == device)
    return db.session.scalar(query)


def participant(participant_id: uuid.UUID) -> Participant | None:
    return db.session.get(Participant, participant_id)
