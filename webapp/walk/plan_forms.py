"""An organiser's forms for a walk, its stops, and its checklists."""

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateTimeLocalField, HiddenField, IntegerField
from wtforms.validators import UUID as IsUuid
from wtforms.validators import InputRequired, NumberRange, ValidationError

from webapp.shell.forms import InOneLanguage, WordsField, tidy
from webapp.walk.changes import NewStop, WalkDetails
from webapp.walk.plan import NOT_ASKED, degrees, instant, on_earth, pair
from webapp.walk.rules import EVERY_STOP, ONCE

EMPTY_ROWS = 3
MOST_STOPS = 60
LONGEST_NAME = 120  # characters
YEARS = range(2000, 2100)
LEAST_MINUTES, MOST_MINUTES = 10, 720
ROW = re.compile(r"stop\.(\d{1,4})\.")


class WalkForm(FlaskForm):
    """A walk without its stops. Set `zone`, and for an existing walk `was`, before validating.

    `id` is the new walk's, so that sending the form twice makes one walk.
    """

    zone = "UTC"
    was: datetime | None = None

    id = HiddenField(validators=[IsUuid()])
    title = WordsField(
        _("Title"), [InOneLanguage(_("Write a title in at least one language."))], longest=LONGEST_NAME
    )
    district = WordsField(_("District"), longest=LONGEST_NAME)
    meeting_point = WordsField(
        _("Meeting point"), [InOneLanguage(_("Write where you meet, in at least one language."))], longest=200
    )
    starts = DateTimeLocalField(
        _("Date and time"),
        [InputRequired(_("Write the date and the time."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    minutes = IntegerField(
        _("Minutes"),
        [
            InputRequired(_("Write how long the walk takes.")),
            NumberRange(LEAST_MINUTES, MOST_MINUTES, _("A walk takes from 10 to 720 minutes.")),
        ],
        default=120,
    )

    no_faces = BooleanField(_("No faces: photos stay at this desk until somebody has looked at them"))

    def validate_starts(self, field: DateTimeLocalField) -> None:
        if field.data is None:
            return
        if field.data.year not in YEARS:
            raise ValidationError(gettext("Write a year from 2000 to 2099."))
        if self.begins() is None:
            raise ValidationError(gettext("The clocks leave this time out: they go forward that night."))

    def begins(self) -> datetime | None:
        """The instant at which the walk starts."""
        return instant(self.starts.data.replace(second=0), self.zone, self.was)

    def details(self, codes: Collection[str], before: Any = None) -> WalkDetails:
        """What was written, after validation. Texts in languages that the page did not offer stay as they were."""
        begins = self.begins()
        assert begins is not None  # noqa: S101 - validated
        return WalkDetails(
            title=merged(self.title.data, before.title if before else {}, codes),
            district=merged(self.district.data, before.district if before else {}, codes),
            meeting_point=merged(self.meeting_point.data, before.meeting_point if before else {}, codes),
            starts=begins,
            minutes=self.minutes.data,
            no_faces=self.no_faces.data,
        )

    def only(self, codes: Collection[str]) -> None:
        """Drops texts in languages that the page does not offer."""
        for words in (self.title, self.district, self.meeting_point):
            words.data = {code: text for code, text in words.data.items() if code in codes}


def merged(texts: Mapping[str, str], before: Mapping[str, str], codes: Collection[str]) -> dict[str, str]:
    """The offered languages' texts as written, the others as before."""
    return {code: text for code, text in before.items() if code not in codes} | dict(texts)


@dataclass
class Row:
    """A stop on the form, as it was written. `used` means that somebody answered or photographed there."""

    index: int
    id: uuid.UUID | None = None
    name: dict[str, str] = field(default_factory=dict)
    lat: str = ""
    lon: str = ""
    order: str = ""
    photos: bool = True
    remove: bool = False
    used: bool = False
    name_error: str = ""
    place_error: str = ""

    @property
    def empty(self) -> bool:
        return self.id is None and not (any(self.name.values()) or self.lat or self.lon)

    @property
    def errors(self) -> bool:
        return bool(self.name_error or self.place_error)

    def place(self) -> tuple[float, float] | None:
        """Degrees, or None where there is none or it cannot be read."""
        both = pair(self.lat) if not self.lon else None
        if both:
            return both
        lat, lon = degrees(self.lat), degrees(self.lon)
        return None if lat is None or lon is None else (lat, lon)

    def check(self) -> None:
        """Says what is wrong, in the page's language."""
        if not any(self.name.values()):
            self.name_error = gettext("Give this stop a name.")
        elif any(len(text) > LONGEST_NAME for text in self.name.values()):
            self.name_error = gettext("This name is too long: at most 120 characters fit.")
        place = self.place()
        if place and not on_earth(*place):
            self.place_error = gettext("There is no such place: latitude runs from -90 to 90, longitude to 180.")
        elif (self.lat or self.lon) and not place:
            self.place_error = gettext("Write both numbers in degrees, such as 50.0995 and 14.4330.")


def rows_of(stops: Sequence[Any], used: Collection[uuid.UUID]) -> list[Row]:
    """A walk's stops as rows, and three empty ones."""
    rows = [
        Row(
            index,
            stop.id,
            dict(stop.name),
            _written(stop.lat),
            _written(stop.lon),
            str(index),
            stop.photos,
            used=stop.id in used,
        )
        for index, stop in enumerate(stops, 1)
    ]
    return with_empty(rows)


def _written(number: float | None) -> str:
    return "" if number is None else f"{number:.6f}".rstrip("0").rstrip(".")


def with_empty(rows: Sequence[Row]) -> list[Row]:
    """The rows with three empty ones after them."""
    first = max((row.index for row in rows), default=0) + 1
    return [*rows, *(Row(first + number) for number in range(EMPTY_ROWS))]


def read_rows(
    sent: MultiDict[str, str], known: Collection[uuid.UUID], used: Collection[uuid.UUID], codes: Sequence[str]
) -> list[Row]:
    """The stops that a form sent, in their order, without empty rows. Ids that are not `known` make new stops."""
    indexes = sorted({int(found[1]) for name in sent if (found := ROW.match(name))})
    free, rows = set(known), []
    for index in indexes:
        row = _row(sent, index, codes)
        if row.id in free and row.id:
            free.discard(row.id)
            row.used = row.id in used
        else:
            row.id = None
        if not row.empty:
            rows.append(row)
    return sorted(rows, key=_order)


def _row(sent: MultiDict[str, str], index: int, codes: Sequence[str]) -> Row:
    def value(name: str) -> str:
        return tidy(sent.get(f"stop.{index}.{name}", ""))

    return Row(
        index,
        _uuid(value("id")),
        {code: text for code in codes if (text := value(f"name.{code}"))},
        value("lat"),
        value("lon"),
        value("order"),
        not value("nophotos"),
        bool(value("remove")),
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _order(row: Row) -> tuple[float, int]:
    """By the number written, rows without one last; the same number twice keeps the rows' own order."""
    return (int(row.order) if re.fullmatch(r"\d{1,4}", row.order) else 10_000, row.index)


def check_rows(rows: Sequence[Row]) -> str:
    """Checks each row that stays; returns what is wrong with all of them together, or nothing."""
    stay = [row for row in rows if not row.remove]
    for row in stay:
        row.check()
    if any(row.used and row.remove for row in rows):
        return str(
            gettext("Somebody has answered or taken a photo at a stop that you would remove. Rename it or move it.")
        )
    if len(stay) > MOST_STOPS:
        return str(gettext("A walk has at most 60 stops."))
    return ""


def planned(
    rows: Sequence[Row], before: Mapping[uuid.UUID, Any], codes: Collection[str]
) -> list[tuple[uuid.UUID | None, NewStop]]:
    """The rows that stay, as stops; after checking."""
    found = []
    for row in rows:
        if not row.remove:
            lat, lon = row.place() or (None, None)
            was = before.get(row.id) if row.id else None
            names = merged(row.name, was.name if was else {}, codes)
            found.append((row.id, NewStop(names, lat, lon, None, row.photos)))
    return found


class ChecklistsForm(FlaskForm):
    """Which checklists a walk asks: `use` several times, and `order.<checklist>`.

    `whole` comes last: without it nothing ticked does not mean that all are to go.
    """

    whole = HiddenField(default="yes", validators=[InputRequired()])


def read_choice(sent: MultiDict[str, str], offered: Sequence[str]) -> list[str]:
    """The ticked checklists, by the number written beside each."""
    ticked = set(sent.getlist("use"))

    def order(name: str) -> tuple[int, int]:
        text = tidy(sent.get(f"order.{name}", ""))
        return (int(text) if re.fullmatch(r"\d{1,4}", text) else 10_000, offered.index(name))

    return sorted((name for name in offered if name in ticked), key=order)


class ChecklistForm(FlaskForm):
    """What of a checklist is asked: `asked.<section>`, and `question` several times."""


@dataclass(frozen=True)
class Part:
    """A section on the form: when it is asked, and which of its questions are ticked."""

    section: Mapping[str, Any]
    asked: str
    ticked: frozenset[str]


def parts_of(base: Mapping[str, Any], body: Mapping[str, Any]) -> list[Part]:
    """The sections of `base`, as the version `body` asks them."""
    now = {section["id"]: section for section in body["sections"]}
    return [
        Part(
            section,
            now[section["id"]]["asked"] if section["id"] in now else NOT_ASKED,
            frozenset(question["id"] for question in now.get(section["id"], section)["questions"]),
        )
        for section in base["sections"]
    ]


def read_parts(base: Mapping[str, Any], sent: MultiDict[str, str]) -> list[Part]:
    """The sections of `base`, as a form sent them."""
    ticked = frozenset(sent.getlist("question"))
    return [
        Part(
            section,
            asked if (asked := sent.get(f"asked.{section['id']}", "")) in (EVERY_STOP, ONCE) else NOT_ASKED,
            ticked & {question["id"] for question in section["questions"]},
        )
        for section in base["sections"]
    ]


def form_id(form: WalkForm) -> uuid.UUID:
    """The id that the form carries, after validation."""
    return uuid.UUID(form.id.data)
