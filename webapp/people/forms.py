from collections.abc import Mapping
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import UUID as IsUuid
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from webapp.doors import Role
from webapp.people.rules import EMAIL_LENGTH, PASSWORD_LENGTH, plausible_email, tidy_email

LONGEST_PASSWORD = 1000
ROLES: Mapping[Role, Any] = {
    Role.OWNER: _("Owner"),
    Role.FACILITATOR: _("Facilitator"),
    Role.CURATOR: _("Curator"),
    Role.AUTHOR: _("Author of the report"),
    Role.OFFICER: _("Data protection officer"),
    Role.VIEWER: _("Viewer"),
}
MAY: Mapping[Role, Any] = {
    Role.OWNER: _("Everything, this page too."),
    Role.FACILITATOR: _("Prepares walks and calls; sees answers, photos and exact places."),
    Role.CURATOR: _("Sees answers, photos and exact places; takes the originals."),
    Role.AUTHOR: _("Sees answers, photos and exact places."),
    Role.OFFICER: _("Sees the same, and who agreed to what; gives out and erases a person’s data."),
    Role.VIEWER: _("Sees summed-up results only."),
}


def logout_button() -> dict[str, Any]:
    """What the desk's header needs: a context processor for each blueprint of organisers' pages."""
    # Not filled from the request: its body may be what the page has to say no to.
    return {"logout": LogoutForm(formdata=None)} if g.get("organiser") else {}


def whole_email(form: Any, field: Any) -> None:
    """A validator: one e-mail address, as far as one can see."""
    if not plausible_email(tidy_email(field.data or "")):
        raise ValidationError(_("This is not an e-mail address."))


def _email(**more: Any) -> EmailField:
    asked = InputRequired(_("Write your e-mail address."))
    return EmailField(_("E-mail"), [asked, *more.pop("also", [])], **more)


def _new_password() -> PasswordField:
    short = _("Choose a password of 12 characters or more.")
    long = _("This password is too long.")
    return PasswordField(
        _("New password"),
        [
            InputRequired(short),
            Length(min=PASSWORD_LENGTH, message=short),
            Length(max=LONGEST_PASSWORD, message=long),
        ],
    )


class LoginForm(FlaskForm):
    """An organiser's address and password."""

    email = _email(also=[Length(max=EMAIL_LENGTH, message=_("This is not an e-mail address."))])
    password = PasswordField(
        _("Password"),
        [
            InputRequired(_("Write your password.")),
            Length(max=LONGEST_PASSWORD, message=_("This password is too long.")),
        ],
    )
    next = HiddenField()


class LogoutForm(FlaskForm):
    """A button, so that a link from elsewhere cannot log anybody out."""


class AccountForm(FlaskForm):
    """A new account."""

    email = _email(also=[whole_email])
    new_password = _new_password()


class ForgottenForm(FlaskForm):
    """The address of an account whose password is forgotten."""

    email = _email(also=[whole_email])


class ResetForm(FlaskForm):
    """A new password, by a one-time link."""

    new_password = _new_password()


class PasswordForm(FlaskForm):
    """A new password, by somebody who knows the old one."""

    old_password = PasswordField(
        _("Password until now"),
        [
            InputRequired(_("Write your password.")),
            Length(max=LONGEST_PASSWORD, message=_("This password is too long.")),
        ],
    )
    new_password = _new_password()


class ButtonForm(FlaskForm):
    """A button that changes something, and has no fields."""


class EndForm(FlaskForm):
    """One login to end."""

    login = HiddenField(validators=[InputRequired(), IsUuid()])


class InviteForm(FlaskForm):
    """Whom to invite, as what."""

    role = SelectField(
        _("Role"),
        choices=[SelectChoice(role.value, name) for role, name in ROLES.items()],
        validators=[InputRequired(_("Choose a role."))],
    )
    email = EmailField(_("E-mail, if you like"), [Optional(), whole_email])


class MemberForm(FlaskForm):
    """One member of a team."""

    member = HiddenField(validators=[InputRequired(), IsUuid()])


class RoleForm(MemberForm):
    """A member's new role."""

    role = SelectField(_("Role"), choices=[SelectChoice(role.value, name) for role, name in ROLES.items()])


class RevokeForm(FlaskForm):
    """One open invitation."""

    invitation = HiddenField(validators=[InputRequired(), IsUuid()])
