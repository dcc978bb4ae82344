"""The one page that a phone keeps of a walk or call: the same bytes for everybody, in one language."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import brotli  # type: ignore[import-untyped]
from flask import render_template
from flask_babel import force_locale

from webapp.consent import queries as consent_queries
from webapp.join.queries import Place
from webapp.phone.rules import sketch
from webapp.project import queries as project_queries
from webapp.walk import queries as walk_queries
from webapp.walk.forms import Asked, ask
from webapp.walk.rules import EVERY_STOP, ONCE, Checklist
from webapp.words import LANGUAGES

MOST_KEPT = 200  # pages
BEST = 11  # brotli's slowest: a page is made once and sent to everybody


@dataclass(frozen=True)
class Page:
    """A page's bytes, as they are and compressed."""

    data: bytes
    brotli: bytes
    sha256: str


_kept: OrderedDict[str, Page] = OrderedDict()
_lock = Lock()


def app_page(place: Place, language: str) -> Page:
    """The app of one walk or call. Needs a request, for its addresses; asks nothing about who is there."""
    project = project_queries.project(place.project_id)
    if project is None:
        raise LookupError(place.project_id)
    with force_locale(LANGUAGES[language].locale):
        html = render_template(
            "phone/app.html",
            place=place,
            project=project,
            texts=consent_queries.current_texts(project.id, project.purposes),
            notice=project_queries.notice(project.id),
            **_walk(place),
        )
    return _compressed(html)


def start_page(language: str) -> Page:
    """Where the installed app begins: it finds its way from what this phone holds."""
    with force_locale(LANGUAGES[language].locale):
        return _compressed(render_template("phone/start.html"))


def _walk(place: Place) -> dict[str, Any]:
    if place.kind != "walk":
        return {"cards": [], "points": [], "stops": []}
    stops = place.row.stops
    return {
        "cards": [card for version in walk_queries.versions_on(place.id) for card in _cards(version)],
        "stops": stops,
        "points": sketch([(stop.position, stop.lat, stop.lon) for stop in stops]),
    }


def _cards(version: Any) -> list[tuple[Any, Checklist, str, Asked]]:
    """Each question of a version: (version, checklist, when it is asked, question)."""
    checklist = Checklist.read(version.body)
    return [
        (version, checklist, when, asked)
        for when in (EVERY_STOP, ONCE)
        for asked in ask(checklist.questions(when), {})
    ]


def _compressed(html: str) -> Page:
    data = "\n".join(line.strip() for line in html.splitlines() if line.strip()).encode()
    sha256 = hashlib.sha256(data).hexdigest()
    with _lock:
        if sha256 in _kept:
            _kept.move_to_end(sha256)
            return _kept[sha256]
    page = Page(data, brotli.compress(data, mode=brotli.MODE_TEXT, quality=BEST), sha256)
    with _lock:
        _kept[sha256] = page
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return page
