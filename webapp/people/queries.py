"""Who is it: reads about people."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from webapp.database import db, now
from webapp.people.rules import (
    COOKIE_DEVICE,
    MAIL_TRIES,
    RESET_PAUSE,
    TOLD_KEPT,
    Tried,
    fingerprint,
    rest_seconds,
    tidy_code,
    tidy_email,
)
from webapp.people.tables import Device, Failure, Gone, Invitation, Login, Organiser, Participant


def organiser_by_email(address: str) -> Organiser | None:
    return db.session.scalar(select(Organiser).where(Organiser.email == tidy_email(address)))


def organiser_by_login(token: str) -> Organiser | None:
    """Whose running login this is."""
    return db.session.scalar(
        select(Organiser)
        .join(Login, Login.organiser_id == Organiser.id)
        .where(Login.fingerprint == fingerprint(token), Login.ended.is_(None))
    )


def organiser(organiser_id: uuid.UUID) -> Organiser | None:
    return db.session.get(Organiser, organiser_id)


def any_organiser() -> bool:
    """Whether the installation has an account at all."""
    return db.session.scalar(select(Organiser.id).limit(1)) is not None


def organisers(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Organiser]:
    return {each.id: each for each in db.session.scalars(select(Organiser).where(Organiser.id.in_(ids)))}


def addresses(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What organisers are called on pages."""
    return {id_: account.email for id_, account in organisers(ids).items()} if ids else {}


def logins(organiser_id: uuid.UUID) -> Sequence[Login]:
    """The running logins of an organiser, the newest first."""
    query = select(Login).where(Login.organiser_id == organiser_id, Login.ended.is_(None))
    return db.session.scalars(query.order_by(Login.created.desc(), Login.id)).all()


def login_by_token(token: str) -> Login | None:
    return db.session.scalar(select(Login).where(Login.fingerprint == fingerprint(token)))


def link(token: str, reset: bool) -> Invitation | None:
    """The one-time link of a token, whatever became of it: an invitation, or with `reset` one to a new password."""
    found = db.session.scalar(select(Invitation).where(Invitation.fingerprint == fingerprint(token)))
    return found if found and (found.organiser_id is not None) == reset else None


def link_by_id(link_id: uuid.UUID) -> Invitation | None:
    return db.session.get(Invitation, link_id)


def is_open(link: Invitation) -> bool:
    """Whether the link still opens something."""
    return link.used is None and link.expires > now()


def open_invitations(project_id: uuid.UUID) -> Sequence[Invitation]:
    """What a project's owners have sent out and nobody has used, the newest first."""
    query = select(Invitation).where(
        Invitation.project_id == project_id, Invitation.used.is_(None), Invitation.expires > now()
    )
    return db.session.scalars(query.order_by(Invitation.created.desc(), Invitation.id)).all()


def asked_lately(organiser_id: uuid.UUID) -> bool:
    """Whether a link to a new password was mailed to this account a moment ago."""
    query = select(Invitation.id).where(
        Invitation.organiser_id == organiser_id,
        Invitation.made_by.is_(None),
        Invitation.created > now() - RESET_PAUSE,
    )
    return db.session.scalar(query.limit(1)) is not None


def unsent() -> Sequence[uuid.UUID]:
    """Links whose mail has not gone out, and is not too late."""
    query = select(Invitation.id).where(Invitation.mail.is_not(None), Invitation.created > now() - MAIL_TRIES)
    return db.session.scalars(query).all()


def participant_by_token(token: str) -> Participant | None:
    """Whose device this is, unless it was shut out or its owner is leaving."""
    return db.session.scalar(_BY_TOKEN, {"print": fingerprint(token)})


def participant_by_cookie(token: str) -> Participant | None:
    """The same for the plain pages' cookie: it opens nothing else, and nothing else opens them."""
    return db.session.scalar(_BY_COOKIE, {"print": fingerprint(token)})


# Asked at every request of a phone: to put a statement together takes longer than to run it.
_BY_DEVICE = (
    select(Participant)
    .join(Device, Device.participant_id == Participant.id)
    .where(Device.fingerprint == bindparam("print"), Device.shut.is_(None), Participant.leaving.is_(None))
)
_BY_TOKEN = _BY_DEVICE.where(Device.name.not_like(f"{COOKIE_DEVICE}%"))
_BY_COOKIE = _BY_DEVICE.where(Device.name.like(f"{COOKIE_DEVICE}%"))


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


def phones(participant_ids: Collection[uuid.UUID]) -> Sequence[Device]:
    """The phones of these people: devices that may hold what has not been sent, as the plain pages never do."""
    query = select(Device).where(Device.participant_id.in_(participant_ids), Device.shut.is_(None))
    return db.session.scalars(query.where(Device.name.not_like(f"{COOKIE_DEVICE}%")).order_by(Device.created)).all()


def heard(participant_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When a phone of each of these people last spoke, of those whose phones did so in the last two weeks."""
    query = select(Device.participant_id, func.max(Device.told)).where(Device.participant_id.in_(participant_ids))
    query = query.where(Device.told.is_not(None), Device.shut.is_(None)).group_by(Device.participant_id)
    return {person: at for person, at in db.session.execute(query) if at}


def held_is_old() -> bool:
    """Whether a device said so long ago what it holds that it is to be forgotten."""
    return db.session.scalar(select(Device.id).where(Device.told < now() - TOLD_KEPT).limit(1)) is not None


def leaving() -> Select[uuid.UUID]:
    """Who has asked for everything back: nothing of theirs may be seen, although the erasure is still to come."""
    return select(Participant.id).where(Participant.leaving.is_not(None))


def all_leaving() -> Sequence[uuid.UUID]:
    """Those whose erasure is still to come."""
    return db.session.scalars(leaving()).all()


def numbers(project_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """How organisers call each participant."""
    return {person.id: person.number or 0 for person in participants(project_id)}


def by_number(project_id: uuid.UUID, number: int) -> uuid.UUID | None:
    """Whom organisers call by this number."""
    return db.session.scalar(select(Participant.id).where(*_here(project_id), Participant.number == number))


def perspectives(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """How each of these people takes part; "" where they have not said."""
    query = select(Participant.id, Participant.perspective).where(Participant.id.in_(ids))
    return {id_: said or "" for id_, said in db.session.execute(query)}


def everybody() -> Sequence[uuid.UUID]:
    """The ids of all participants of all projects."""
    return db.session.scalars(select(Participant.id)).all()


def rest(kind: Tried, subject: str) -> int:
    """Seconds until this account, code or participant may be tried again; 0 for now."""
    query = select(Failure.at).where(Failure.kind == kind, Failure.subject == fingerprint(subject))
    return rest_seconds(db.session.scalars(query).all(), now())


def key_fits(participant_id: uuid.UUID, key: str) -> bool:
    """Whether this is the key with which the participant joined, and was not retired since."""
    found = participant(participant_id)
    return found is not None and found.key == fingerprint(key)


def participant(participant_id: uuid.UUID) -> Participant | None:
    return db.session.get(Participant, participant_id)


def participants(project_id: uuid.UUID) -> Sequence[Participant]:
    """Everybody who joined the project and is not leaving, in the order in which they joined."""
    query = select(Participant).where(*_here(project_id))
    return db.session.scalars(query.order_by(Participant.created, Participant.id)).all()


def _here(project_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return Participant.project_id == project_id, Participant.leaving.is_(None)


def project_of(participant_id: uuid.UUID) -> uuid.UUID | None:
    found = participant(participant_id)
    return found.project_id if found and found.leaving is None else None
