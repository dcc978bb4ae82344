import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SubmitField, TextAreaField
from wtforms.validators import Length, ValidationError
from wtforms.validators import Regexp as Matches

from webapp.photo.regions import LONGEST, Style, read_regions
from webapp.photo.rules import LONGEST_WORDS
from webapp.shell.forms import tidy
from webapp.upkeep.painting import Wish


class PaintForm(FlaskForm):
    """What is to be painted over. `seen`: how often it was painted over before, and of which picture."""

    regions = HiddenField()
    seen = HiddenField()
    style = RadioField(
        _("How"),
        choices=[
            SelectChoice(Style.OPAQUE.value, _("One colour: nothing can be made out")),
            SelectChoice(Style.MOSAIC.value, _("A coarse mosaic: kinder to the picture")),
        ],
        default=Style.OPAQUE.value,
    )
    clear = BooleanField(_("Nobody can be recognised in it any more"))

    def wish(self, sealed_too: bool) -> Wish:
        """What was asked for. Raises ValueError where that is no list of regions."""
        if len(self.regions.data or "") > LONGEST:
            raise ValueError("regions")
        regions = read_regions(json.loads(self.regions.data or ""))
        times, _dash, sha256 = (self.seen.data or "").partition("-")
        return Wish(regions, Style(self.style.data), self.clear.data, (int(times), sha256), sealed_too)


class LookForm(FlaskForm):
    """Whether somebody who has looked says that nobody can be recognised."""

    clear = SubmitField(_("I have looked: nobody can be recognised"))
    not_clear = SubmitField(_("Take that back"))


class AskForm(FlaskForm):
    """Asking for an original, or for all that are still on phones; or not any more."""

    no_more = BooleanField()


class WordsForm(FlaskForm):
    """Words for a photo's label, in each of some languages; see `words_form`.

    `made_of` is the fingerprint of the author's caption as the page showed it.
    """

    made_of = HiddenField(validators=[Matches("^[0-9a-f]{64}$")])

    def lines(self, codes: Sequence[str]) -> list["Line"]:
        return [Line(code, self[f"words-{code}"], self[f"in_person-{code}"], self[f"seen-{code}"]) for code in codes]


@dataclass(frozen=True)
class Line:
    """The fields of one language."""

    language: str
    words: Any
    in_person: Any
    seen: Any


def words_form(codes: Sequence[str]) -> type[WordsForm]:
    """The form for these languages."""
    fields: dict[str, Any] = {}
    for code in codes:
        fields[f"words-{code}"] = TextAreaField(
            _("Words for the label"),
            [Length(max=LONGEST_WORDS, message=_("A caption takes at most 1,000 characters.")), _spoken(code)],
            filters=[lambda said: tidy(said or "")],
        )
        fields[f"in_person-{code}"] = BooleanField(_("The author has agreed to these words, in person"))
        fields[f"seen-{code}"] = HiddenField()
    return type("PhotoWordsForm", (WordsForm,), fields)


def _spoken(code: str) -> Any:
    """An agreement needs words."""

    def check(form: FlaskForm, field: Any) -> None:
        if form[f"in_person-{code}"].data and not field.data:
            raise ValidationError(_("Write the words that the author has agreed to."))

    return check


class AgainForm(FlaskForm):
    """Another try at a file that nobody could open."""
