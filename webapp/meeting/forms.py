"""An organiser's forms for a meeting and its board."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateTimeLocalField, Field, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import UUID as IsUuid
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError

from webapp.meeting.rules import LONGEST_NAME, LONGEST_NOTE, MeetingKind
from webapp.shell.forms import InOneLanguage, WordsField, tidy
from webapp.walk.plan import instant

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
YEARS = range(2000, 2100)
MOST_HEADS = 100_000
KINDS = {
    MeetingKind.INFO: _("Info meeting"),
    MeetingKind.FOCUS_GROUP: _("Focus group"),
    MeetingKind.STAKEHOLDERS: _("Stakeholder group"),
    MeetingKind.WORKSHOP: _("Workshop"),
    MeetingKind.LAB: _("Lab"),
    MeetingKind.PUBLIC_DISCUSSION: _("Public discussion"),
    MeetingKind.FORUM: _("Forum"),
}


class HeadsField(Field):
    """How many people came, by perspective: fields `<name>.<perspective>`, data {perspective: number}.

    Set `wanted`, the ids that the page offers; others are not read. What is left empty was not counted.
    """

    wanted: Sequence[str] = ()

    def process(self, formdata: MultiDict[str, str] | None, data: Any = None, **_: Any) -> None:
        self.process_errors: list[str] = []
        self.raw_data: list[str] = []
        self.data = dict(data or {})
        self.sent = {}
        if formdata:
            start = f"{self.name}."
            self.sent = {key.removeprefix(start): formdata[key].strip() for key in formdata if key.startswith(start)}
            self.raw_data = list(self.sent.values())

    def pre_validate(self, form: Any) -> None:
        said = {key: text for key, text in self.sent.items() if key in self.wanted and text}
        if not all(text.isascii() and text.isdigit() and int(text) <= MOST_HEADS for text in said.values()):
            raise StopValidation(str(_("Write whole numbers, or leave a line empty.")))
        kept = {key: number for key, number in self.data.items() if key not in self.wanted}
        self.data = {**kept, **{key: int(text) for key, text in said.items()}}

    def shown(self, key: str) -> str:
        """What stands in one line: what was sent, wrong or not, else the number."""
        return str(self.sent.get(key, self.data.get(key, "")))


class MeetingForm(FlaskForm):
    """A meeting. Set `zone`, and for an existing one `was` (its beginning), before validating.

    `id` is the new meeting's, so that sending the form twice makes one.
    """

    zone = "UTC"
    was: datetime | None = None

    id = HiddenField(validators=[IsUuid()])
    revision = IntegerField(default=1)
    kind = SelectField(_("Kind"), choices=[SelectChoice(kind.value, name) for kind, name in KINDS.items()])
    title = WordsField(_("Title"), [InOneLanguage(_("Write a title in at least one language."))], longest=120)
    starts = DateTimeLocalField(
        _("Date and time"), [InputRequired(_("Write the date and the time."))], format=FORMATS
    )
    where = StringField(_("Where"), [Optional(), Length(max=200, message=_("This is too long."))])
    attendance = HeadsField(_("Who came"))

    def validate_starts(self, field: DateTimeLocalField) -> None:
        if field.data and field.data.year not in YEARS:
            raise ValidationError(_("Write a year from 2000 to 2099."))
        if field.data and self.beginning() is None:
            raise ValidationError(_("The clocks leave this time out: they go forward that night."))

    def beginning(self) -> datetime | None:
        """The instant, or None for a time that there is not."""
        if self.starts.data is None or self.starts.data.year not in YEARS:
            return None
        return instant(self.starts.data.replace(second=0), self.zone, self.was)

    def facts(self, languages: Sequence[str], before: Mapping[str, str]) -> dict[str, Any]:
        """The columns, after validation. Languages that the page did not offer stay as they were."""
        title = {code: text for code, text in before.items() if code not in languages}
        title |= {code: text for code, text in self.title.data.items() if code in languages}
        return {
            "title": title,
            "starts": self.beginning(),
            "where": tidy(self.where.data or ""),
            "attendance": self.attendance.data,
        }


class BoardForm(FlaskForm):
    """Whatever is done on a board by a button alone: the token is checked, the rest is read by the page."""


def _one_line(text: str | None) -> str:
    return " ".join(tidy(text or "").split())


class NewGroupForm(FlaskForm):
    """A new group. `id` is its own, so that sending the form twice makes one group."""

    id = HiddenField(validators=[IsUuid()])
    name = StringField(
        _("Name of the group"),
        [Length(max=LONGEST_NAME, message=_("This is too long."))],
        filters=[_one_line],
    )


class NoteForm(FlaskForm):
    """A note, with what it said when its writer began."""

    revision = IntegerField(validators=[InputRequired()])
    note = TextAreaField(
        _("Note"), [Length(max=LONGEST_NOTE, message=_("This is too long."))], filters=[lambda x: tidy(x or "")]
    )
    note_was = HiddenField(filters=[lambda x: tidy(x or "")])


class GroupForm(NoteForm):
    """A group's name and note."""

    name = StringField(
        _("Name of the group"),
        [Length(max=LONGEST_NAME, message=_("This is too long."))],
        filters=[_one_line],
    )
    name_was = HiddenField(filters=[_one_line])
