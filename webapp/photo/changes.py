import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

from webapp.database import Localised, db, now
from webapp.people.changes import mark_gone
from webapp.photo import locating, queries
from webapp.photo.regions import Region, Style
from webapp.photo.rules import (
    Approval,
    Credit,
    Facts,
    Look,
    PartName,
    People,
    PictureState,
    Sizes,
    caption_print,
    fingerprint,
    plain,
)
from webapp.photo.tables import (
    Call,
    Caller,
    CameraClock,
    Download,
    OriginalAsk,
    Part,
    Photo,
    PhotoRevision,
    Picture,
    Redaction,
    Sealed,
    ToldApart,
    Upload,
    Wording,
)
from webapp.project import changes as project_changes
from webapp.project import queries as project_queries
from webapp.records.changes import file_revision
from webapp.records.rules import Current, Receipt, Revision, Verdict, by_hand
from webapp.storage import Stored
from webapp.walk import queries as walk_queries
from webapp.walk.changes import NotYours, detach_photo
from webapp.walk.tables import AnswerRow, Response

LEASE = timedelta(minutes=5)  # longer than the longest making of sizes
LONGEST_REST = timedelta(hours=1)


class Withdrawn(Exception):
    """The photo has been taken back; nothing brings it here again."""


@dataclass(frozen=True)
class Fix:
    """Where the phone said it was; degrees, metres, and its own clock."""

    lat: float
    lon: float
    accuracy: float | None
    at: datetime | None = None


@dataclass(frozen=True)
class NewPhoto:
    """A photo's record as it arrives, of a walk or of a call. `original` and `type` are what it says of the file."""

    id: uuid.UUID
    participant_id: uuid.UUID
    walk_id: uuid.UUID | None
    stop_id: uuid.UUID | None
    original: Stored
    type: str
    caption: Mapping[str, str]
    up: bool
    down: bool
    people: str
    call_id: uuid.UUID | None = None
    story: Mapping[str, str] = field(default_factory=dict)
    themes: Sequence[str] = ()
    credit: str = Credit.ANONYMOUS.value
    credit_as: str | None = None
    star: bool = False
    taken: str | None = None
    late: bool = False
    fix: Fix | None = None
    pin: tuple[float, float] | None = None
    painted: str | None = None
    """The SHA-256 of the preview, where the author has painted the picture over before it was sent."""

    def body(self) -> dict[str, Any]:
        """The record as a phone would send it, without device and revision."""
        body: dict[str, Any] = {
            "walk": str(self.walk_id) if self.walk_id else None,
            "call": str(self.call_id) if self.call_id else None,
            "stop": str(self.stop_id) if self.stop_id else None,
            "caption": dict(self.caption),
            "story": dict(self.story),
            "light": [name for name, lit in (("up", self.up), ("down", self.down)) if lit],
            "themes": list(self.themes),
            "people": self.people,
            "credit": self.credit,
            "credit_as": self.credit_as,
            "star": self.star,
            "taken": self.taken,
            "sha256": self.original.sha256,
            "bytes": self.original.bytes,
            "type": self.type,
            "painted": self.painted,
        }
        if self.fix:
            body["fix"] = {"lat": self.fix.lat, "lon": self.fix.lon, "accuracy": self.fix.accuracy}
        if self.pin:
            body["pin"] = {"lat": self.pin[0], "lon": self.pin[1]}
        return {name: value for name, value in body.items() if value is not None}


def as_new(photo: Photo) -> NewPhoto:
    """The record that counts, for a revision made from it on our own pages."""
    fix = None
    if photo.fix_lat is not None and photo.fix_lon is not None:
        fix = Fix(photo.fix_lat, photo.fix_lon, photo.fix_accuracy, photo.fix_at)
    pin = (photo.pin_lat, photo.pin_lon) if photo.pin_lat is not None and photo.pin_lon is not None else None
    return NewPhoto(
        id=photo.id,
        participant_id=photo.participant_id,
        walk_id=photo.walk_id,
        stop_id=photo.stop_id,
        original=Stored(photo.original, photo.bytes),
        type=photo.type,
        caption=dict(photo.caption),
        up=photo.up,
        down=photo.down,
        people=photo.people,
        call_id=photo.call_id,
        story=dict(photo.story),
        themes=list(photo.themes),
        credit=photo.credit,
        credit_as=photo.credit_as,
        star=photo.star,
        taken=photo.taken,
        late=photo.late,
        fix=fix,
        pin=pin,
        painted=queries.painted_preview(photo),
    )


def edit_photo(photo: Photo, language: str, caption: str, up: bool, down: bool, people: str) -> Receipt:
    """A new revision of one's own photo, written on our pages. The caption keeps its language, if it has one."""
    code = next(iter(photo.caption), language)
    captions = {each: words for each, words in {**photo.caption, code: caption}.items() if words}
    return save_photo(replace(as_new(photo), caption=captions, up=up, down=down, people=people))


class WordedMeanwhile(Exception):
    """Somebody else has written or decided since the words were shown, in these languages."""

    def __init__(self, languages: Sequence[str]) -> None:
        super().__init__(", ".join(languages))
        self.languages = languages


@dataclass(frozen=True)
class Wish:
    """Words for the label in one language. `seen` is `seen_of` what was there when the page was shown."""

    language: str
    words: str
    in_person: bool
    seen: str


def seen_of(row: Wording | None) -> str:
    """Tells whether anything has happened to the words since they were shown."""
    return f"{row.revision if row else 0}-{fingerprint(row.words if row else '')}"


def write_words(photo: Photo, organiser_id: uuid.UUID, wishes: Iterable[Wish], made_of: str) -> list[Wish]:
    """Keeps an organiser's words for the label, and returns those that were new. Empty ones take a row away.

    `made_of` is the caption's fingerprint as the organiser saw it. Raises `WordedMeanwhile`, and writes nothing.
    """
    rows = {row.language: row for row in photo.wordings}
    wanted = [each for each in wishes if _wants(each, rows.get(each.language), photo, made_of)]
    if between := [each.language for each in wanted if each.seen != seen_of(rows.get(each.language))]:
        raise WordedMeanwhile(between)
    for wish in wanted:
        row = rows.get(wish.language)
        if not wish.words and row:
            db.session.delete(row)
            continue
        if row is None:
            row = Wording(photo_id=photo.id, language=wish.language, words="", revision=0)
            db.session.add(row)
        if row.words != wish.words:
            row.words, row.organiser_id, row.written = wish.words, organiser_id, now()
        row.state = Approval.IN_PERSON if wish.in_person else Approval.WAITING
        row.decided, row.witness_id = (now(), organiser_id) if wish.in_person else (None, None)
        row.made_of = made_of
        row.revision += 1
    db.session.flush()
    db.session.expire(photo, ["wordings"])
    return wanted


def _wants(wish: Wish, row: Wording | None, photo: Photo, made_of: str) -> bool:
    """Whether it changes anything; the same sent twice does not. The author's own words need no row."""
    if not wish.in_person and _same(wish.words, wish.seen):
        return False
    if row is None:
        return bool(wish.words) and wish.words != photo.caption.get(wish.language)
    noted = row.state == Approval.IN_PERSON and row.made_of == made_of
    return wish.words != row.words or (wish.in_person and not noted)


def _same(words: str, seen: str) -> bool:
    return fingerprint(words) == seen.partition("-")[2]


def decide_on_words(photo: Photo, language: str, yes: bool, seen: str) -> None:
    """What the author says of an organiser's words, beside their own as they are now. Raises `WordedMeanwhile`."""
    row = next((each for each in photo.wordings if each.language == language), None)
    said, made_of = Approval.APPROVED if yes else Approval.REFUSED, caption_print(photo.caption)
    if row and _same(row.words, seen) and (row.state, row.made_of) == (said, made_of):
        return  # pressed twice
    if row is None or seen != seen_of(row):
        raise WordedMeanwhile([language])
    row.state, row.made_of, row.decided, row.witness_id = said, made_of, now(), None
    row.revision += 1
    db.session.flush()


def ask_for_originals(owed: Iterable[queries.Owed], organiser_id: uuid.UUID) -> int:
    """Lets the authors' phones know that these originals are asked for; how many were not asked for before."""
    new, moment = [each.id for each in owed if each.asked is None], now()
    db.session.add_all(OriginalAsk(photo_id=photo_id, organiser_id=organiser_id, at=moment) for photo_id in new)
    db.session.flush()
    return len(new)


def tell_apart(project_id: uuid.UUID, numbers: Collection[int], organiser_id: uuid.UUID) -> None:
    """Remembers that these photos are different, however much they look alike. Said twice, it is kept once."""
    query = select(Photo).where(Photo.project_id == project_id, Photo.number.in_(numbers)).order_by(Photo.number)
    photos = [photo.id for photo in db.session.scalars(query) if photo.withdrawn is None]
    known = queries.told_apart(project_id)
    for one, other in combinations(photos, 2):
        if (one, other) not in known:
            db.session.add(ToldApart(one_id=one, other_id=other, organiser_id=organiser_id))
    db.session.flush()


def _forget_told_apart(photo_ids: Collection[uuid.UUID]) -> None:
    gone = or_(ToldApart.one_id.in_(photo_ids), ToldApart.other_id.in_(photo_ids))
    db.session.execute(delete(ToldApart).where(gone))


def ask_no_more(photo_ids: Collection[uuid.UUID]) -> None:
    """Takes back that these originals are asked for."""
    db.session.execute(delete(OriginalAsk).where(OriginalAsk.photo_id.in_(photo_ids)))


def photo_id_for(form_id: uuid.UUID, sha256: str) -> uuid.UUID:
    """The photo that a form's bytes belong to.

    One form sent twice is one photo. But somebody who goes back and chooses another picture has sent a second
    photo, and must not lose it: its id follows from both, so that sending that one again is harmless, too.
    """
    known = queries.photo(form_id)
    same = known is None or known.withdrawn or known.original == sha256
    return form_id if same else uuid.uuid5(form_id, sha256)


def save_photo(new: NewPhoto, arrived: Revision | None = None) -> Receipt:
    """Keeps the photo's record as the rules of revisions say; nothing that ever came is lost.

    Without `arrived` it was written on our own pages: there, a person's last act counts. Its bytes are another
    matter: see `receive_part` and `bind_uploads`.
    """
    photo = queries.photo(new.id)
    if photo is None:
        project_id = _project_of(new)
        photo = Photo(
            id=new.id,
            project_id=project_id,
            number=project_changes.next_photo_number(project_id),
            participant_id=new.participant_id,
            walk_id=new.walk_id,
            call_id=new.call_id,
            late=new.late,
            look=Look.AWAITED if queries.wants_no_faces(new.walk_id, new.call_id) else Look.FREE,
            revision=0,
            device="",
            record_sha256="",
        )
        _spread(photo, new)
        db.session.add(photo)
        db.session.flush()
    elif (photo.participant_id, photo.walk_id, photo.call_id) != (new.participant_id, new.walk_id, new.call_id):
        raise NotYours
    elif photo.withdrawn:
        raise Withdrawn
    current = Current(photo.device, photo.revision, photo.record_sha256) if photo.revision else None
    arrived = arrived or by_hand(new.body(), current)
    verdict, receipt = file_revision(PhotoRevision, photo.id, current, arrived)
    if verdict is Verdict.COUNTS:
        photo.revision, photo.device, photo.record_sha256 = arrived.revision, arrived.device, arrived.sha256
        _spread(photo, new)
        _show(photo)
        db.session.flush()
    return receipt


def _project_of(new: NewPhoto) -> uuid.UUID:
    project_id = queries.project_of_call(new.call_id) if new.call_id else None
    project_id = walk_queries.project_of(new.walk_id) if new.walk_id else project_id
    if project_id is None:
        raise ValueError("A photo belongs to a walk or to a call.")
    return project_id


def add_photo(new: NewPhoto, type_: str) -> Receipt:
    """A photo whose record and original come together, as from our own pages."""
    receipt = save_photo(new)
    receive_part(db.session.get_one(Photo, new.id), PartName.ORIGINAL, new.original, type_)
    return receipt


def receive_part(photo: Photo, part: PartName, stored: Stored, type_: str) -> None:
    """Binds bytes that lie in the store to the photo. What was there before under this name is no longer its part.

    A picture that comes after another of the photo was painted over shows itself to nobody: it is sealed, and waits
    for the owner to look.
    """
    if photo.painted and part in (PartName.ORIGINAL, PartName.PREVIEW):
        _seal(photo, part.value, stored, now(), max(1, _sealed_days(photo)))
        _keep_picture(stored, type_)
        db.session.flush()
        return
    row = db.session.scalar(select(Part).where(Part.photo_id == photo.id, Part.name == part))
    if row is None:
        row = Part(photo_id=photo.id, name=part.value)
        db.session.add(row)
    if row.sha256 != stored.sha256:
        row.sha256, row.bytes, row.received = stored.sha256, stored.bytes, now()
    if part is not PartName.SOUND:
        _keep_picture(stored, type_)
    db.session.flush()
    _show(photo)


def bind_uploads(photo: Photo) -> list[str]:
    """Gives the photo what its author has sent for it; returns the SHA-256 of each picture among it.

    An original is bound when the record names its SHA-256, and never because somebody else sent the same bytes.
    """
    found = []
    for upload in queries.finished_uploads(photo):
        part = PartName(upload.part) if upload.part else None
        if upload.sha256 == photo.original and part in (None, PartName.ORIGINAL):
            part = PartName.ORIGINAL
        elif part not in (PartName.PREVIEW, PartName.SOUND) or upload.photo_id != photo.id:
            continue
        if part is PartName.PREVIEW and queries.painted_preview(photo) not in (None, upload.sha256):
            upload.expires = now()  # made before the author painted the picture over
            continue
        receive_part(photo, part, Stored(upload.sha256 or "", upload.length), photo.type)
        upload.photo_id = upload.photo_id or photo.id  # withdrawn, the photo takes its uploads along
        if part is not PartName.SOUND:
            found.append(upload.sha256 or "")
    return found


def forget_unpainted(photo: Photo, original: str, preview: str) -> list[str]:
    """The author has painted the picture over on the phone, and `preview` is the SHA-256 of its preview now: what
    came before, of the one with the SHA-256 `original`, is no part of the photo any more, sealed neither, and what is
    on its way will not be.

    Returns the SHA-256 of bytes that belong to nobody any more; whoever calls deletes them after the commit.
    """
    stay = photo.original, preview
    pictures = (
        Part.photo_id == photo.id,
        Part.name.in_((PartName.PREVIEW, PartName.ORIGINAL)),
        Part.sha256.not_in(stay),
    )
    shas = {original, *db.session.scalars(select(Part.sha256).where(*pictures))}
    db.session.execute(delete(Part).where(*pictures))
    author = Upload.participant_id == photo.participant_id
    silent = or_(Upload.part.is_(None), Upload.part != PartName.SOUND)
    other = or_(Upload.claimed.is_(None), Upload.claimed.not_in(stay))
    came = or_(Upload.sha256.is_(None), Upload.sha256.not_in(stay))
    shas |= _drop_uploads(author, Upload.photo_id == photo.id, silent, other, came)
    nameless = or_(
        Upload.photo_id.is_(None), Upload.photo_id == photo.id
    )  # the same picture may be another photo, too
    shas |= _drop_uploads(author, nameless, Upload.sha256.in_(shas))
    for row in queries.sealed_of(photo.id):
        row.destroyed = row.destroyed or now()
        shas.add(row.sha256)
    if photo.sha256 in shas:
        photo.sha256 = None
    db.session.flush()
    _show(photo)
    return forget_pictures(shas)


def bind_sounds(response_id: uuid.UUID) -> list[str]:
    """Gives the response the recordings that its answers name and its author has sent; those that they named before
    are taken away.

    Returns the SHA-256 of bytes that belong to nobody any more; whoever calls deletes them after the commit.
    """
    wanted = select(AnswerRow.sound).where(AnswerRow.response_id == response_id, AnswerRow.sound.is_not(None))
    have = select(Part.sha256).where(Part.response_id == response_id)
    author = select(Response.participant_id).where(Response.id == response_id).scalar_subquery()
    found = select(Upload).where(Upload.participant_id == author, Upload.part == PartName.SOUND)
    found = found.where(Upload.finished.is_not(None), Upload.sha256.in_(wanted), Upload.sha256.not_in(have))
    for sha256, length in {(each.sha256, each.length) for each in db.session.scalars(found)}:
        db.session.add(Part(response_id=response_id, name=PartName.SOUND.value, sha256=sha256, bytes=length))
    let_go = (Part.response_id == response_id, Part.sha256.not_in(wanted))
    gone = set(db.session.scalars(select(Part.sha256).where(*let_go)))
    if gone:
        db.session.execute(delete(Part).where(*let_go))
        _drop_uploads(Upload.participant_id == author, Upload.part == PartName.SOUND, Upload.sha256.in_(gone))
    db.session.flush()
    return forget_pictures(gone)


def withdraw_photo(photo: Photo) -> list[str]:
    """Takes a photo back: its row stays, and nothing that it said or showed.

    Returns the SHA-256 of bytes that belong to nobody any more; whoever calls deletes them after the commit.
    """
    if photo.withdrawn:
        return []
    photo.withdrawn = now()
    photo.caption, photo.story, photo.themes, photo.credit_as, photo.taken = {}, {}, [], None, None
    photo.plain, photo.whole = "", False
    photo.up = photo.down = photo.star = False
    photo.people, photo.credit, photo.bytes, photo.type = People.UNRELEASED.value, Credit.ANONYMOUS.value, 0, ""
    photo.pin_lat = photo.pin_lon = photo.fix_lat = photo.fix_lon = photo.fix_accuracy = photo.fix_at = None
    photo.clock = photo.track_lat = photo.track_lon = photo.track_accuracy = photo.track_gap = None
    photo.painted, photo.look = 0, Look.FREE.value
    shown, photo.original, photo.record_sha256, photo.sha256 = photo.sha256, "", "", None
    detach_photo(photo.participant_id, photo.id)
    db.session.execute(delete(PhotoRevision).where(PhotoRevision.record_id == photo.id))
    db.session.execute(delete(Wording).where(Wording.photo_id == photo.id))
    ask_no_more([photo.id])
    _forget_told_apart([photo.id])
    db.session.expire(photo, ["wordings"])
    shas = set(db.session.scalars(select(Part.sha256).where(Part.photo_id == photo.id)))
    shas |= {shown} if shown else set()  # no part of it, once its bytes were lost
    shas |= _drop_redactions(Photo.id == photo.id)
    db.session.execute(delete(Part).where(Part.photo_id == photo.id))
    shas |= _drop_uploads(Upload.photo_id == photo.id, Upload.participant_id == photo.participant_id)
    db.session.flush()
    return forget_pictures(shas)


def erase_photos(participant_id: uuid.UUID) -> list[str]:
    """Every row about this person's photos and uploads; the photos' ids are remembered as gone.

    Returns, as `withdraw_photo` does, what nobody needs now.
    """
    photos = select(Photo.id).where(Photo.participant_id == participant_id)
    mine = or_(
        Part.photo_id.in_(photos),
        Part.response_id.in_(select(Response.id).where(Response.participant_id == participant_id)),
    )
    mark_gone(*db.session.scalars(photos))
    shas = set(db.session.scalars(select(Part.sha256).where(mine)))
    shown = select(Photo.sha256).where(Photo.participant_id == participant_id, Photo.sha256.is_not(None))
    shas |= {sha256 for sha256 in db.session.scalars(shown) if sha256}
    shas |= _drop_redactions(Photo.participant_id == participant_id)
    db.session.execute(delete(Part).where(mine))
    db.session.execute(delete(PhotoRevision).where(PhotoRevision.record_id.in_(photos)))
    db.session.execute(delete(Wording).where(Wording.photo_id.in_(photos)))
    db.session.execute(delete(OriginalAsk).where(OriginalAsk.photo_id.in_(photos)))
    db.session.execute(delete(CameraClock).where(CameraClock.participant_id == participant_id))
    locating.erase_tracks(participant_id)
    _forget_told_apart(db.session.scalars(photos).all())
    db.session.execute(delete(Photo).where(Photo.participant_id == participant_id))
    db.session.execute(delete(Caller).where(Caller.participant_id == participant_id))
    shas |= _drop_uploads(Upload.participant_id == participant_id)
    db.session.expire_all()
    return forget_pictures(shas)


def forget_pictures(shas: Iterable[str]) -> list[str]:
    """Of these, what no photo, part or upload refers to: its row goes, and its SHA-256 is returned."""
    lone = [sha256 for sha256 in shas if not queries.referred(sha256)]
    db.session.execute(delete(Picture).where(Picture.sha256.in_(lone)))
    return lone


def lose(sha256: str, visible: bool) -> int:
    """The bytes are gone, though they were received: whatever they were part of wants them again.

    Photos go on showing what was made of them, if that is `visible`. Returns how many parts there were.
    """
    sealed = update(Sealed).where(Sealed.sha256 == sha256, Sealed.destroyed.is_(None))
    db.session.execute(sealed.values(destroyed=now()))
    parts = db.session.scalars(select(Part).where(Part.sha256 == sha256)).all()
    photos = [photo for part in parts if part.photo_id and (photo := queries.photo(part.photo_id))]
    for part in parts:
        db.session.delete(part)
    db.session.flush()
    for photo in photos:
        if photo.sha256 == sha256 and not visible:
            photo.sha256 = None
            db.session.flush()
        _show(photo)
    forget_pictures([sha256])
    return len(parts)


def _drop_uploads(*which: ColumnElement[bool]) -> set[str]:
    shas = db.session.scalars(select(Upload.sha256).where(*which, Upload.sha256.is_not(None))).all()
    db.session.execute(delete(Upload).where(*which))
    return {sha256 for sha256 in shas if sha256}


def _drop_redactions(*which: ColumnElement[bool]) -> set[str]:
    photos = select(Photo.id).where(*which)
    shas = db.session.scalars(select(Sealed.sha256).where(Sealed.photo_id.in_(photos), Sealed.destroyed.is_(None)))
    found = set(shas)
    db.session.execute(delete(Sealed).where(Sealed.photo_id.in_(photos)))
    db.session.execute(delete(Redaction).where(Redaction.photo_id.in_(photos)))
    return found


def _spread(photo: Photo, new: NewPhoto) -> None:
    if photo.revision and photo.look == Look.CLEAR and new.original.sha256 != photo.original:
        # Another picture: what an organiser saw was not this one.
        photo.look = Look.AWAITED if queries.wants_no_faces(new.walk_id, new.call_id) else Look.FREE
    photo.stop_id, photo.caption, photo.people = new.stop_id, dict(new.caption), new.people
    photo.plain = plain(new.caption.values())
    photo.original, photo.bytes, photo.type = new.original.sha256, new.original.bytes, new.type
    photo.up, photo.down, photo.star = new.up, new.down, new.star
    photo.story, photo.themes = dict(new.story), list(new.themes)
    photo.credit, photo.credit_as, photo.taken = new.credit, new.credit_as, new.taken
    if new.fix:
        photo.fix_lat, photo.fix_lon = new.fix.lat, new.fix.lon
        photo.fix_accuracy, photo.fix_at = new.fix.accuracy, new.fix.at
    photo.pin_lat, photo.pin_lon = new.pin or (None, None)


def _show(photo: Photo) -> None:
    """Chooses the best picture there is: the original that the record names, or the preview until that is ready. Of a
    photo that was painted over only what was made then.

    One whose bytes were lost stays for as long as its sizes are all that is left.
    """
    if photo.painted:
        return
    parts = db.session.execute(select(Part.name, Part.sha256).where(Part.photo_id == photo.id))
    have = {name: sha256 for name, sha256 in parts}
    original, preview = have.get(PartName.ORIGINAL), have.get(PartName.PREVIEW)
    if original != photo.original:  # bytes of an earlier revision
        original = None
    photo.whole = original is not None
    ready = original and db.session.get_one(Picture, original).state == PictureState.READY
    lost = photo.sha256 if photo.sha256 not in have.values() else None
    best = original if ready else lost if lost == photo.original else None
    photo.sha256 = best or preview or original or lost
    db.session.flush()
    db.session.expire(photo, ["picture", "parts"])
    locating.locate(Photo.id == photo.id)


def lease_picture(sha256: str) -> bool:
    """Claims the processing of a picture for a while; False where it is done or somebody else has it.

    Each failed attempt makes the next rest longer, so that a picture which kills its worker cannot stop the others.
    """
    moment = now()
    row = db.session.get(Picture, sha256)
    if row is None or row.state != PictureState.WAITING or (row.leased_until and row.leased_until > moment):
        return False
    row.leased_until = moment + min(LEASE * 2**row.attempts, LONGEST_REST)
    row.attempts += 1
    return True


def settle_picture(sha256: str, facts: Facts, sizes: Sizes | None) -> None:
    """Records what was made of the bytes: ready with its sizes, or unreadable with the reason."""
    row = db.session.get_one(Picture, sha256)
    row.facts = _remembering(facts, row).as_record()
    row.sizes = {str(size.edge): {"width": size.width, "height": size.height} for size in sizes or ()} or None
    row.state = PictureState.READY if sizes else PictureState.UNREADABLE
    row.leased_until = None
    db.session.flush()
    owners = select(Part.photo_id).where(Part.sha256 == sha256)
    for photo in db.session.scalars(select(Photo).where(Photo.id.in_(owners))).all():
        _show(photo)


def _remembering(facts: Facts, row: Picture) -> Facts:
    """A picture that was painted over has no metadata: what the one before it said was noted when it was made."""
    painted = select(Part.id).where(Part.sha256 == row.sha256, Part.name == PartName.REDACTED).limit(1)
    if row.facts is None or db.session.scalar(painted) is None:
        return facts
    said = Facts.from_json(row.facts)
    return replace(facts, taken=said.taken, place=said.place, camera=said.camera)


class PaintedMeanwhile(Exception):
    """Somebody else has painted over it since it was shown, or another picture of it has come."""


@dataclass(frozen=True)
class Painting:
    """What was painted over: the regions in all, and of which picture. `clear`: nobody can be recognised any more."""

    made_of: str
    regions: Sequence[Region]
    style: Style
    clear: bool


def paint_over(photo: Photo, organiser_id: uuid.UUID, said: Painting, stored: Stored, sizes: Sizes) -> list[str]:
    """Shows, from now on, a picture that was made of another by painting over; what was received is sealed.

    Where the project keeps nothing sealed, it is destroyed: returns, as `withdraw_photo` does, what nobody needs now.
    """
    source, moment = db.session.get_one(Picture, said.made_of), now()
    whole = (
        said.made_of == photo.original
        if said.made_of != photo.sha256 or not photo.painted
        else photo.whole  # painted over once more: what it was made of has not changed
    )
    gone = _unseal_or_seal(photo, moment)
    facts = replace(
        Facts.from_json(source.facts or {}),
        sha256=stored.sha256,
        bytes=stored.bytes,
        type="image/jpeg",
        orientation=1,
        width=sizes[0].width,
        height=sizes[0].height,
    )
    _keep_picture(stored, "image/jpeg")
    row = db.session.get_one(Picture, stored.sha256)
    row.state, row.leased_until, row.facts = PictureState.READY.value, None, facts.as_record()
    row.sizes = {str(size.edge): {"width": size.width, "height": size.height} for size in sizes[1:]}
    db.session.add(Part(photo_id=photo.id, name=PartName.REDACTED.value, sha256=stored.sha256, bytes=stored.bytes))
    photo.painted += 1
    photo.sha256, photo.whole = stored.sha256, whole
    look_at(photo, said.clear)
    db.session.add(
        Redaction(
            photo_id=photo.id,
            number=photo.painted,
            organiser_id=organiser_id,
            style=said.style.value,
            regions=[region.as_json() for region in said.regions],
            made_of=said.made_of,
            clear=said.clear,
        )
    )
    db.session.flush()
    db.session.expire(photo, ["picture", "parts"])
    return forget_pictures(gone - {stored.sha256})


def hold_back(photo: Photo, number: int) -> None:
    """Shows nothing of a photo that a backup brought back as it was before it was painted over, until somebody has
    painted it over again."""
    _unseal_or_seal(photo, now(), least_days=1)
    photo.painted, photo.sha256, photo.whole = number, None, False
    if photo.look == Look.CLEAR:
        photo.look = Look.AWAITED.value
    row = Redaction(photo_id=photo.id, number=number, style=Style.OPAQUE.value, regions=[], clear=False)
    db.session.add(row)
    db.session.flush()
    db.session.expire(photo, ["picture", "parts"])


def look_at(photo: Photo, clear: bool) -> None:
    """Notes what an organiser says who has looked at the picture as it is shown now."""
    free = Look.AWAITED if queries.wants_no_faces(photo.walk_id, photo.call_id) else Look.FREE
    photo.look = Look.CLEAR.value if clear else free.value


def destroy_sealed(rows: Iterable[Sealed]) -> list[str]:
    """Lets go what was sealed; returns, as `withdraw_photo` does, what nobody needs now."""
    found = list(rows)
    for row in found:
        row.destroyed = now()
    shas = {row.sha256 for row in found}
    for photo_id in {row.photo_id for row in found}:
        shas |= _drop_uploads(Upload.photo_id == photo_id, Upload.sha256.in_(shas))
    db.session.flush()
    return forget_pictures(shas)


def _unseal_or_seal(photo: Photo, moment: datetime, least_days: int = 0) -> set[str]:
    """Takes away what is shown. What was received is sealed, or, where nothing is kept sealed, destroyed; returns the
    SHA-256 of what this lets go."""
    days, gone = max(least_days, _sealed_days(photo)), set[str]()
    pictures = select(Part).where(Part.photo_id == photo.id, Part.name != PartName.SOUND)
    for part in db.session.scalars(pictures).all():
        if part.name == PartName.REDACTED:
            gone.add(part.sha256)
        else:
            _seal(photo, part.name, Stored(part.sha256, part.bytes), part.received, days)
        db.session.delete(part)
    db.session.flush()
    if not days:
        left = [row for row in queries.sealed_of(photo.id) if row.destroyed is None]
        for row in left:
            row.destroyed = moment
        gone |= {row.sha256 for row in left}
        gone |= _drop_uploads(Upload.photo_id == photo.id, Upload.sha256.in_(gone))
        gone |= _drop_uploads(Upload.participant_id == photo.participant_id, Upload.sha256.in_(gone))
    gone |= {photo.sha256} if photo.sha256 else set()
    photo.sha256 = None
    db.session.flush()
    return gone


def _seal(photo: Photo, name: str, stored: Stored, received: datetime, days: int) -> None:
    """Once: what was destroyed already, and comes again, is not kept again."""
    if any(row.sha256 == stored.sha256 for row in queries.sealed_of(photo.id)):
        return
    until = now() + timedelta(days=days)
    sealed = Sealed(photo_id=photo.id, name=name, sha256=stored.sha256, bytes=stored.bytes)
    sealed.received, sealed.until = received, until
    db.session.add(sealed)


def _sealed_days(photo: Photo) -> int:
    project = project_queries.project(photo.project_id)
    return project.sealed_days if project else 0


def try_again(sha256: str) -> None:
    """A picture that nobody could open is to be looked at once more."""
    row = db.session.get_one(Picture, sha256)
    if row.state == PictureState.UNREADABLE:
        row.state, row.attempts, row.leased_until = PictureState.WAITING, 0, None


def forget_leases() -> None:
    """Frees what a worker that is gone had claimed."""
    db.session.execute(update(Picture).where(Picture.leased_until.is_not(None)).values(leased_until=None))


def note_download(
    organiser_id: uuid.UUID, photos: int, walk_id: uuid.UUID | None = None, call_id: uuid.UUID | None = None
) -> None:
    db.session.add(Download(organiser_id=organiser_id, walk_id=walk_id, call_id=call_id, photos=photos))


def add_call(
    project_id: uuid.UUID,
    title: Localised,
    prompt: Localised,
    opens: datetime,
    closes: datetime,
    photos_each: int,
    code: str,
    call_id: uuid.UUID | None = None,
    no_faces: bool = False,
) -> Call:
    call = Call(
        id=call_id or uuid.uuid4(),
        project_id=project_id,
        title=title,
        prompt=prompt,
        opens=opens,
        closes=closes,
        photos_each=photos_each,
        code=code,
        no_faces=no_faces,
    )
    db.session.add(call)
    db.session.flush()
    return call


def edit_call(
    call: Call,
    title: Localised,
    prompt: Localised,
    opens: datetime,
    closes: datetime,
    photos_each: int,
    no_faces: bool = False,
) -> None:
    """Changes a call; its code and what was sent to it stay."""
    call.title, call.prompt, call.photos_each = title, prompt, photos_each
    call.opens, call.closes, call.no_faces = opens, closes, no_faces
    db.session.flush()
    await_looks(Photo.call_id == call.id, no_faces)


def want_no_faces(walk_id: uuid.UUID, no_faces: bool) -> None:
    """Whether photos of a walk stay at the desk until somebody has looked at them."""
    await_looks(Photo.walk_id == walk_id, no_faces)


def await_looks(which: ColumnElement[bool], wanted: bool) -> None:
    """Lets what nobody has looked at wait for that, or no more."""
    before, after = (Look.FREE, Look.AWAITED) if wanted else (Look.AWAITED, Look.FREE)
    here = update(Photo).where(which, Photo.look == before.value, Photo.withdrawn.is_(None))
    db.session.execute(here.values(look=after.value))


def join_call(participant_id: uuid.UUID, call_id: uuid.UUID) -> None:
    """Lets the participant send photos to the call; doing so twice changes nothing."""
    if not queries.joined_call(participant_id, call_id):
        db.session.add(Caller(call_id=call_id, participant_id=participant_id))
        db.session.flush()


def _keep_picture(stored: Stored, type_: str) -> None:
    if queries.picture(stored.sha256) is None:
        db.session.add(Picture(sha256=stored.sha256, bytes=stored.bytes, type=type_, state=PictureState.WAITING))
        db.session.flush()
