from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import UUID as IsUuid
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from webapp.people.rules import REACH_LENGTH
from webapp.photo.rules import LONGEST_WORDS, People
from webapp.shell.forms import tidy

YES, NO = "yes", "no"


class ChoicesForm(FlaskForm):
    """Yes or no for each purpose; what is left empty stays as it was. See `choices_form`."""

    shown = HiddenField()
    language = HiddenField()
    reach = StringField(
        _("How can we reach you? (e-mail or telephone)"),
        [Length(max=REACH_LENGTH, message=_("This is too long: at most 200 characters fit."))],
    )

    def decided(self, purposes: Iterable[str]) -> dict[str, bool]:
        """Purpose -> yes or no, of those that were answered."""
        return {purpose: self[purpose].data == YES for purpose in purposes if self[purpose].data}


def choices_form(purposes: Iterable[str]) -> type[ChoicesForm]:
    """The form that shows these purposes."""
    fields = {
        purpose: RadioField(
            choices=[SelectChoice(YES, _("Yes")), SelectChoice(NO, _("No"))],
            validators=[Optional(), AnyOf([YES, NO])],
            validate_choice=False,
        )
        for purpose in purposes
    }
    return type("MyChoicesForm", (ChoicesForm,), fields)


class CodeForm(FlaskForm):
    """The code that somebody in a photo was shown when they signed."""

    code = StringField(
        _("Your code"),
        [
            InputRequired(_("Write the code.")),
            Length(max=64, message=_("This is no code of ours: it has 12 letters.")),
        ],
    )

    def unknown(self) -> None:
        self.code.errors = [_("There is no such code. Look again: it has three groups of four letters and digits.")]


class UsesForm(FlaskForm):
    """What one photo may be used for, among what its author agrees to; see `uses_form`."""

    nowhere = BooleanField(_("Use this photo nowhere for now"))


def uses_form(purposes: Iterable[str]) -> type[UsesForm]:
    return type("PhotoUsesForm", (UsesForm,), {purpose: BooleanField() for purpose in purposes})


class OwnPhotoForm(FlaskForm):
    """What one says about a photo that is here already."""

    caption = TextAreaField(
        _("Your caption"), [Length(max=LONGEST_WORDS, message=_("A caption takes at most 1,000 characters."))]
    )
    up = BooleanField(_("Up: it helps"))
    down = BooleanField(_("Down: it hinders"))
    people = RadioField(
        _("Who is in the picture?"),
        [InputRequired(_("Say who is in the picture."))],
        choices=[SelectChoice(each.value, each.value) for each in People],
    )

    @property
    def words(self) -> str:
        """The caption, tidied."""
        return tidy(self.caption.data or "")


class LabelForm(FlaskForm):
    """Whether an organiser's words in one language are right. `seen` tells which words were shown."""

    language = HiddenField(validators=[InputRequired()])
    seen = HiddenField(validators=[InputRequired()])
    right = HiddenField(validators=[AnyOf([YES, NO])])


class SureForm(FlaskForm):
    """A tick, so that nothing happens by a slip of the thumb."""

    sure = BooleanField(validators=[InputRequired(_("Tick the box if you are sure."))])


class DeviceForm(FlaskForm):
    """Which device."""

    device = HiddenField(validators=[InputRequired(), IsUuid()])


class ButtonForm(FlaskForm):
    """A button."""
