"""Plain-spoken answers when something is wrong: what happened, what is safe, what to do."""

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import ClientDisconnected, HTTPException

from webapp.database import file_of
from webapp.mark import N_
from webapp.shell.request import UPLOADS
from webapp.storage import NoRoom, StorageError, TooLarge, is_full

log = structlog.get_logger()
RETRY_SECONDS = 5


@dataclass(frozen=True)
class Saying:
    """A title and one or two sentences, both marked for translation."""

    title: str
    detail: str


SAYINGS = {
    400: Saying(N_("This did not arrive whole"), N_("Nothing was changed. Go back and send it again.")),
    401: Saying(
        N_("We do not know you here yet"),
        N_("What you sent before is safe. Open the link or the QR code of your walk again."),
    ),
    403: Saying(N_("This is not open to you"), N_("Ask whoever runs the project for the right to do this.")),
    404: Saying(
        N_("There is nothing here"), N_("The address may be mistyped, or what was here has been taken back.")
    ),
    405: Saying(N_("That cannot be done here"), N_("Nothing was changed. Go back and use the buttons.")),
    408: Saying(N_("The line was too slow"), N_("Nothing was changed. Go back and send it again.")),
    410: Saying(N_("This has been taken back"), N_("The person it belongs to has withdrawn it.")),
    411: Saying(
        N_("This came without its length"), N_("Nothing was changed: what was cut on the way could not be told.")
    ),
    413: Saying(
        N_("This file is too large"),
        N_("Your words were not saved with it. Go back and choose a smaller file."),
    ),
    422: Saying(N_("Something is not right yet"), N_("Go back, look at what is marked, and send it again.")),
    429: Saying(N_("Too many tries"), N_("Wait a little before the next one.")),
    500: Saying(
        N_("Something broke on our side"),
        N_("It has been noted. What was already received is safe. Try again in a moment."),
    ),
    503: Saying(N_("Busy just now"), N_("Nothing was lost. Send it again in a few seconds.")),
    507: Saying(
        N_("There is no room left on the server"),
        N_("Nothing was saved of this. Keep your photo; the organisers must make room first."),
    ),
}


NO_SUCH_CODE = Saying(N_("We do not know this code"), N_("Check it on the poster and try again."))
KEEPS_NOTHING = Saying(
    N_("You asked us to keep nothing"),
    N_("So this was not stored. To go on, open the link of your walk again and say yes to keeping."),
)


def init_errors(app: Flask) -> None:
    """Every failure becomes a page, or problem+json (RFC 9457) under /api."""
    app.before_request(_refuse_uncounted)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NoRoom, lambda error: answer(507))
    app.register_error_handler(TooLarge, lambda error: answer(413))
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(StorageError, _disk)
    app.register_error_handler(TimeoutError, lambda error: answer(503))
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(PoolTimeout, lambda error: answer(503))
    app.register_error_handler(IntegrityError, _same_row_twice)
    app.register_error_handler(Exception, _unexpected)


def answer(status: int, saying: Saying | None = None, errors: Sequence[Mapping[str, str]] = ()) -> Response:
    """The answer for a status, as the caller understands it. `errors` (where, what) are for the API."""
    if request_ctx.url_adapter is None:  # a host name so broken that no address can be made
        return Response("This address cannot be read.", HTTPStatus.BAD_REQUEST, mimetype="text/plain")
    saying = saying or SAYINGS.get(status) or SAYINGS[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    title, detail = gettext(saying.title), gettext(saying.detail)
    if request.path.startswith("/api/"):
        more = {"errors": list(errors)} if errors else {}
        response = jsonify(type="about:blank", status=status, title=title, detail=detail, **more)
        response.content_type = "application/problem+json"
        if status == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = "Bearer"
    else:
        response = make_response(render_template("shell/error.html", title=title, detail=detail, status=status))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def wait(seconds: int) -> Response:
    """Too many wrong tries: come back after so many seconds."""
    response = answer(429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _refuse_uncounted() -> Response | None:
    """A body in chunks that was cut looks whole. Browsers and phones send its length."""
    if request.path.startswith(UPLOADS):  # there, what was cut merely ends early
        return None
    return answer(411) if "Transfer-Encoding" in request.headers else None


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())
    if isinstance(error, ClientDisconnected):
        return answer(400)
    response = answer(error.code)
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers["Allow"] = value
    return response


def _disk(error: OSError | StorageError) -> Response:
    """A form is put aside on the store's disk while it arrives: there, too, the room may end, or the disk be gone."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return answer(507)
    if not current_app.extensions["store"].healthy():
        log.error("store_away", error=type(error).__name__, request=g.get("request_id"))
        return answer(503)
    return _unexpected(error)


def _database(error: OperationalError) -> Response:
    if "locked" in str(error.orig) or "busy" in str(error.orig):
        return answer(503)
    if "full" in str(error.orig) or ("I/O" in str(error.orig) and _database_is_full()):
        return answer(507)
    return _unexpected(error)


def _database_is_full() -> bool:
    """Where there is no room left when SQLite flushes, it says no more than that something failed."""
    path = file_of(current_app.extensions["settings"].database)
    return path is not None and is_full(path.parent)


def _same_row_twice(error: IntegrityError) -> Response:
    """Two requests made one row at once: sent again, the second finds it. SQLite has one writer, so there it is a
    mistake of ours."""
    return _unexpected(error) if type(error.orig).__module__ == "sqlite3" else answer(503)


def _unexpected(error: Exception) -> Response:
    log.error("failed", error=type(error).__name__, request=g.get("request_id"), exc_info=error)
    return answer(500)
