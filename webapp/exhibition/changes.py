import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, select

from webapp.database import Localised, db, now
from webapp.exhibition.rules import State
from webapp.exhibition.tables import Exhibition, Mark, MarkChange, Rating


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


def decide(
    exhibition_id: uuid.UUID, photo_id: uuid.UUID, state: State, by: uuid.UUID | None, revision: int | None = None
) -> Mark:
    """Writes a decision over revision `revision` of the mark (0: there was none; None: over whatever stands).

    What is picked comes to the end of the shortlist. Raises `Changed` where another decision stands than the one
    that was seen, unless it is the same.
    """
    mark = db.session.get(Mark, (exhibition_id, photo_id), populate_existing=True)
    if revision is not None and (mark.revision if mark else 0) != revision and (mark.state if mark else "") != state:
        raise Changed(mark)
    before = mark.state if mark else State.NONE.value
    if mark is None:
        mark = Mark(exhibition_id=exhibition_id, photo_id=photo_id, state=State.NONE.value, revision=0)
        db.session.add(mark)
    if before != state:
        mark.state, mark.revision, mark.organiser_id, mark.at = state.value, mark.revision + 1, by, now()
        mark.position = _end(exhibition_id) if state is State.PICK else None
        change = MarkChange(
            exhibition_id=exhibition_id, photo_id=photo_id, organiser_id=by, before=before, after=state.value
        )
        db.session.add(change)
    db.session.flush()
    return mark


def rate(exhibition_id: uuid.UUID, photo_id: uuid.UUID, by: uuid.UUID, stars: int) -> None:
    """One curator's stars, 1 to 5; 0 takes them back."""
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
    for table in (Mark, MarkChange, Rating):
        db.session.execute(delete(table).where(table.photo_id.in_(ids)))


def _end(exhibition_id: uuid.UUID) -> int:
    last = select(func.coalesce(func.max(Mark.position), 0)).where(Mark.exhibition_id == exhibition_id)
    return (db.session.scalar(last) or 0) + 1
