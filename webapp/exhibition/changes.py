import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from webapp.database import Localised, db, now
from webapp.exhibition import queries
from webapp.exhibition.rules import Change, State, decided, last_decision, move, to_place
from webapp.exhibition.tables import Exhibition, Mark, MarkChange, Rating, RatingChange


class Changed(Exception):
    """Somebody else has decided meanwhile; `mark` is what stands now."""

    def __init__(self, mark: Mark | None) -> None:
        super().__init__(mark)
        self.mark = mark


def add_exhibition(
    project_id: uuid.UUID, title: Localised, languages: Sequence[str], exhibition_id: uuid.UUID | None = None
) -> Exhibition:
    made = Exhibition(id=exhibition_id or uuid.uuid4(), project_id=project_id, title=title, languages=list(languages))
    db.session.add(made)
    db.session.flush()
    return made


class DecidedSince(Exception):
    """Somebody else has decided on the photo since, so nothing is taken back."""

    def __init__(self, mine: Change, since: Change) -> None:
        super().__init__(mine, since)
        self.mine, self.since = mine, since


def decide(
    exhibition_id: uuid.UUID,
    photo_id: uuid.UUID,
    state: State,
    by: uuid.UUID | None,
    revision: int | None = None,
    undone: Change | None = None,
) -> Mark:
    """Writes a decision over revision `revision` of the mark (0: there was none; None: over whatever stands).

    What is picked comes to the end of the shortlist, and what is picked again because `undone` was taken back to its
    place. Whether it may leave is for `mark` to ask. Raises `Changed` where another decision stands than the one that
    was seen, unless it is the same.
    """
    mark = db.session.get(Mark, (exhibition_id, photo_id), populate_existing=True, with_for_update=True)
    if revision is not None and (mark.revision if mark else 0) != revision and (mark.state if mark else "") != state:
        raise Changed(mark)
    before = mark.state if mark else State.NONE.value
    if mark is None:
        mark = Mark(exhibition_id=exhibition_id, photo_id=photo_id, state=State.NONE.value, revision=0)
        db.session.add(mark)
    if before != state:
        change = MarkChange(
            exhibition_id=exhibition_id,
            photo_id=photo_id,
            organiser_id=by,
            before=before,
            after=state.value,
            position=mark.position,
            undoes=undone.order if undone else None,
        )
        mark.state, mark.revision, mark.organiser_id, mark.at = state.value, mark.revision + 1, by, now()
        _hang(mark, queries.place_before(undone) if undone else None)
        db.session.add(change)
    db.session.flush()
    return mark


def mark(
    exhibition_id: uuid.UUID, photo_id: uuid.UUID, wish: State, by: uuid.UUID, revision: int | None = None
) -> Mark:
    """A curator's decision: what may not leave is never picked, but wanted. Raises `Changed`."""
    return decide(exhibition_id, photo_id, decided(wish, queries.refused(photo_id)), by, revision)


@dataclass(frozen=True)
class Undone:
    """What stands on a photo again: a decision's state, or a curator's own stars."""

    photo: uuid.UUID
    stands: State | int


def undo(exhibition_id: uuid.UUID, by: uuid.UUID, below: int | None = None) -> Undone | None:
    """Takes back what somebody did last: a decision, the last before the order `below` if that is named, or stars.

    None where there is nothing. Raises `DecidedSince` where somebody else has decided on the photo since.
    """
    found = last_decision(queries.history(exhibition_id), by, below)
    rated, at = queries.last_rating(exhibition_id, by), queries.decided_at(found.change) if found else None
    if rated and (at is None or rated.at > at):
        _rate(exhibition_id, rated.photo_id, by, rated.before)
        db.session.delete(rated)
        db.session.flush()
        return Undone(rated.photo_id, rated.before)
    if found is None:
        return None
    if found.since:
        raise DecidedSince(found.change, found.since)
    photo_id = found.change.photo
    state = decided(found.change.before, queries.refused(photo_id))
    return Undone(photo_id, State(decide(exhibition_id, photo_id, state, by, undone=found.change).state))


def move_before(exhibition_id: uuid.UUID, photo_id: uuid.UUID, before: uuid.UUID | None) -> list[uuid.UUID]:
    """Hangs a picked photo before another, or at the end, in the order as it is now. Raises `NotThere`."""
    return _write_order(exhibition_id, move(queries.shortlist(exhibition_id), photo_id, before))


def move_to(exhibition_id: uuid.UUID, photo_id: uuid.UUID, place: int) -> list[uuid.UUID]:
    """Hangs a picked photo at a place, counted from 1, in the order as it is now. Raises `NotThere`."""
    return _write_order(exhibition_id, to_place(queries.shortlist(exhibition_id), photo_id, place))


def rate(exhibition_id: uuid.UUID, photo_id: uuid.UUID, by: uuid.UUID, stars: int) -> None:
    """One curator's stars, 1 to 5; 0 takes them back."""
    rating = db.session.get(Rating, (exhibition_id, photo_id, by))
    before = rating.stars if rating else 0
    if before == stars:
        return
    db.session.add(RatingChange(exhibition_id=exhibition_id, photo_id=photo_id, organiser_id=by, before=before))
    _rate(exhibition_id, photo_id, by, stars)


def _rate(exhibition_id: uuid.UUID, photo_id: uuid.UUID, by: uuid.UUID, stars: int) -> None:
    db.session.execute(
        delete(Rating).where(
            Rating.exhibition_id == exhibition_id, Rating.photo_id == photo_id, Rating.organiser_id == by
        )
    )
    if stars:
        db.session.add(Rating(exhibition_id=exhibition_id, photo_id=photo_id, organiser_id=by, stars=stars))
    db.session.flush()


def forget_photos(photo_ids: Iterable[uuid.UUID]) -> None:
    """Takes photos out of every exhibition: they were taken back, or their author is erased."""
    ids = list(photo_ids)
    for table in (Mark, MarkChange, Rating, RatingChange):
        db.session.execute(delete(table).where(table.photo_id.in_(ids)))


def _hang(mark: Mark, place: int | None) -> None:
    """Gives a photo that is picked now its place, the end unless it is named, and takes it from any other."""
    if mark.state != State.PICK:
        mark.position = None
        return
    end = _end(mark.exhibition_id)
    mark.position = min(place or end, end)
    behind = (
        Mark.exhibition_id == mark.exhibition_id,
        Mark.position >= mark.position,
        Mark.photo_id != mark.photo_id,
    )
    others = update(Mark).where(*behind, Mark.photo_id != mark.photo_id)
    db.session.execute(others.values(position=Mark.position + 1))


def _write_order(exhibition_id: uuid.UUID, order: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    marks = queries.marks_of(exhibition_id)
    for position, photo_id in enumerate(order, 1):
        if marks[photo_id].position != position:
            marks[photo_id].position = position
    db.session.flush()
    return list(order)


def _end(exhibition_id: uuid.UUID) -> int:
    last = select(func.coalesce(func.max(Mark.position), 0)).where(Mark.exhibition_id == exhibition_id)
    return (db.session.scalar(last) or 0) + 1
