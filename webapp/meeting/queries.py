import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sqlalchemy import select

from webapp.consent.rules import Exit, Refusal
from webapp.database import db
from webapp.meeting.rules import letter
from webapp.meeting.tables import Meeting, Placing, ThemeGroup
from webapp.people import queries as people_queries
from webapp.photo import queries as photo_queries
from webapp.photo.rules import PictureState, credited
from webapp.photo.tables import Photo

UNKNOWN = "no picture yet"
"""Why a photo is not shown, beside the gate's reasons."""


@dataclass(frozen=True)
class Shown:
    """A photo that the meeting may see. `author` is a participant's number; `credit` empty: no name."""

    photo: Photo
    author: int
    credit: str

    @property
    def number(self) -> int:
        return self.photo.number


@dataclass(frozen=True)
class Wall:
    """All photos of a project that may be shown at its meetings, by their numbers; how many may not, and why."""

    photos: Mapping[int, Shown]
    kept_back: Mapping[str, int]

    @property
    def not_shown(self) -> int:
        return sum(self.kept_back.values())


@dataclass(frozen=True)
class Group:
    """A group of the board with those of its photos that may be shown."""

    row: ThemeGroup
    letter: str
    photos: Sequence[Shown]


@dataclass(frozen=True)
class Board:
    """A meeting's groups in their order, and the photos that lie in none."""

    groups: Sequence[Group]
    loose: Sequence[Shown]

    def group(self, group_id: uuid.UUID | None) -> Group | None:
        return next((group for group in self.groups if group.row.id == group_id), None)

    def home_of(self, number: int) -> Group | None:
        """The group in which a photo lies."""
        return next((group for group in self.groups if any(each.number == number for each in group.photos)), None)


def meeting(meeting_id: uuid.UUID) -> Meeting | None:
    return db.session.get(Meeting, meeting_id)


def project_of(meeting_id: uuid.UUID) -> uuid.UUID | None:
    return db.session.scalar(select(Meeting.project_id).where(Meeting.id == meeting_id))


def meetings_of(project_id: uuid.UUID) -> Sequence[Meeting]:
    """A project's meetings by their beginning."""
    return db.session.scalars(select(Meeting).where(Meeting.project_id == project_id).order_by(Meeting.starts)).all()


def groups_of(meeting_id: uuid.UUID) -> Sequence[ThemeGroup]:
    """The groups on a meeting's board, in their order."""
    query = select(ThemeGroup).where(ThemeGroup.meeting_id == meeting_id, ThemeGroup.deleted.is_(None))
    return db.session.scalars(query.order_by(ThemeGroup.position, ThemeGroup.created)).all()


def group(meeting_id: uuid.UUID, group_id: uuid.UUID) -> ThemeGroup | None:
    """A group of this meeting, deleted or not."""
    found = db.session.get(ThemeGroup, group_id)
    return found if found and found.meeting_id == meeting_id else None


def placings_of(meeting_id: uuid.UUID) -> Sequence[Placing]:
    """Which photo lies where on a meeting's board, each group's in their order."""
    query = select(Placing).join(ThemeGroup, ThemeGroup.id == Placing.group_id)
    query = query.where(Placing.meeting_id == meeting_id, ThemeGroup.deleted.is_(None))
    return db.session.scalars(query.order_by(Placing.group_id, Placing.position)).all()


def wall(project_id: uuid.UUID) -> Wall:
    """What the project's meetings may see: the only place where the meeting's pages find photos."""
    photos = photo_queries.photos_of_project(project_id)
    refused = photo_queries.refusals(photos, Exit.MEETING)
    authors = people_queries.numbers(project_id)
    kept_back, shown = Counter[str](), dict[int, Shown]()
    for photo in photos:
        reason = refused[photo.id]
        if reason or not is_ready(photo):
            kept_back[reason.value if reason else UNKNOWN] += 1
        else:
            shown[photo.number] = Shown(photo, authors[photo.participant_id], credited(photo.credit, photo.credit_as))
    if gone := photo_queries.count_withdrawn(project_id):
        kept_back[Refusal.WITHDRAWN.value] += gone
    return Wall(shown, kept_back)


def showable(project_id: uuid.UUID, numbers: Iterable[int]) -> dict[int, Photo]:
    """Those of the photos with these numbers that the project's meetings may see."""
    query = select(Photo).where(Photo.project_id == project_id, Photo.number.in_(list(numbers)))
    photos = db.session.scalars(query).all()
    refused = photo_queries.refusals(photos, Exit.MEETING)
    return {photo.number: photo for photo in photos if not refused[photo.id] and is_ready(photo)}


def lie(meeting_id: uuid.UUID) -> dict[int, tuple[str | None, int | None]]:
    """For each photo in a group, by its number: the group, and the number of the photo behind it there."""
    query = select(Placing.group_id, Photo.number).join(Photo, Photo.id == Placing.photo_id)
    query = query.join(ThemeGroup, ThemeGroup.id == Placing.group_id)
    query = query.where(Placing.meeting_id == meeting_id, ThemeGroup.deleted.is_(None))
    rows = db.session.execute(query.order_by(Placing.group_id, Placing.position)).all()
    return {
        number: (str(group_id), after[1] if after and after[0] == group_id else None)
        for (group_id, number), after in zip_longest(rows, rows[1:])
    }


def is_ready(photo: Photo) -> bool:
    return photo.picture is not None and photo.picture.state == PictureState.READY


def board(meeting_id: uuid.UUID, wall: Wall) -> Board:
    """The board as it may be shown: what is not on the wall lies nowhere."""
    by_id = {shown.photo.id: shown for shown in wall.photos.values()}
    lies: dict[uuid.UUID, list[Shown]] = {}
    for placing in placings_of(meeting_id):
        if placing.photo_id in by_id:
            lies.setdefault(placing.group_id, []).append(by_id.pop(placing.photo_id))
    groups = [Group(row, letter(at), lies.get(row.id, [])) for at, row in enumerate(groups_of(meeting_id))]
    return Board(groups, sorted(by_id.values(), key=lambda shown: shown.number))
