from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateTimeLocalField, HiddenField, SelectField
from wtforms.validators import UUID as IsUuid
from wtforms.validators import StopValidation

TRACKS = ".gpx,.kml,.geojson,.json,application/gpx+xml,application/vnd.google-earth.kml+xml,application/geo+json"


class TrackForm(FlaskForm):
    """A track's file. Set the choices of `carried` (a participant's id) before validating."""

    file = FileField(_("File of the track"))
    carried = SelectField(_("Who carried the phone or receiver?"), default="")

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise StopValidation(_("Choose a file first."))


class TakeAwayForm(FlaskForm):
    """Which track is to go."""

    id = HiddenField(validators=[IsUuid()])


class ClockForm(FlaskForm):
    """What a clock in the picture shows, in the project's zone; or `leave`: the camera's clock counts as it is."""

    leave = BooleanField()
    shown = DateTimeLocalField(
        _("The clock in the picture shows"),
        format=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def validate_shown(self, field: DateTimeLocalField) -> None:
        if not self.leave.data and field.data is None:
            field.errors = []  # one sentence is enough
            raise StopValidation(_("Write the day and the time that the clock shows."))
