from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import UUID as IsUuid
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from webapp.people.rules import REACH_LENGTH, new_key, valid_key

YES, NO = "yes", "no"


class ConsentForm(FlaskForm):
    """Yes or no for each purpose, nothing preselected; see `consent_form`."""

    key = HiddenField(default=new_key)
    participant = HiddenField(validators=[IsUuid()])
    at = HiddenField()
    shown = HiddenField()
    language = HiddenField()
    perspective = HiddenField()
    reach = StringField(
        _("How can we reach you? (e-mail or telephone)"),
        [Length(max=REACH_LENGTH, message=_("This is too long: at most 200 characters fit."))],
    )

    def validate_key(self, field: HiddenField) -> None:
        if not valid_key(field.data or ""):
            raise ValidationError

    def decisions(self, purposes: list[str]) -> dict[str, bool]:
        """Purpose -> yes or no, after validation."""
        return {purpose: self[purpose].data == YES for purpose in purposes}


def consent_form(purposes: list[str]) -> type[ConsentForm]:
    """The form that asks for these purposes."""
    fields = {
        purpose: RadioField(
            choices=[SelectChoice(YES, _("Yes")), SelectChoice(NO, _("No"))],
            validators=[InputRequired(_("Choose yes or no.")), AnyOf([YES, NO])],
        )
        for purpose in purposes
    }
    return type("AskedConsentForm", (ConsentForm,), fields)


class AgainForm(FlaskForm):
    """A button."""


class RecoverForm(FlaskForm):
    """The code that was shown after joining."""

    code = StringField(_("Recovery code"), [InputRequired(_("Write your recovery code.")), Length(max=100)])

    def unknown(self) -> None:
        self.code.errors = [_("We do not know this code. Look at it once more, letter by letter.")]
