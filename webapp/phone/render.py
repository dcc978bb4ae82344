"""The one page that a phone keeps of a walk or call: the same bytes for everybody, in one language."""

from datetime import UTC, timedelta
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from webapp.consent import queries as consent_queries
from webapp.consent.rules import OUTSIDE
from webapp.join.queries import Place
from webapp.phone.rules import sketch
from webapp.photo import faces
from webapp.project import queries as project_queries
from webapp.shell.assets import FINDER, built, built_file, built_with, sent_bytes
from webapp.shell.pressed import Pressed, press
from webapp.walk import queries as walk_queries
from webapp.walk.forms import Asked, ask
from webapp.walk.rules import EVERY_STOP, ONCE, Checklist
from webapp.words import LANGUAGES

PAINT = "phone/paint.html"
RUNTIME = "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm"


def app_page(place: Place, language: str, template: str = "phone/app.html") -> Pressed:
    """The app of one walk or call. Needs a request, for its addresses; asks nothing about who is there."""
    project = project_queries.project(place.project_id)
    if project is None:
        raise LookupError(place.project_id)
    with force_locale(LANGUAGES[language].locale):
        html = render_template(
            template,
            place=place,
            project=project,
            texts=consent_queries.current_texts(project.id, project.purposes),
            notice=project_queries.notice(project.id),
            faces=what_finds_faces() if template == PAINT else None,
            **_walk(place),
        )
    return press(html)


def side_page(place: Place, language: str, name: str) -> Pressed:
    """What is not needed to be ready offline: "recover" or "versions", which need a signal, or "paint"."""
    return app_page(place, language, f"phone/{name}.html")


def what_finds_faces() -> dict[str, Any] | None:
    """What a phone fetches to look for faces by itself, and how many bytes that is; None where there is no model."""
    model = faces.model()
    if model is None:
        return None
    names = [*built_with(FINDER, FINDER), built_file(RUNTIME)]
    address = url_for("phone.faces_model", sha256=model.sha256)
    return {
        "finder": built(FINDER),
        "model": address,
        "addresses": [*(url_for("shell.built", name=name) for name in names), address],
        "bytes": sum(map(sent_bytes, names)) + len(model.data),
    }


def release_page(place: Place, language: str) -> Pressed:
    """What somebody in a photo reads, says and signs, in their language; the app shows it step by step."""
    return _release(language, place=place, **_asked(place))


def release_pages(place: Place) -> dict[str, Pressed]:
    """The same in every language of this installation, by its code."""
    asked = _asked(place)
    return {code: _release(code, place=place, **asked) for code in current_app.extensions["languages"]}


def _asked(place: Place) -> dict[str, Any]:
    project = project_queries.project(place.project_id)
    if project is None:
        raise LookupError(place.project_id)
    asked = [purpose for purpose in project.purposes if purpose in OUTSIDE]
    return {"project": project, "texts": consent_queries.current_texts(project.id, asked)}


def _release(language: str, **said: Any) -> Pressed:
    with force_locale(LANGUAGES[language].locale):
        return press(render_template("phone/release.html", **said))


def start_page(language: str) -> Pressed:
    """Where the installed app begins: it finds its way from what this phone holds."""
    with force_locale(LANGUAGES[language].locale):
        return press(render_template("phone/start.html"))


def _walk(place: Place) -> dict[str, Any]:
    if place.kind != "walk":
        return {"cards": [], "points": [], "stops": []}
    stops = place.row.stops
    ends = place.row.starts.astimezone(UTC) + timedelta(minutes=place.row.minutes)
    return {
        "ends": ends.isoformat(timespec="minutes"),
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
