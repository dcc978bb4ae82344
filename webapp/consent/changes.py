import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from webapp.consent.rules import Purpose
from webapp.consent.tables import Consent, ConsentText
from webapp.consent.texts import TEXTS
from webapp.database import db, new_id


def add_texts(project_id: uuid.UUID, purposes: list[str], languages: list[str]) -> list[ConsentText]:
    """The first version of what will be asked, in each of the project's languages."""
    texts = []
    for purpose in purposes:
        said = TEXTS[Purpose(purpose)]
        texts.append(
            ConsentText(
                project_id=project_id,
                purpose=purpose,
                version=1,
                title={code: said[code][0] for code in languages if code in said},
                detail={code: said[code][1] for code in languages if code in said},
            )
        )
    db.session.add_all(texts)
    db.session.flush()
    return texts


def record_decisions(
    participant_id: uuid.UUID,
    texts: list[ConsentText],
    decisions: Mapping[str, bool],
    languages: Mapping[str, str],
    method: str,
    at: datetime,
) -> None:
    """Appends one record per purpose whose last word differs, so that sending the same again adds nothing.

    `languages`: purpose -> the language in which its text was shown.
    """
    latest: dict[str, Consent] = {
        consent.purpose: consent
        for consent in db.session.scalars(
            select(Consent).where(Consent.participant_id == participant_id).order_by(Consent.order)
        )
    }
    for text in texts:
        last = latest.get(text.purpose)
        if last and (last.yes, last.text_id) == (decisions[text.purpose], text.id):
            continue
        db.session.add(
            Consent(
                id=new_id(),
                participant_id=participant_id,
                purpose=text.purpose,
                yes=decisions[text.purpose],
                text_id=text.id,
                language=languages[text.purpose],
                method=method,
                at=at,
            )
        )
    db.session.flush()
