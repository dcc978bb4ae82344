from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length


class LoginForm(FlaskForm):
    """An organiser's address and password."""

    email = EmailField(_("E-mail"), [InputRequired(_("Write your e-mail address.")), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(_("Write your password.")), Length(max=1000)])
    next = HiddenField()


class LogoutForm(FlaskForm):
    """A button, so that a link from elsewhere cannot log anybody out."""
