"""What a poster says of a walk or call, in every language of its project, and its way in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import current_app, render_template, request, url_for
from flask_babel import force_locale, gettext, ngettext

from webapp.join.queries import Place
from webapp.people.rules import in_fours
from webapp.words import LANGUAGES, Language, clock, day, pick

# Characters; above these the poster is set smaller, so that all stays on one page.
LONG_TITLE = 46
MUCH, MOST, FULL = 1100, 2000, 2600
# The same for the address, which is never broken: what fits on one line in each size.
LONG_ADDRESS, LONGER_ADDRESS = 54, 76


@dataclass(frozen=True)
class Telling:
    """The poster in one language. `words` are the labels and sentences of the program."""

    language: Language
    project: str
    title: str
    about: str
    when: str
    where: str
    words: dict[str, str]


def poster(place: Place, project: Any) -> str:
    """The page to print: `templates/desk/poster.html`. Call it inside a request."""
    address = join_address(place.row.code)
    return render_template(
        "desk/poster.html", place=place, project=project, address=address, qr=qr(address), **parts(place, project)
    )


def parts(place: Place, project: Any) -> dict[str, Any]:
    """What the template shows besides: the tellings, the code in groups of four, the address as people type it."""
    code, typed = place.row.code, join_address(place.row.code).removeprefix("https://")
    tellings = [tell(place, project, each) for each in project.languages if each in LANGUAGES]
    return {
        "tellings": tellings,
        "code": in_fours(code),
        "typed": typed,
        "typed_size": "longer" if len(typed) > LONGER_ADDRESS else "long" if len(typed) > LONG_ADDRESS else "",
        "nobody_else": is_loopback(join_address(code)),
        "small": any(len(each.title) > LONG_TITLE for each in tellings),
        "amount": _amount(tellings),
    }


def _amount(tellings: Sequence[Telling]) -> str:
    """The style for so many words; titles take twice the room of what stands below them."""
    letters = sum(2 * len(each.title) + 2 * len(each.where) + len(each.about) for each in tellings)
    return "full" if letters > FULL else "most" if letters > MOST else "much" if letters > MUCH else ""


def join_address(code: str) -> str:
    """Where the code leads, at the public address."""
    base: str = current_app.extensions["settings"].url or request.host_url.rstrip("/")
    return base + url_for("join.cover", code=code)


def is_loopback(address: str) -> bool:
    """Whether an address leads back to the computer that asks for it."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def qr(address: str) -> str:
    """The address as a QR code (error level M), inline SVG, black on white, its quiet zone with it."""
    made = segno.make(address, error="m", micro=False)
    return str(made.svg_inline(omitsize=True, light="#fff", svgclass="qr"))


def tell(place: Place, project: Any, code: str) -> Telling:
    """The poster's words in one language."""
    language, zone = LANGUAGES[code], project.zone
    with force_locale(language.locale):
        row = place.row
        walk = place.kind == "walk"
        return Telling(
            language,
            project=pick(project.title)[0],
            title=pick(row.title)[0],
            about=" ".join(_walk_sentences(row) if walk else _call_sentences(row)),
            when=_walk_time(row.starts, row.minutes, zone) if walk else _until(row.closes, zone),
            where=pick(row.meeting_point)[0] if walk else "",
            words={
                "when": gettext("When"),
                "where": gettext("Where we meet"),
                "address": gettext("Address"),
                "code": gettext("Code"),
                "scan": gettext("Point your phone’s camera at the square, or type the address."),
                "responsible": gettext("Responsible"),
            },
        )


def _walk_sentences(row: Any) -> list[str]:
    stops = len(row.stops)
    walking = ngettext(
        "We walk together to one place, at an easy pace.",
        "We walk together to %(num)s places, at an easy pace.",
        stops,
    )
    return [
        *([walking] if stops else []),
        gettext("At each place you answer short questions. There are no wrong answers."),
        gettext("You photograph what helps you feel at home here, and what gets in the way."),
        gettext("No account, and no name needed."),
    ]


def _call_sentences(row: Any) -> list[str]:
    return [
        *filter(None, [pick(row.prompt)[0]]),
        gettext("You photograph what helps you feel at home here, and what gets in the way."),
        gettext("No account, and no name needed."),
    ]


def _walk_time(starts: datetime, minutes: int, zone: str) -> str:
    ends = starts + timedelta(minutes=minutes)
    return f"{day(starts, zone)}, {clock(starts, zone)}–{clock(ends, zone)}"


def _until(closes: datetime, zone: str) -> str:
    return str(gettext("Open until %(day)s, %(time)s.", day=day(closes, zone), time=clock(closes, zone)))
