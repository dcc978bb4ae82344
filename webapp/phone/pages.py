"""The pages that phones keep. They never touch the session: every phone gets the same bytes."""

from flask import Blueprint, Response, current_app, redirect, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from webapp.doors import anybody
from webapp.join import queries
from webapp.phone.render import app_page, release_page, side_page, start_page
from webapp.photo import faces
from webapp.shell.assets import YEAR_SECONDS
from webapp.shell.errors import NO_SUCH_CODE, answer
from webapp.shell.pressed import send, squeeze

pages = Blueprint("phone", __name__)


@pages.get("/w/<code>/<language>")
@anybody
def app(code: str, language: str) -> AnyResponse:
    """The whole app of a walk or call, in one language."""
    place = queries.place_by_code(code)
    if place is None:
        return answer(404, NO_SUCH_CODE)
    if language not in current_app.extensions["languages"]:
        return redirect(url_for("join.cover", code=place.row.code))
    if code != place.row.code:
        return redirect(url_for("phone.app", code=place.row.code, language=language))
    return send(app_page(place, language))


@pages.get("/w/<code>/<language>/recover", defaults={"name": "recover"})
@pages.get("/w/<code>/<language>/versions", defaults={"name": "versions"})
@pages.get("/w/<code>/<language>/paint", defaults={"name": "paint"})
@pages.get("/w/<code>/<language>/release", defaults={"name": "release"})
@anybody
def side(code: str, language: str, name: str) -> AnyResponse:
    """Going on with a recovery code, or choosing between what two phones have written, which no phone keeps. Painting
    over a photo, and what somebody in it reads and signs (in every language): phones keep these after all that makes
    them ready."""
    place = queries.place_by_code(code)
    if place is None or language not in current_app.extensions["languages"]:
        return answer(404, NO_SUCH_CODE)
    return send(release_page(place, language) if name == "release" else side_page(place, language, name))


@pages.get("/phone/faces-<sha256>.onnx")
@anybody
def faces_model(sha256: str) -> Response:
    """The model that finds faces, for phones that look for them by themselves. Another one has another address."""
    found = faces.model()
    if found is None or found.sha256 != sha256:
        raise NotFound
    response = squeeze(Response(found.data, mimetype="application/octet-stream"))
    response.cache_control.max_age = YEAR_SECONDS
    response.cache_control.immutable = True
    return response


@pages.get("/start/<language>")
@anybody
def start(language: str) -> AnyResponse:
    """Where the installed app begins, and what it shows where there is no signal and nothing else."""
    if language not in current_app.extensions["languages"]:
        return redirect(url_for("shell.front"))
    return send(start_page(language))
