"""An organiser's form for a call."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, HiddenField, IntegerField
from wtforms.validators import UUID as IsUuid
from wtforms.validators import InputRequired, NumberRange, ValidationError

from webapp.shell.forms import InOneLanguage, WordsField
from webapp.walk.plan import instant

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
YEARS = range(2000, 2100)
MOST_PHOTOS = 50


class CallForm(FlaskForm):
    """A call. Set `zone`, and for an existing call `was`, before validating.

    `id` is the new call's, so that sending the form twice makes one call.
    """

    zone = "UTC"
    was: Any | None = None

    id = HiddenField(validators=[IsUuid()])
    title = WordsField(_("Title"), [InOneLanguage(_("Write a title in at least one language."))], longest=120)
    prompt = WordsField(
        _("What do you ask for?"), [InOneLanguage(_("Write the prompt in at least one language."))], longest=1000
    )
    opens = DateTimeLocalField(_("Opens"), [InputRequired(_("Write the date and the time."))], format=FORMATS)
    closes = DateTimeLocalField(_("Closes"), [InputRequired(_("Write the date and the time."))], format=FORMATS)
    photos_each = IntegerField(
        _("Photos from each person"),
        [
            InputRequired(_("Write how many photos each person may send.")),
            NumberRange(1, MOST_PHOTOS, _("Choose from 1 to 50 photos.")),
        ],
        default=10,
    )

    no_faces = BooleanField(_("No faces: photos stay at this desk until somebody has looked at them"))

    def validate_opens(self, field: DateTimeLocalField) -> None:
        self._check(field, self.opening())

    def validate_closes(self, field: DateTimeLocalField) -> None:
        opening, closing = self.opening(), self.closing()
        self._check(field, closing)
        if opening and closing and closing <= opening:
            raise ValidationError(_("A call closes after it has opened."))

    def _check(self, field: DateTimeLocalField, found: datetime | None) -> None:
        if field.data and field.data.year not in YEARS:
            raise ValidationError(_("Write a year from 2000 to 2099."))
        if field.data and found is None:
            raise ValidationError(_("The clocks leave this time out: they go forward that night."))

    def opening(self) -> datetime | None:
        """The instant of opening, or None for a time that there is not."""
        return self._instant(self.opens, self.was.opens if self.was else None)

    def closing(self) -> datetime | None:
        """The instant of closing, or None for a time that there is not."""
        return self._instant(self.closes, self.was.closes if self.was else None)

    def _instant(self, field: DateTimeLocalField, was: datetime | None) -> datetime | None:
        if field.data is None or field.data.year not in YEARS:
            return None
        return instant(field.data.replace(second=0), self.zone, was)
