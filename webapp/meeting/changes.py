import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from webapp.database import Localised, db, now
from webapp.meeting.rules import Edit, MeetingKind, merged
from webapp.meeting.tables import Meeting, Placing, ThemeGroup


def add_meeting(
    project_id: uuid.UUID,
    kind: MeetingKind,
    title: Localised,
    starts: datetime,
    where: str = "",
    meeting_id: uuid.UUID | None = None,
    attendance: dict[str, Any] | None = None,
    note: str = "",
) -> Meeting:
    made = Meeting(
        id=meeting_id or uuid.uuid4(),
        project_id=project_id,
        kind=kind.value,
        title=title,
        starts=starts,
        where=where,
        attendance=attendance or {},
        note=note,
    )
    db.session.add(made)
    db.session.flush()
    return made


def edit_meeting(meeting: Meeting, facts: Mapping[str, Any]) -> None:
    """Sets these columns of a meeting."""
    for name, value in facts.items():
        setattr(meeting, name, value)
    meeting.revision += 1
    db.session.flush()


def write_note(meeting: Meeting, note: Edit, revision: int) -> None:
    """The note for the whole meeting. Raises `Overwritten` where somebody else wrote meanwhile."""
    meeting.note = merged(meeting.note, note, seen_latest=revision == meeting.revision)
    meeting.revision += 1
    db.session.flush()


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


def write_group(group: ThemeGroup, name: Edit, note: Edit, revision: int) -> None:
    """A group's name and note. Raises `Overwritten` where somebody else changed the same text meanwhile."""
    latest = revision == group.revision
    group.name, group.note = merged(group.name, name, latest), merged(group.note, note, latest)
    group.revision += 1
    db.session.flush()


def delete_group(group: ThemeGroup) -> None:
    """Takes a group off the board; its photos lie in none. `restore_group` brings it back."""
    group.deleted = now()
    db.session.flush()


def restore_group(group: ThemeGroup) -> None:
    """Brings a deleted group back, with those of its photos that nobody has put elsewhere."""
    group.deleted = None
    db.session.flush()


def order_groups(groups: Sequence[ThemeGroup], wanted: Sequence[uuid.UUID]) -> None:
    """A new order of a board's groups; those that are not named come last, as they lay."""
    place = {group_id: position for position, group_id in enumerate(wanted)}
    ordered = sorted(groups, key=lambda group: (place.get(group.id, len(place)), group.position))
    for position, group in enumerate(ordered, start=1):
        group.position = position
    db.session.flush()


def place_in_group(group: ThemeGroup, photo_id: uuid.UUID, before: uuid.UUID | None = None) -> None:
    """Puts a photo into a group, before another or at the end, and out of any other group on the same board."""
    take_from_groups(group.meeting_id, photo_id)
    position = _room_before(group.id, before) or _end_of(group.id)
    db.session.add(Placing(group_id=group.id, photo_id=photo_id, meeting_id=group.meeting_id, position=position))
    db.session.flush()


def _end_of(group_id: uuid.UUID) -> int:
    last = select(func.coalesce(func.max(Placing.position), 0)).where(Placing.group_id == group_id)
    return (db.session.scalar(last) or 0) + 1


def _room_before(group_id: uuid.UUID, photo_id: uuid.UUID | None) -> int | None:
    """The place of this photo in the group, once it and what follows have moved on; None if it is not there."""
    found = db.session.get(Placing, (group_id, photo_id)) if photo_id else None
    if found is None:
        return None
    position = found.position
    following = (Placing.group_id == group_id, Placing.position >= position)
    db.session.execute(update(Placing).where(*following).values(position=Placing.position + 1))
    return position


def take_from_groups(meeting_id: uuid.UUID, photo_id: uuid.UUID) -> None:
    db.session.execute(delete(Placing).where(Placing.meeting_id == meeting_id, Placing.photo_id == photo_id))


def forget_photos(photo_ids: Iterable[uuid.UUID]) -> None:
    """Takes photos off every board: they were taken back, or their author is erased."""
    db.session.execute(delete(Placing).where(Placing.photo_id.in_(list(photo_ids))))
