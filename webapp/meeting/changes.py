import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from webapp.database import Localised, db
from webapp.meeting.rules import MeetingKind
from webapp.meeting.tables import Meeting, Placing, ThemeGroup


def add_meeting(
    project_id: uuid.UUID,
    kind: MeetingKind,
    title: Localised,
    starts: datetime,
    where: str = "",
    meeting_id: uuid.UUID | None = None,
) -> Meeting:
    made = Meeting(
        id=meeting_id or uuid.uuid4(), project_id=project_id, kind=kind.value, title=title, starts=starts, where=where
    )
    db.session.add(made)
    db.session.flush()
    return made


def add_group(
    meeting_id: uuid.UUID,
    name: str,
    note: str = "",
    photos: Sequence[uuid.UUID] = (),
    group_id: uuid.UUID | None = None,
) -> ThemeGroup:
    """One more group at the end of the board, with these photos in their order."""
    last = select(func.coalesce(func.max(ThemeGroup.position), 0)).where(ThemeGroup.meeting_id == meeting_id)
    position = (db.session.scalar(last) or 0) + 1
    made = ThemeGroup(
        id=group_id or uuid.uuid4(), meeting_id=meeting_id, position=position, name=name, note=note, revision=1
    )
    db.session.add(made)
    db.session.flush()
    for photo_id in photos:
        place_in_group(made, photo_id)
    return made


def place_in_group(group: ThemeGroup, photo_id: uuid.UUID) -> None:
    """Puts a photo at the end of a group, and out of any other on the same board."""
    take_from_groups(group.meeting_id, photo_id)
    last = select(func.coalesce(func.max(Placing.position), 0)).where(Placing.group_id == group.id)
    position = (db.session.scalar(last) or 0) + 1
    db.session.add(Placing(group_id=group.id, photo_id=photo_id, meeting_id=group.meeting_id, position=position))
    db.session.flush()


def take_from_groups(meeting_id: uuid.UUID, photo_id: uuid.UUID) -> None:
    db.session.execute(delete(Placing).where(Placing.meeting_id == meeting_id, Placing.photo_id == photo_id))


def forget_photos(photo_ids: Iterable[uuid.UUID]) -> None:
    """Takes photos off every board: they were taken back, or their author is erased."""
    db.session.execute(delete(Placing).where(Placing.photo_id.in_(list(photo_ids))))
