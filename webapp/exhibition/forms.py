"""What curators send: a new exhibition, a decision, stars, a place in the order."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectMultipleField
from wtforms.validators import UUID as IsUuid
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from webapp.exhibition.rules import MOST_STARS, UNDECIDED, State
from webapp.shell.forms import InOneLanguage, WordsField

WISHES = [UNDECIDED, *(state.value for state in State if state)]


class ExhibitionForm(FlaskForm):
    """A new exhibition. Give `languages` its choices before validating.

    `id` is the new one's, so that sending the form twice makes one exhibition.
    """

    id = HiddenField(validators=[IsUuid()])
    title = WordsField(_("Title"), [InOneLanguage(_("Write a title in at least one language."))], longest=120)
    languages = SelectMultipleField(_("Languages of the labels"), [InputRequired(_("Choose at least one language."))])


class BackForm(FlaskForm):
    """What every form without scripts says: the address to go back to."""

    then = HiddenField()


class MarkForm(BackForm):
    """A decision on a photo, over the revision that was seen."""

    state = HiddenField(validators=[InputRequired(), AnyOf(WISHES)])
    revision = IntegerField(validators=[InputRequired(), NumberRange(min=0)])

    def wish(self) -> State:
        return State.NONE if self.state.data == UNDECIDED else State(self.state.data)


class StarsForm(BackForm):
    """One curator's stars; none takes them back."""

    stars = IntegerField(validators=[InputRequired(), NumberRange(0, MOST_STARS)])


class UndoForm(BackForm):
    """Undoing; with `below`, the last decision before that one."""

    below = IntegerField(validators=[Optional()])


class OrderForm(BackForm):
    """Where a photo hangs: `before` another, at a `place`, or with neither at the end."""

    before = HiddenField(validators=[Optional(), IsUuid()])
    place = IntegerField(validators=[Optional()])
