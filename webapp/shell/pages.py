"""The front page, the language switch, health, and the built files."""

import mimetypes

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from sqlalchemy import text
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from webapp.database import db
from webapp.doors import anybody
from webapp.shell.assets import FINDER, STATIC, YEAR_SECONDS, built_file
from webapp.shell.pressed import press, send
from webapp.words import COOKIE, LANGUAGES, safe_path, words_json

pages = Blueprint("shell", __name__)
# A worker goes by the policy of its own answer. Only the one that looks for faces may compile WebAssembly.
FINDERS_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"


@pages.get("/")
@anybody
def front() -> str:
    return render_template("shell/front.html")


@pages.get("/join")
@anybody
def by_code() -> AnyResponse:
    """A code read aloud or typed: people add spaces, dashes and small letters."""
    code = "".join(filter(str.isalnum, request.args.get("code", ""))).upper()
    return redirect(f"/j/{code}" if code else "/")


@pages.get("/languages")
@anybody
def languages() -> str:
    """All languages, each in its own name."""
    return render_template("shell/languages.html", next=safe_path(request.args.get("next")))


@pages.get("/language/<code>")
@anybody
def switch_language(code: str) -> AnyResponse:
    if code not in current_app.extensions["languages"]:
        raise NotFound
    response = redirect(safe_path(request.args.get("next")))
    response.set_cookie(COOKIE, code, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


@pages.get("/words/<code>.json")
@anybody
def words(code: str) -> Response:
    if code not in LANGUAGES:
        raise NotFound
    response = send(press(words_json(code, "desk" in request.args)), "application/json")
    response.headers["Cache-Control"] = "max-age=300"
    return response


@pages.get("/static/dist/<path:name>")
@anybody
def built(name: str) -> Response:
    response = _built(name)
    if name == built_file(FINDER):
        response.headers["Content-Security-Policy"] = FINDERS_POLICY
    response.cache_control.max_age = YEAR_SECONDS
    response.cache_control.immutable = True
    return response


@pages.get("/sw.js")
@anybody
def service_worker() -> Response:
    """At the top, because a service worker rules only what lies below its own address."""
    response = _built("sw.js")
    response.cache_control.no_cache = True
    return response


@pages.get("/manifest/<language>.webmanifest")
@anybody
def web_manifest(language: str) -> Response:
    """What an installed app is called, and where it begins."""
    if language not in current_app.extensions["languages"]:
        raise NotFound
    response = jsonify(
        id="/",
        name="Pohled",
        short_name="Pohled",
        lang=language,
        dir=LANGUAGES[language].direction,
        start_url=url_for("phone.start", language=language),
        scope="/",
        display="standalone",
        background_color="#edeee6",
        theme_color="#edeee6",
        icons=[
            {"src": url_for("shell.icons", name="icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": url_for("shell.icons", name="icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {
                "src": url_for("shell.icons", name="icon-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
    )
    response.mimetype = "application/manifest+json"
    response.cache_control.max_age = 300
    return response


def _built(name: str) -> Response:
    """A built file, the compressed one where the browser takes it."""
    folder, kind = STATIC / "dist", mimetypes.guess_type(name)[0]
    if not request.accept_encodings.quality("br") or not (folder / f"{name}.br").is_file():
        response = send_from_directory(folder, name, mimetype=kind)
    else:
        response = send_from_directory(folder, f"{name}.br", mimetype=kind)
        response.headers["Content-Encoding"] = "br"
    response.vary.add("Accept-Encoding")
    return response


@pages.get("/static/icons/<path:name>")
@anybody
def icons(name: str) -> Response:
    return send_from_directory(STATIC / "icons", name, max_age=24 * 3600)


@pages.get("/health")
@anybody
def health() -> tuple[Response, int]:
    """200 while database and store answer; anything else is a reason to look."""
    try:
        db.session.execute(text("select 1 from project limit 1"))
        healthy = current_app.extensions["store"].healthy()
    except Exception:
        healthy = False
    response = jsonify(status="ok" if healthy else "unavailable")
    response.cache_control.no_store = True
    return response, 200 if healthy else 503
