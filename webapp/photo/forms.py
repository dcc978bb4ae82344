import io

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import UUID as IsUuid
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError

from webapp.photo.rules import LONGEST_WORDS, People, sniff
from webapp.shell.forms import tidy

HEAD_BYTES = 4096
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/avif,.heic,.heif,.avif"


class PhotoForm(FlaskForm):
    """A photo with its caption. `id` makes sending again harmless."""

    max_bytes: int
    id = HiddenField(validators=[IsUuid()])
    file = FileField(_("Photo"))
    caption = TextAreaField(
        _("Your caption"), [Length(max=LONGEST_WORDS, message=_("A caption takes at most 1,000 characters."))]
    )
    up = BooleanField(_("Up: it helps"))
    down = BooleanField(_("Down: it hinders"))
    people = RadioField(
        _("Who is in the picture?"),
        [InputRequired(_("Say who is in the picture."))],
        choices=[
            SelectChoice(People.NONE.value, _("Nobody who could be recognised")),
            SelectChoice(People.RELEASED.value, _("Somebody who agrees")),
            SelectChoice(People.UNRELEASED.value, _("Somebody I could not ask")),
        ],
    )

    @property
    def words(self) -> str:
        """The caption, tidied."""
        return tidy(self.caption.data or "")

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise StopValidation(_("Choose a photo first."))
        head = field.data.stream.read(HEAD_BYTES)
        size = field.data.stream.seek(0, io.SEEK_END)
        field.data.stream.seek(0)
        if not head:
            raise ValidationError(_("This file is empty. Choose the photo again."))
        if size > self.max_bytes:
            limit = format_decimal(self.max_bytes / 1_000_000, "0.#")
            raise ValidationError(gettext("This photo is too large: at most %(limit)s MB can be sent.", limit=limit))
        if sniff(head) is None:
            raise ValidationError(
                _("This is not a picture that we can read. Choose a JPEG, PNG, WebP, HEIC or AVIF.")
            )
