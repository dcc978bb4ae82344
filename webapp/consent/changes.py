import uuid
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import ColumnElement, delete, select

from webapp.consent import queries
from webapp.consent.rules import Decision, Method, Purpose, Signed
from webapp.consent.tables import Consent, ConsentText, Release, ReleaseAnswer
from webapp.consent.texts import TEXTS
from webapp.database import Localised, db, new_id, now
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.project import queries as project_queries


class NotYours(Exception):
    """The id belongs to somebody else's decision."""


class Spoken(Exception):
    """The id belongs to another decision; the register is append-only, so this one needs an id of its own."""


_followers: list[Callable[[uuid.UUID], None]] = []


def after_keep(act: Callable[[uuid.UUID], None]) -> Callable[[uuid.UUID], None]:
    """Registers what must follow, in the same transaction, when somebody has said whether what is theirs may be kept:
    features above this one work things out from it."""
    _followers.append(act)
    return act


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


def new_text(project_id: uuid.UUID, purpose: str, title: Localised, detail: Localised) -> ConsentText:
    """What is asked for a purpose from now on; the same words again make no new version."""
    last = next(iter(queries.current_texts(project_id, [purpose])), None)
    if last and (last.title, last.detail) == (title, detail):
        return last
    number = last.version + 1 if last else 1
    text = ConsentText(project_id=project_id, purpose=purpose, version=number, title=title, detail=detail)
    db.session.add(text)
    db.session.flush()
    return text


def complete_texts(project_id: uuid.UUID, purposes: list[str], languages: list[str]) -> None:
    """Gives every purpose its text, and every text the languages that it lacks and that have been written."""
    known = {text.purpose: text for text in queries.current_texts(project_id, purposes)}
    add_texts(project_id, [purpose for purpose in purposes if purpose not in known], languages)
    for purpose, text in known.items():
        said = TEXTS[Purpose(purpose)]
        missing = [code for code in languages if code in said and not text.title.get(code)]
        if missing:
            titles, details = ({code: said[code][part] for code in missing} for part in (0, 1))
            new_text(project_id, purpose, text.title | titles, text.detail | details)


def record(participant_id: uuid.UUID, decisions: Iterable[Decision]) -> None:
    """Appends decisions that a phone sent without ids, as with joining. What was appended before stays once."""
    for decision in _keeping_first(decisions):
        append(decision.id_for(participant_id), participant_id, decision)


def say(participant_id: uuid.UUID, decisions: Iterable[Decision]) -> None:
    """Appends what somebody says on our own pages, where sending is an act: all that differs from their last word
    about the same, be it everything of theirs or one photo."""
    last = {(consent.purpose, consent.photo_id): consent for consent in queries.register(participant_id)}
    for decision in _keeping_first(decisions):
        before = last.get((decision.purpose.value, decision.photo_id))
        if before is None or (before.yes, before.text_id) != (decision.yes, decision.text_id):
            append(new_id(), participant_id, decision)
        else:
            _note_reach(participant_id, decision)


def _keeping_first(decisions: Iterable[Decision]) -> list[Decision]:
    """What may be kept besides depends on it, in whatever order they came."""
    return sorted(decisions, key=lambda each: each.purpose is not Purpose.KEEP)


def append(consent_id: uuid.UUID, participant_id: uuid.UUID, decision: Decision) -> Consent:
    """Appends one decision, or finds the one that has this id. Another's id raises `NotYours`, another decision
    under a known id `Spoken`."""
    known = db.session.scalar(select(Consent).where(Consent.id == consent_id))
    if known is not None:
        if known.participant_id != participant_id:
            raise NotYours
        if queries.decision_of(known) != decision:
            raise Spoken
        return known
    person = people_queries.participant(participant_id)
    consent = Consent(
        id=consent_id,
        participant_id=participant_id,
        photo_id=decision.photo_id,
        purpose=decision.purpose.value,
        yes=decision.yes,
        text_id=decision.text_id,
        language=decision.language,
        method=decision.method.value,
        at=decision.at,
        notice_id=project_queries.notice_id(person.project_id) if person else None,
    )
    db.session.add(consent)
    db.session.flush()
    if decision.purpose is Purpose.KEEP and decision.photo_id is None:
        if not decision.yes:
            people_changes.forget_held_by(participant_id)
        for act in _followers:
            act(participant_id)
    _note_reach(participant_id, decision)
    return consent


def _note_reach(participant_id: uuid.UUID, decision: Decision) -> None:
    """Where somebody may be contacted is kept only with a yes to that and to keeping; a no to either forgets it."""
    if decision.photo_id is not None or decision.purpose not in (Purpose.KEEP, Purpose.CONTACT):
        return
    if not decision.yes:
        people_changes.note_reach(participant_id, "")
    elif decision.purpose is Purpose.CONTACT and decision.reach is not None and queries.may_keep(participant_id):
        people_changes.note_reach(participant_id, decision.reach)


def sign(release_id: uuid.UUID, participant_id: uuid.UUID, said: Signed) -> Release:
    """Appends what somebody in a photo of this participant's has said, or finds the one that has this id. Another's
    id raises `NotYours`, another release under a known id or with a known code `Spoken`."""
    known = queries.release(release_id) or queries.release_by_code(said.code)
    if known is not None:
        if known.participant_id != participant_id:
            raise NotYours
        if known.id != release_id or _signed(known, len(said.answers)) != said:
            raise Spoken
        return known
    person = people_queries.participant(participant_id)
    row = Release(
        id=release_id,
        participant_id=participant_id,
        photo_id=said.photo_id,
        language=said.language,
        guardian=said.guardian,
        name=said.name,
        method=said.method.value,
        signature=said.signature,
        code=said.code,
        notice_id=project_queries.notice_id(person.project_id) if person else None,
        at=said.at,
        answers=[ReleaseAnswer(purpose=each.value, yes=yes, text_id=text) for each, yes, text in said.answers],
    )
    db.session.add(row)
    db.session.flush()
    return row


def _signed(row: Release, first: int) -> Signed:
    """As it was sent: what was changed by the code since, comes after the `first` answers."""
    answers = tuple((Purpose(each.purpose), each.yes, each.text_id) for each in row.answers[:first])
    method = Method(row.method)
    return Signed(
        row.photo_id, row.language, answers, row.guardian, row.name, method, row.signature, row.code, row.at
    )


def change_release(row: Release, wanted: Mapping[Purpose, bool]) -> bool:
    """What its person says now, by purpose; only purposes that they were asked for. Whether anything changed."""
    last = {Purpose(each.purpose): each for each in row.answers}
    changed = [
        ReleaseAnswer(purpose=each.value, yes=yes, text_id=last[each].text_id)
        for each, yes in wanted.items()
        if each in last and last[each].yes != yes
    ]
    row.answers.extend(changed)
    db.session.flush()
    return bool(changed)


def take_release_back(row: Release) -> None:
    row.withdrawn = row.withdrawn or now()
    db.session.flush()


def _erase_releases(*which: ColumnElement[bool]) -> None:
    """With the photo, or with its author."""
    ids = select(Release.id).where(*which)
    db.session.execute(delete(ReleaseAnswer).where(ReleaseAnswer.release_id.in_(ids)))
    db.session.execute(delete(Release).where(*which))


def erase_consents(participant_id: uuid.UUID) -> None:
    """The one way in which rows leave the register: with the person."""
    _erase_releases(Release.participant_id == participant_id)
    db.session.execute(delete(Consent).where(Consent.participant_id == participant_id))


def forget_releases(photo_id: uuid.UUID) -> None:
    _erase_releases(Release.photo_id == photo_id)
