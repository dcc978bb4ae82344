"""What becomes of the records that phones send."""

import math
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.consent.rules import OUTSIDE, Decision, Method, Purpose, Signed
from webapp.consent.tables import ConsentText
from webapp.database import now
from webapp.mark import N_
from webapp.people import queries as people_queries
from webapp.people.tables import Participant
from webapp.photo import changes as photo_changes
from webapp.photo import locating
from webapp.photo import queries as photo_queries
from webapp.photo.rules import Door, door
from webapp.photo.tables import Photo
from webapp.photo.track import FIRST, MOST_RECORDED, Point, point
from webapp.records.rules import Receipt, Revision
from webapp.shell.errors import KEEPS_NOTHING, Saying
from webapp.storage import Stored
from webapp.sync import shapes
from webapp.sync.reading import Read, Refused, wrong
from webapp.walk import changes as walk_changes
from webapp.walk import queries as walk_queries
from webapp.walk.questions import KINDS
from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.rules import EVERY_STOP, ONCE, Answer, Checklist

NOT_JOINED = Saying(N_("You have not joined this"), N_("Join it first by its code; then send this again."))
CLOSED = {
    Door.EARLY: Saying(N_("Not open yet"), N_("This call takes photos from its opening day. Send it again then.")),
    Door.CLOSED: Saying(
        N_("This call is over"), N_("It closed more than 14 days ago and takes nothing any more. Keep your photo.")
    ),
    Door.FULL: Saying(
        N_("You have sent as many photos as this call takes"), N_("Take one back, then send this again.")
    ),
}
LATEST = timedelta(days=1)  # a phone's clock may be that far ahead
SentRecord = TypeVar("SentRecord", bound=shapes.Record)


def decision(project_id: uuid.UUID, said: shapes.Consented, where: str = "", reach: str | None = None) -> Decision:
    """A decision whose text is one of the project's, for this purpose, in a language that it has."""
    if said.language not in _text_of(project_id, said.purpose, said.text, where).title:
        raise wrong(f"{where}language", "The text was never shown in this language.")
    return Decision(Purpose(said.purpose), said.yes, said.text, said.language, said.at, reach=reach)


def _text_of(project_id: uuid.UUID, purpose: Purpose, text_id: uuid.UUID, where: str) -> ConsentText:
    text = consent_queries.text(text_id)
    if text is None or text.project_id != project_id or text.purpose != purpose:
        raise wrong(f"{where}text", "This is no text of this project for this purpose.")
    return text


def put_consent(person: Participant, consent_id: uuid.UUID, sent: Read[shapes.Consent]) -> Receipt:
    """Appends a decision to the register, for all that this person sends or for one photo."""
    said = sent.said
    if said.photo and photo_queries.author_of(said.photo) not in (None, person.id):
        raise Refused(403)
    full = replace(decision(person.project_id, said, reach=said.reach), method=said.method, photo_id=said.photo)
    try:
        row = consent_changes.append(consent_id, person.id, full)
    except consent_changes.NotYours as error:
        raise Refused(403) from error
    except consent_changes.Spoken as error:
        raise wrong(
            "", "This id belongs to another decision; the register only grows, so give this one its own."
        ) from error
    return Receipt(str(consent_id), 1, sent.sha256, row.received)


def put_release(person: Participant, release_id: uuid.UUID, sent: Read[shapes.Release]) -> Receipt:
    """Appends what somebody in a photo of this person's has said."""
    said = sent.said
    photo = photo_queries.photo(said.photo)
    if photo and photo.participant_id != person.id:
        raise Refused(403)
    if photo and photo.withdrawn:
        raise Refused(410)
    if not consent_queries.may_keep(person.id):
        raise Refused(403, KEEPS_NOTHING)
    answers = []
    for number, each in enumerate(said.answers):
        where = f"answers.{number}."
        if each.purpose not in OUTSIDE:
            raise wrong(f"{where}purpose", "Nobody in a photo is asked about this purpose.")
        _text_of(person.project_id, each.purpose, each.text, where)
        answers.append((each.purpose, each.yes, each.text))
    signed = Signed(
        said.photo,
        said.language,
        tuple(answers),
        said.guardian,
        said.name,
        Method(said.method),
        said.signature,
        said.code,
        said.at,
    )
    try:
        row = consent_changes.sign(release_id, person.id, signed)
    except consent_changes.NotYours as error:
        raise Refused(403) from error
    except consent_changes.Spoken as error:
        raise wrong(
            "", "This id or this code belongs to another release; the register only grows, so give this one its own."
        ) from error
    return Receipt(str(release_id), 1, sent.sha256, row.received)


def put_response(
    person: Participant, response_id: uuid.UUID, sent: Read[shapes.Response]
) -> tuple[Receipt, list[str]]:
    """Keeps a filled-in checklist as the rules of revisions say, and binds the recordings that came before it.

    Returns also the SHA-256 of bytes that its answers have let go, and that belong to nobody any more.
    """
    said = sent.said
    _may_send(person, response_id)
    if not walk_queries.joined(person.id, said.walk):
        raise Refused(403, NOT_JOINED)
    walk = walk_queries.walk(said.walk)
    if walk is None or (said.stop and said.stop not in [stop.id for stop in walk.stops]):
        raise wrong("stop", "This walk has no such stop.")
    version = walk_queries.version_of(walk.project_id, said.checklist, said.version)
    if version is None:
        raise wrong("version", "This project has no such version of this checklist.")
    new = walk_changes.NewResponse(
        id=response_id,
        participant_id=person.id,
        walk_id=said.walk,
        stop_id=said.stop,
        version_id=version.id,
        checklist=said.checklist,
        version=said.version,
        language=said.language,
        people=said.people,
        answers=_answers(said, Checklist.read(version.body)),
    )
    try:
        receipt = walk_changes.save_response(new, _revision(sent))
    except walk_changes.NotYours as error:
        raise _elsewhere(walk_queries.response_by_id(response_id), person) from error
    return receipt, photo_changes.bind_sounds(response_id)


def put_photo(
    person: Participant, photo_id: uuid.UUID, sent: Read[shapes.Photo], limit: int
) -> tuple[Receipt, list[str], list[str]]:
    """Keeps a photo's record, and binds the bytes that came before it.

    Returns also the SHA-256 of each picture among them, which is now to be processed, and of those that nobody needs
    now.
    """
    said = sent.said
    known = photo_queries.photo(photo_id)
    if known is not None and known.participant_id != person.id:
        raise Refused(403)
    if known is not None and known.withdrawn:
        raise Refused(410)
    _may_send(person, photo_id)
    if said.bytes > limit:
        raise Refused(413)
    late = _late(person, known, said.call) if said.call else _on_walk(person, said)
    before = known.original if known else said.sha256
    try:
        receipt = photo_changes.save_photo(_new_photo(person, photo_id, said, late), _revision(sent))
    except walk_changes.NotYours as error:
        raise _elsewhere(known, person) from error
    photo = photo_queries.photo(photo_id)
    if photo is None:
        return receipt, [], []
    # What is kept beside the record that counts names another picture, and changes none.
    painted = said.painted and before != photo.original == said.sha256
    lone = photo_changes.forget_unpainted(photo, before, said.painted or "") if painted else []
    return receipt, photo_changes.bind_uploads(photo), lone


def put_track(person: Participant, recording_id: uuid.UUID, sent: Read[shapes.Track]) -> Receipt:
    """Adds a piece to what this person's phones recorded of their way on a walk. A deleted one takes no more."""
    said = sent.said
    known = photo_queries.recording(recording_id)
    if known is not None and known.participant_id != person.id:
        raise Refused(403)
    if known is not None and known.deleted:
        raise Refused(410)
    _may_send(person, recording_id)
    if not walk_queries.joined(person.id, said.walk):
        raise Refused(403, NOT_JOINED)
    if known is not None and known.walk_id != said.walk:
        raise _elsewhere(known, person)
    points = _points(said)
    try:
        return locating.add_piece(recording_id, person.id, said.walk, said.agreed, said.piece, sent.sha256, points)
    except locating.WayTooLong as error:
        raise wrong("points", f"A way has at most {MOST_RECORDED} points on one walk.") from error


def _points(said: shapes.Track) -> list[Point]:
    latest, points = now() + LATEST, []
    for index, (at, lat, lon, error) in enumerate(said.points):
        if not FIRST.timestamp() <= at <= latest.timestamp():
            raise wrong(f"points.{index}.0", "Nobody was anywhere then: before 1980, or more than a day from now.")
        found = point(datetime.fromtimestamp(at, UTC), lat, lon, math.nan if error is None else error)
        if found is None:
            raise wrong(f"points.{index}", "Nobody walks there; 0, 0 is what a receiver says that knows nothing.")
        points.append(found)
    return points


def _may_send(person: Participant, record_id: uuid.UUID) -> None:
    if people_queries.is_gone(record_id):
        raise Refused(410)
    if not consent_queries.may_keep(person.id):
        raise Refused(403, KEEPS_NOTHING)


def _elsewhere(known: object, person: Participant) -> Refused:
    """Why an id cannot be used: it is somebody else's, or this person's for another place."""
    if getattr(known, "participant_id", None) != person.id:
        return Refused(403)
    return wrong("", "This id belongs to a record of another place; a record never moves. Give this one its own id.")


def _revision(sent: Read[SentRecord]) -> Revision:
    said = sent.said
    return Revision(said.device, said.sequence, said.revision, said.base, sent.text, sent.sha256)


def _answers(said: shapes.Response, checklist: Checklist) -> Mapping[str, Answer]:
    asked = {question.id: question for question in checklist.questions(EVERY_STOP if said.stop else ONCE)}
    elsewhere = {question.id for question in checklist.questions(ONCE if said.stop else EVERY_STOP)}
    answers = {}
    for name, given in said.answers.items():
        if name in elsewhere:
            when = "once, so leave out the stop" if said.stop else "at every stop, so name the stop"
            raise wrong(f"answers.{name}", f"This question is asked {when}.")
        if name not in asked:
            raise wrong(f"answers.{name}", "This version of the checklist has no such question.")
        if given.cant_tell and given.value is not None:
            raise wrong(f"answers.{name}", "Either a value or cant_tell, not both.")
        question = asked[name]
        try:
            value = None if given.value is None else KINDS[question.kind].check(question, tidy_value(given.value))
        except WrongAnswer as error:
            raise wrong(f"answers.{name}.value", str(error)) from error
        photos = tuple(str(photo) for photo in given.photos)
        answers[name] = Answer(value, given.cant_tell, given.remark or "", photos, given.sound)
    return answers


def tidy_value(value: object) -> object:
    """Without NUL, which no database takes."""
    return value.replace("\0", "") if isinstance(value, str) else value


def _on_walk(person: Participant, said: shapes.Photo) -> bool:
    if said.walk is None or not walk_queries.joined(person.id, said.walk):
        raise Refused(403, NOT_JOINED)
    walk = walk_queries.walk(said.walk)
    stop = next((each for each in walk.stops if each.id == said.stop), None) if walk else None
    if said.stop and stop is None:
        raise wrong("stop", "This walk has no such stop.")
    if stop is not None and not stop.photos:
        raise wrong("stop", "No photos at this stop: whoever runs the walk asks for none.")
    return False


def _late(person: Participant, known: Photo | None, call_id: uuid.UUID) -> bool:
    """Whether a photo for a call comes late; refused only where the call takes nothing of this person any more."""
    call = photo_queries.call(call_id)
    if call is None or not photo_queries.joined_call(person.id, call_id):
        raise Refused(403, NOT_JOINED)
    others = [
        photo for photo in photo_queries.own_photos(person.id, call_id) if known is None or photo.id != known.id
    ]
    found = door(call, len(others), now())
    if found in CLOSED:
        raise Refused(403, CLOSED[found])
    return found is Door.LATE


def _new_photo(person: Participant, photo_id: uuid.UUID, said: shapes.Photo, late: bool) -> photo_changes.NewPhoto:
    fix = said.fix
    return photo_changes.NewPhoto(
        id=photo_id,
        participant_id=person.id,
        walk_id=said.walk,
        call_id=said.call,
        stop_id=said.stop,
        original=Stored(said.sha256, said.bytes),
        type=said.type,
        caption={code: text for code, text in said.caption.items() if text},
        story=said.story.model_dump(exclude_none=True) if said.story else {},
        up="up" in said.light,
        down="down" in said.light,
        themes=list(dict.fromkeys(said.themes)),
        people=said.people.value,
        credit=said.credit.value,
        credit_as=said.credit_as,
        star=said.star,
        taken=said.taken.isoformat() if said.taken else None,
        late=late,
        fix=photo_changes.Fix(fix.lat, fix.lon, fix.accuracy, fix.at) if fix else None,
        pin=(said.pin.lat, said.pin.lon) if said.pin else None,
        painted=said.painted,
    )
