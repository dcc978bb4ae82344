"""What somebody wants to take away."""

import uuid

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Optional

from webapp.export.rules import Subject


class MakeForm(FlaskForm):
    """Which format, of what (`exhibition:ID`), on which paper. The page draws a form for each format."""

    format = StringField(validators=[InputRequired()])
    subject = StringField(validators=[InputRequired()])
    paper = StringField(validators=[Optional()])

    def chosen(self) -> tuple[Subject, uuid.UUID] | None:
        """What it is to be made of; None for what the page never offered."""
        kind, _, id_ = (self.subject.data or "").partition(":")
        try:
            return Subject(kind), uuid.UUID(id_)
        except ValueError:
            return None


class ButtonForm(FlaskForm):
    """A button."""
