import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from webapp.consent.rules import Exit, Refusal
from webapp.database import Localised, db
from webapp.exhibition import queries as exhibition_queries
from webapp.export.formats import FILES
from webapp.export.formats.format import Format, Item, Order, approved_of, credit_of, gather
from webapp.export.rules import CREDIT, PAINTED, WORDS, Inside, LeftOut, State, Subject
from webapp.export.tables import Export
from webapp.meeting import queries as meeting_queries
from webapp.photo import queries as photo_queries
from webapp.photo.tables import Photo
from webapp.project import queries as project_queries
from webapp.walk import queries as walk_queries
from webapp.words import language_of, printable

QUIET = 60  # letters of a file's name


def export(export_id: uuid.UUID) -> Export | None:
    return db.session.get(Export, export_id)


def project_of(export_id: uuid.UUID) -> uuid.UUID | None:
    return db.session.scalar(select(Export.project_id).where(Export.id == export_id))


def exports_of(project_id: uuid.UUID) -> Sequence[Export]:
    """All files of a project that were asked for, the newest first."""
    query = select(Export).where(Export.project_id == project_id)
    return db.session.scalars(query.order_by(Export.created.desc(), Export.id)).all()


def waiting(moment: datetime) -> Sequence[uuid.UUID]:
    """Files that are to be made, and that nobody is making."""
    free = or_(Export.leased_until.is_(None), Export.leased_until < moment)
    query = select(Export.id).where(Export.state == State.WAITING, free)
    return db.session.scalars(query.order_by(Export.created)).all()


def ready() -> Sequence[Export]:
    return db.session.scalars(select(Export).where(Export.state == State.READY)).all()


def too_old(moment: datetime, kept: timedelta) -> Sequence[uuid.UUID]:
    """What was asked for so long ago, and is not being made."""
    query = select(Export.id).where(Export.created < moment - kept, Export.state != State.WAITING)
    return db.session.scalars(query).all()


def all_files() -> set[str]:
    """The names of all stored files that a row speaks of."""
    return {str(id_) for id_ in db.session.scalars(select(Export.id).where(Export.state == State.READY))}


def closed(inside: Iterable[Inside], way: Exit) -> list[LeftOut]:
    """Those of a file's photos that may not leave by this way (any more), with the reason.

    Who does not want their name beside a photo any more closes the file, too, where it has names; and who does not
    agree any more to words that an organiser wrote for it.
    """
    was = {each.id: each for each in inside}
    photos = {photo.id: photo for photo in db.session.scalars(select(Photo).where(Photo.id.in_(list(was))))}
    refused = photo_queries.refusals(list(photos.values()), way)
    found = []
    for id_, each in sorted(was.items(), key=lambda pair: pair[1].number):
        if id_ not in photos:
            found.append(LeftOut(each.number, Refusal.WITHDRAWN.value))
        elif why := refused[id_]:
            found.append(LeftOut(each.number, why.value))
        elif each.painted != photos[id_].painted:
            found.append(LeftOut(each.number, PAINTED))
        elif way is not Exit.ORIGINALS and each.credit != credit_of(photos[id_]):
            found.append(LeftOut(each.number, CREDIT))
        elif not each.words.items() <= approved_of(photos[id_]).items():
            found.append(LeftOut(each.number, WORDS))
    return found


def whole(ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Those of the photos whose originals are here."""
    photos = db.session.scalars(select(Photo).where(Photo.id.in_(list(ids))))
    return [photo.id for photo in photos if photo.whole]


def subject_of(wanted: dict[str, str]) -> tuple[Subject, uuid.UUID]:
    """What a file is made of. Raises `ValueError` for what nobody asked for."""
    for subject in Subject:
        if subject.value in wanted:
            return subject, uuid.UUID(wanted[subject.value])
    raise ValueError("nothing is named")


def belongs(project_id: uuid.UUID, subject: Subject, subject_id: uuid.UUID) -> bool:
    """Whether the exhibition, walk, call or meeting is this project's."""
    if subject is Subject.PROJECT:
        return subject_id == project_id
    find = {
        Subject.EXHIBITION: exhibition_queries.project_of,
        Subject.WALK: walk_queries.project_of,
        Subject.CALL: photo_queries.project_of_call,
        Subject.MEETING: meeting_queries.project_of,
    }[subject]
    return find(subject_id) == project_id


def title_of(subject: Subject, subject_id: uuid.UUID) -> Localised:
    """The name of the exhibition, walk, call, meeting or project; nothing where it has gone."""
    find = {
        Subject.EXHIBITION: exhibition_queries.exhibition,
        Subject.WALK: walk_queries.walk,
        Subject.CALL: photo_queries.call,
        Subject.MEETING: meeting_queries.meeting,
        Subject.PROJECT: project_queries.project,
    }[subject]
    found = find(subject_id)
    return found.title if found else {}


def photos_of(subject: Subject, subject_id: uuid.UUID, every: bool = False) -> Sequence[Photo]:
    """The photos in question: of an exhibition those of its shortlist in hanging order, or `every` photo."""
    if subject is Subject.WALK:
        return photo_queries.photos_of_walk(subject_id)
    if subject is Subject.CALL:
        return photo_queries.photos_of_call(subject_id)
    if subject is Subject.PROJECT:
        return photo_queries.photos_of_project(subject_id)
    if subject is Subject.MEETING:
        return photo_queries.photos_of_project(meeting_queries.project_of(subject_id) or subject_id)
    if every:
        return photo_queries.photos_of_project(exhibition_queries.project_of(subject_id) or subject_id)
    ids = exhibition_queries.shortlist(subject_id)
    found = {photo.id: photo for photo in db.session.scalars(select(Photo).where(Photo.id.in_(ids)))}
    return [found[id_] for id_ in ids if id_ in found]


def order_of(row: Export, format_: Format) -> tuple[Order, list[Item]]:
    """All that is needed to make a file, as plain values: nothing is read from the database after it."""
    subject, subject_id = subject_of(row.wanted)
    project = project_queries.project(row.project_id)
    photos = photos_of(subject, subject_id, format_.every_photo)
    exhibition = exhibition_queries.exhibition(subject_id) if subject is Subject.EXHIBITION else None
    languages = exhibition.languages if exhibition else project.languages if project else []
    marks = exhibition_queries.marks_of(subject_id) if exhibition else {}
    walks = {photo.walk_id for photo in photos if photo.walk_id}
    found = [walk for walk_id in walks if (walk := walk_queries.walk(walk_id))]
    title = {code: printable(said) for code, said in title_of(subject, subject_id).items()}
    order = Order(
        title=title,
        project=project.title if project else {},
        languages=tuple(languages) or ("en",),
        language=row.language,
        paper=row.wanted.get("paper", ""),
        zone=project.zone if project else "UTC",
        name=title.get(language_of(title, row.language), ""),
        states={id_: mark.state for id_, mark in marks.items()},
        stops={stop.id: stop for walk in found for stop in walk.stops},
    )
    items, left_out = (format_.gather or gather)(format_, photos, order)
    places = _places(photos)
    return replace(order, left_out=left_out), [replace(item, place=places[item.id]) for item in items]


def _places(photos: Sequence[Photo]) -> dict[uuid.UUID, int]:
    """Each photo's place among those that the desk sees, may it leave or not: people talk about what they see."""
    refused = photo_queries.refusals(photos, Exit.DESK)
    seen = [photo.id for photo in photos if refused[photo.id] is None]
    return {id_: place for place, id_ in enumerate(seen, 1)}


def format_of(row: Export) -> Format:
    return FILES[row.format]
