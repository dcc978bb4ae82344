"""Why a photo is where and when it is: every source, what it says, and which one counts; and a camera's clock, put
right by a clock in a picture."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask_babel import format_decimal, gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from webapp.consent.rules import Exit
from webapp.database import transaction
from webapp.doors import RIGHTS, Right, organiser
from webapp.people import queries as people_queries
from webapp.people.forms import logout_button
from webapp.photo import locating
from webapp.photo import queries as photo_queries
from webapp.photo.geotag import FAR, SHARP, by_rank, from_route
from webapp.photo.rules import WRONGEST_CLOCK, Facts, Place, PlaceSource, Taken, TimeSource, UtcSource
from webapp.project import queries as project_queries
from webapp.walk import queries as walk_queries
from webapp.walk.track_forms import ClockForm

pages = Blueprint("why", __name__)
pages.context_processor(logout_button)
Page = str | AnyResponse | tuple[str, int]


@dataclass(frozen=True)
class Candidate:
    """One place that somebody or something names; `metres` from the one that counts."""

    place: Place
    counts: bool
    metres: float | None


@pages.get("/desk/photos/<uuid:photo_id>/why")
@organiser(Right.ANSWERS)
def why(photo_id: uuid.UUID) -> str:
    """Where and when, with every reason."""
    return _page(*_seen(photo_id), ClockForm(formdata=None))


@pages.post("/desk/photos/<uuid:photo_id>/clock")
@organiser(Right.WALKS)
def clock(photo_id: uuid.UUID) -> Page:
    """Puts the clock of the camera right for all its photos by this person, or leaves it as it is."""
    form = ClockForm()
    photo, project = _seen(photo_id)
    facts = photo_queries.facts_of(photo)
    before = _by_camera(facts, project.zone)
    if not form.validate() or facts is None or facts.camera is None or before is None:
        return _page(photo, project, form), 422
    seconds = 0.0
    if not form.leave.data:
        seconds = round((form.shown.data.replace(tzinfo=ZoneInfo(project.zone)) - before).total_seconds(), 3)
    if abs(seconds) > WRONGEST_CLOCK.total_seconds():
        form.shown.errors = [gettext("No clock is wrong by so much. Look at the year once more.")]
        return _page(photo, project, form), 422
    with transaction():
        photo, _ = _seen(photo_id)
        if seconds:
            locating.put_clock_right(photo, facts.camera, seconds, g.organiser.id)
        else:
            locating.leave_clock(photo.participant_id, facts.camera)
    return redirect(url_for("why.why", photo_id=photo_id, _anchor="clock"))


def _seen(photo_id: uuid.UUID) -> tuple[Any, Any]:
    """A photo that the desk may see, and its project."""
    found = photo_queries.photo(photo_id) or abort(404)
    if photo_queries.refusals([found], Exit.DESK)[photo_id]:
        abort(410)
    return found, project_queries.project(found.project_id) or abort(404)


def _by_camera(facts: Facts | None, zone: str) -> datetime | None:
    """The instant by the camera's own clock, as it was; None where the file's instant is not from that clock."""
    taken = facts.in_zone(zone).put_right(0).taken if facts else None
    return taken.utc if taken and _from_clock(taken) else None


def _from_clock(taken: Taken) -> bool:
    return taken.utc_from is not UtcSource.GPS and taken.source is not TimeSource.GPS


def _page(photo: Any, project: Any, form: ClockForm) -> str:
    facts = photo_queries.facts_of(photo)
    taken = facts.in_zone(project.zone).taken if facts else None
    walk = walk_queries.walk(photo.walk_id) if photo.walk_id else None
    ranked = by_rank(photo_queries.candidates(photo))
    chosen = ranked[0] if ranked else None
    off = from_route(chosen, photo_queries.route_of(walk)) if chosen and walk else None
    row = photo_queries.clock_of(photo.participant_id, facts.camera) if facts and facts.camera else None
    shown_in = photo_queries.photo(row.photo_id) if row else None
    return render_template(
        "desk/why.html",
        photo=photo,
        project=project,
        form=form,
        facts=facts,
        taken=taken,
        said=photo_queries.instant(photo.taken),
        chosen=chosen,
        candidates=[
            Candidate(each, each is chosen, from_route(each, [[(chosen.lat, chosen.lon)]]) if chosen else None)
            for each in ranked
        ],
        tracks=_tracks(walk, taken, photo.participant_id),
        off=off,
        near=off if chosen and chosen.source not in (PlaceSource.TRACK, PlaceSource.STOP) else None,
        outlier=off is not None and off > FAR,
        stop=next((each for each in walk.stops if each.id == photo.stop_id), None) if walk else None,
        row=row,
        shown_in=shown_in,
        who=people_queries.addresses({row.organiser_id}) if row and row.organiser_id else {},
        author=_number(photo.participant_id),
        from_clock=taken is not None and _from_clock(taken),
        shown=form.shown.raw_data[0] if form.shown.raw_data else _local(taken, project.zone),
        may_set=g.role in RIGHTS[Right.WALKS],
        sharp=SHARP,
        SOURCES=PlaceSource,
        span=span,
        metres=metres,
    )


def _local(taken: Taken | None, zone: str) -> str:
    """As a field for a date and a time wants it."""
    if taken is None or taken.utc is None:
        return ""
    return taken.utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="seconds")


def _tracks(walk: Any | None, taken: Taken | None, person: uuid.UUID) -> list[tuple[Any, Place | None]]:
    """Every track of the walk that may place this person's photos, and where it was at that instant."""
    if walk is None or taken is None or taken.utc is None:
        return []
    rows = [row for row in photo_queries.tracks_of(walk.id) if not row.recorded or row.participant_id == person]
    return [(row, row.track.place_at(taken.utc)) for row in rows]


def _number(participant_id: uuid.UUID) -> int | None:
    person = people_queries.participant(participant_id)
    return person.number if person else None


def metres(length: float) -> str:
    """A length in words; kilometres from a thousand metres on."""
    if length < 1000:
        return str(gettext("%(number)s m", number=round(length)))
    return str(gettext("%(number)s km", number=format_decimal(round(length / 1000, 1))))


def span(seconds: float) -> str:
    """A length of time in words, in two units at most: 1 min 32 s."""
    whole = round(abs(seconds))
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    if days:
        parts = [ngettext("%(num)s day", "%(num)s days", days), gettext("%(number)s h", number=hours)]
    elif hours:
        parts = [gettext("%(number)s h", number=hours), gettext("%(number)s min", number=minutes)]
    elif minutes:
        parts = [gettext("%(number)s min", number=minutes), gettext("%(number)s s", number=rest)]
    else:
        parts = [gettext("%(number)s s", number=format_decimal(round(abs(seconds), 1)))]
    return "\N{NO-BREAK SPACE}".join(part for part in parts if part)
