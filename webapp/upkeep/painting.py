"""Painting over a photo: all of it in one go, so that it is either done in every size or not at all.

It is done while whoever asked for it waits, because until it is done the photo shows what it showed before.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from flask import current_app

from webapp.config import Settings
from webapp.database import db, transaction
from webapp.mark import N_
from webapp.people.rules import fingerprint
from webapp.photo import changes, queries
from webapp.photo.changes import PaintedMeanwhile, Painting
from webapp.photo.jobs import paint
from webapp.photo.queries import ToPaint
from webapp.photo.regions import Region, Style, together
from webapp.project import changes as project_changes
from webapp.storage import Store
from webapp.upkeep import ledger
from webapp.upkeep.jobs import follow

log = structlog.get_logger()
LARGEST = 200_000_000  # bytes of a painted picture
PAINTED = N_("A photo painted over; the untouched one is sealed")
DESTROYED = N_("A photo painted over; the untouched one was destroyed")
CLEAR = N_("Nobody can be recognised, said of a photo")
NOT_CLEAR = N_("Somebody may be recognised, said of a photo")


class CannotPaint(Exception):
    """There is nothing to paint over, or the file cannot be opened; nothing has changed."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants painted over. `seen`: how often it had been painted over when they began, and the SHA-256
    of the picture that they had before them; `sealed_too`: whether they may see what is sealed."""

    regions: Sequence[Region]
    style: Style
    clear: bool
    seen: tuple[int, str]
    sealed_too: bool


def paint_over(photo_id: uuid.UUID, organiser_id: uuid.UUID, wish: Wish) -> None:
    """Paints over what was wished. Raises CannotPaint, and PaintedMeanwhile where the picture is another by now."""
    wanted = _wanted(photo_id, wish)
    regions = wish.regions if wanted.free else together(wanted.regions, wish.regions)
    source = wanted.picture.sha256
    db.session.rollback()  # nothing is read for as long as the painting takes
    store: Store = current_app.extensions["store"]
    with store.workshop() as folder:
        facts, whole, small, sizes = paint(source, folder, regions, wish.style)
        if not sizes:
            raise CannotPaint(facts.reason or "")
        with store.forgetting():
            with whole.open("rb") as file:
                stored = store.put(file, LARGEST)
            store.keep_derived(stored.sha256, small)
            with transaction():
                if _wanted(photo_id, wish).picture.sha256 != source:
                    raise PaintedMeanwhile
                photo = queries.photo(photo_id)
                assert photo is not None  # noqa: S101 - for the type checker
                said = Painting(source, regions, wish.style, wish.clear)
                lone = changes.paint_over(photo, organiser_id, said, stored, sizes)
                sealed = any(row.destroyed is None for row in queries.sealed_of(photo_id))
                what = PAINTED if sealed else DESTROYED
                project_changes.note_act(photo.project_id, organiser_id, what, str(photo.number))
                if wish.clear:
                    project_changes.note_act(photo.project_id, organiser_id, CLEAR, str(photo.number))
                settings: Settings = current_app.extensions["settings"]
                ledger.note_painted(settings.home, fingerprint(str(photo_id)), photo.painted)
                store.doom(lone)
            for sha256 in lone:
                store.forget(sha256)
    follow()
    log.info("photo_painted_over", regions=len(regions), style=wish.style.value)


def look_at(photo_id: uuid.UUID, organiser_id: uuid.UUID, clear: bool) -> None:
    """Notes what somebody says who has looked at the picture. Files that it may not be in any more are deleted."""
    with transaction():
        photo = queries.photo(photo_id)
        if photo is None or photo.withdrawn or (clear and queries.must_be_painted(photo)):
            raise CannotPaint("")
        changes.look_at(photo, clear)
        what = CLEAR if clear else NOT_CLEAR
        project_changes.note_act(photo.project_id, organiser_id, what, str(photo.number))
    if not clear:
        follow()


def _wanted(photo_id: uuid.UUID, wish: Wish) -> ToPaint:
    photo = queries.photo(photo_id)
    wanted = queries.to_paint(photo, wish.sealed_too) if photo and not photo.withdrawn else None
    if photo is None or wanted is None:
        raise CannotPaint("")
    if (photo.painted, wanted.picture.sha256) != wish.seen:
        raise PaintedMeanwhile
    if not wish.regions and not photo.painted:
        raise CannotPaint("")
    return wanted
