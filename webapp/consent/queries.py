import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.consent.rules import Decision, Method, Purpose, in_force
from webapp.consent.tables import Consent, ConsentText, Release, ReleaseAnswer
from webapp.database import db
from webapp.people.queries import leaving

NOTHING: frozenset[Purpose] = frozenset()


def current_texts(project_id: uuid.UUID, purposes: Sequence[str]) -> list[ConsentText]:
    """The newest text for each purpose, in the project's order of asking."""
    newest: dict[str, ConsentText] = {}
    for text in db.session.scalars(
        select(ConsentText).where(ConsentText.project_id == project_id).order_by(ConsentText.version)
    ):
        newest[text.purpose] = text
    return [newest[purpose] for purpose in purposes if purpose in newest]


def text(text_id: uuid.UUID) -> ConsentText | None:
    return db.session.get(ConsentText, text_id)


def decision_of(consent: Consent) -> Decision:
    return Decision(
        Purpose(consent.purpose),
        consent.yes,
        consent.text_id,
        consent.language,
        consent.at,
        Method(consent.method),
        consent.photo_id,
    )


def register(participant_id: uuid.UUID) -> Sequence[Consent]:
    """All that one person has decided, in the order in which it was received."""
    query = select(Consent).where(Consent.participant_id == participant_id)
    return db.session.scalars(query.order_by(Consent.order)).all()


def consents_of(participant_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, frozenset[Purpose]]:
    """What each of these people agrees to now; nobody is missing from the answer, and who is leaving to nothing."""
    wanted = list(participant_ids)
    if not wanted:  # SQLite would read the whole register to find nothing
        return {}
    record: dict[uuid.UUID, list[tuple[str, bool]]] = defaultdict(list)
    query = select(Consent.participant_id, Consent.purpose, Consent.yes).order_by(Consent.order)
    query = query.where(Consent.photo_id.is_(None), Consent.participant_id.not_in(leaving()))
    for person, purpose, yes in db.session.execute(query.where(Consent.participant_id.in_(wanted))):
        record[person].append((purpose, yes))
    return {person: in_force(record[person]) for person in wanted}


def refused_for(authors: Mapping[uuid.UUID, uuid.UUID]) -> dict[uuid.UUID, frozenset[Purpose]]:
    """For each photo (photo -> its author), what its author refuses for it alone.

    This narrows what they agree to, and never widens it.
    """
    if not authors:
        return {}
    record: dict[uuid.UUID, dict[Purpose, bool]] = defaultdict(dict)
    query = select(Consent.photo_id, Consent.participant_id, Consent.purpose, Consent.yes)
    # By the authors, who are few: a project's photos may be more than a query takes values.
    query = query.where(Consent.photo_id.is_not(None), Consent.participant_id.in_(set(authors.values())))
    for photo, person, purpose, yes in db.session.execute(query.order_by(Consent.order)):
        if photo and authors.get(photo) == person:
            record[photo][Purpose(purpose)] = yes
    refused = {photo: frozenset(p for p, yes in said.items() if not yes) for photo, said in record.items()}
    return {photo: refused.get(photo, NOTHING) for photo in authors}


def released_for(authors: Mapping[uuid.UUID, uuid.UUID]) -> dict[uuid.UUID, frozenset[Purpose] | None]:
    """For each photo (photo -> its author), what all agree to who can be recognised in it and have signed: nothing
    where one of them has taken it back; None where nobody has signed."""
    if not authors:
        return {}
    said: dict[uuid.UUID, dict[uuid.UUID, list[tuple[str, bool]]]] = defaultdict(lambda: defaultdict(list))
    query = (
        select(
            Release.photo_id,
            Release.participant_id,
            Release.id,
            Release.withdrawn,
            ReleaseAnswer.purpose,
            ReleaseAnswer.yes,
        )
        .join(ReleaseAnswer)
        .where(Release.participant_id.in_(set(authors.values())))
        .order_by(ReleaseAnswer.order)
    )
    for photo, person, release_id, withdrawn, purpose, yes in db.session.execute(query):
        if authors.get(photo) == person:
            said[photo][release_id].append((purpose, yes and withdrawn is None))
    return {
        photo: frozenset.intersection(*map(in_force, said[photo].values())) if photo in said else None
        for photo in authors
    }


def taken_back(participant_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Photos of these people of which somebody who had signed has taken it back."""
    query = select(Release.photo_id).where(Release.withdrawn.is_not(None))
    return set(db.session.scalars(query.where(Release.participant_id.in_(set(participant_ids)))))


def taken_back_of(photo_id: InstrumentedAttribute[uuid.UUID]) -> ColumnElement[bool]:
    """The same as a condition on a table of photos."""
    return select(Release.id).where(Release.photo_id == photo_id, Release.withdrawn.is_not(None)).exists()


def release(release_id: uuid.UUID) -> Release | None:
    return db.session.get(Release, release_id)


def release_by_code(code: str) -> Release | None:
    """`code`: the SHA-256 of its letters."""
    return db.session.scalar(select(Release).where(Release.code == code))


def releases_of(photo_id: uuid.UUID, participant_id: uuid.UUID) -> Sequence[Release]:
    """Of one photo, in the order in which they came."""
    query = select(Release).where(Release.photo_id == photo_id, Release.participant_id == participant_id)
    return db.session.scalars(query.order_by(Release.received, Release.id)).all()


def releases_by(participant_id: uuid.UUID) -> Sequence[Release]:
    """Of all photos of one person."""
    query = select(Release).where(Release.participant_id == participant_id)
    return db.session.scalars(query.order_by(Release.received, Release.id)).all()


def standing_releases() -> Sequence[uuid.UUID]:
    """All that nobody has taken back."""
    return db.session.scalars(select(Release.id).where(Release.withdrawn.is_(None))).all()


def may_keep(participant_id: uuid.UUID) -> bool:
    """Whether anything of this person may be stored at all."""
    return bool(db.session.scalar(KEEPS, {"person": participant_id}))


# The last word on `keep` of the bound `person`. Asked at every request of a phone: to put a statement together takes
# longer than to run it.
KEEPS = (
    select(Consent.yes)
    .where(Consent.participant_id == bindparam("person"), Consent.purpose == Purpose.KEEP.value)
    .where(Consent.photo_id.is_(None), Consent.participant_id.not_in(leaving()))
    .order_by(Consent.order.desc())
    .limit(1)
)
