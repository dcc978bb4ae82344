import re
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import UUID as IsUuid
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError

from webapp.project.rules import zones
from webapp.shell.forms import InOneLanguage, WordsField, tidy

EMPTY_ROWS = 3
MOST_ROWS = 40
LONGEST_LABEL = 120  # characters
LONGEST_NOTICE = 20_000
ID = re.compile(r"[a-z0-9_-]{1,40}")
LOCAL = (
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
    "uk",
)


class LabelsField(Field):
    """A list of [{"id", "label": {language: text}}]. Fields: `<name>.<row>.id`, `….remove` and `….<language>`.

    A row that is ticked to be removed, or whose words are all empty, is left out. A label keeps its id whatever it
    says: photos and people name it.
    """

    def process(self, formdata: MultiDict[str, str] | None, data: Any = None, **_: Any) -> None:
        self.process_errors: list[str] = []
        self.raw_data: list[str] = []
        self.data = [dict(each) for each in data or []]
        if formdata:
            self.data = _read_rows(self.name, formdata)
            self.raw_data = [row["id"] for row in self.data]

    def pre_validate(self, form: Any) -> None:
        if len(self.data) > MOST_ROWS:
            raise StopValidation(_("At most 40 fit."))
        if any(len(text) > LONGEST_LABEL for row in self.data for text in row["label"].values()):
            raise StopValidation(_("This is too long."))

    def rows(self) -> list[dict[str, Any]]:
        """What the page draws: the labels, and empty rows for more."""
        empty: dict[str, Any] = {"id": "", "label": {}}
        return [*self.data, *[empty] * EMPTY_ROWS]


def _read_rows(name: str, sent: MultiDict[str, str]) -> list[dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for field in sent:
        if found := re.fullmatch(re.escape(name) + r"\.([0-9]{1,3})\.([A-Za-z-]{2,12})", field):
            row = rows.setdefault(int(found[1]), {"id": "", "label": {}})
            text = tidy(sent[field])
            if found[2] == "id":
                row["id"] = text if ID.fullmatch(text) else ""
            elif found[2] == "remove":
                row["remove"] = True
            elif text:
                row["label"][found[2]] = text
    kept, used = [], set()
    for row in (rows[number] for number in sorted(rows)):
        if row["label"] and not row.pop("remove", False):
            if not row["id"] or row["id"] in used:
                row["id"] = uuid.uuid4().hex[:8]
            used.add(row["id"])
            kept.append(row)
    return kept


class ProjectForm(FlaskForm):
    """A project's settings. Give `languages` and `purposes` their choices, and set `today`, before validating.

    `id` is the new project's, so that sending the form twice makes one project.
    """

    today = date.min

    id = HiddenField(validators=[IsUuid()])
    title = WordsField(
        _("Title"), [InOneLanguage(_("Write a title in at least one language."))], longest=LONGEST_LABEL
    )
    languages = SelectMultipleField(_("Languages"), [InputRequired(_("Choose at least one language."))])
    zone = StringField(_("Time zone"), [InputRequired(_("Choose a time zone."))], default="Europe/Prague")
    local_language = SelectField(_("What people speak there"), default="cs")
    perspectives = LabelsField(_("How people take part"))
    themes = LabelsField(_("Themes"))
    purposes = SelectMultipleField(_("What people are asked to agree to"))
    controller = StringField(
        _("Who is responsible for the data"),
        [InputRequired(_("Write the name of the organisation.")), Length(max=200, message=_("This is too long."))],
    )
    contact = StringField(
        _("Where people can write"),
        [InputRequired(_("Write an address that somebody reads.")), Length(max=200, message=_("This is too long."))],
    )
    keep_until = DateField(_("Everything is deleted by"), [InputRequired(_("Write a date."))])

    sealed_days = IntegerField(
        _("Days for which untouched pictures are kept, sealed, after painting over"),
        [Optional(), NumberRange(0, 365, _("Write a number of days from 0 to 365."))],
        default=30,
    )

    def validate_zone(self, field: StringField) -> None:
        if field.data not in zones():
            raise ValidationError(_("There is no such time zone. Choose one from the list, such as Europe/Prague."))

    def validate_keep_until(self, field: DateField) -> None:
        if field.data and not self.today < field.data <= date(2199, 12, 31):
            raise ValidationError(_("This day must be in the future."))

    def facts(self, always: str, offered: Sequence[str]) -> dict[str, Any]:
        """The columns of a project, after validation. The purpose `always` is asked whatever was ticked."""
        asked = {always, *self.purposes.data}
        return {
            "title": self.title.data,
            "languages": [code for code in offered if code in self.languages.data],
            "zone": self.zone.data,
            "local_language": self.local_language.data,
            "perspectives": self.perspectives.data,
            "themes": self.themes.data,
            "purposes": [value for value, _label in self.purposes.choices if value in asked],
            "controller": tidy(self.controller.data),
            "contact": tidy(self.contact.data),
            "keep_until": self.keep_until.data,
            "sealed_days": 30 if self.sealed_days.data is None else self.sealed_days.data,
        }


class NoticeForm(FlaskForm):
    """The privacy notice in each language."""

    text = WordsField(
        _("Privacy notice"), [InOneLanguage(_("Write the notice in at least one language."))], longest=LONGEST_NOTICE
    )


class TextsForm(FlaskForm):
    """The consent texts; see `texts_form`."""


def texts_form(purposes: Sequence[str]) -> type[TextsForm]:
    """The form with a question and an explanation for each of these purposes."""
    needed = [InOneLanguage(_("Write the question in at least one language."))]
    fields: dict[str, Any] = {}
    for purpose in purposes:
        fields[f"{purpose}_title"] = WordsField(_("Question"), needed, longest=200)
        fields[f"{purpose}_detail"] = WordsField(_("Explanation"), longest=1000)
    return type("ProjectTextsForm", (TextsForm,), fields)
