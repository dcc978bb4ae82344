import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from webapp.consent.rules import Purpose, in_force
from webapp.consent.tables import Consent, ConsentText
from webapp.database import db


def current_texts(project_id: uuid.UUID, purposes: Sequence[str]) -> list[ConsentText]:
    """The newest text for each purpose, in the project's order of asking."""
    newest: dict[str, ConsentText] = {}
    for text in db.session.scalars(
        select(ConsentText).where(ConsentText.project_id == project_id).order_by(ConsentText.version)
    ):
        newest[text.purpose] = text
    return [newest[purpose] for purpose in purposes if purpose in newest]


def consents_of(participant_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, frozenset[Purpose]]:
    """What each of these people agrees to now; nobody is missing from the answer."""
    wanted = list(participant_ids)
    record: dict[uuid.UUID, list[tuple[str, bool]]] = defaultdict(list)
    query = select(Consent.participant_id, Consent.purpose, Consent.yes).order_by(Consent.order)
    for person, purpose, yes in db.session.execute(query.where(Consent.participant_id.in_(wanted))):
        record[person].append((purpose, yes))
    return {person: in_force(record[person]) for person in wanted}


def may_keep(participant_id: uuid.UUID) -> bool:
    """Whether anything of this person may be stored at all."""
    return Purpose.KEEP in consents_of([participant_id])[participant_id]
