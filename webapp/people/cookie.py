"""The plain pages' own cookie; the API ignores it."""

from flask import request
from werkzeug.wrappers import Response

COOKIE = "pohled_plain"
LIFETIME_SECONDS = 180 * 24 * 3600


def remember(response: Response, token: str) -> Response:
    """Lets this browser act for the participant."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=LIFETIME_SECONDS,
        path="/plain",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def remembered() -> str | None:
    return request.cookies.get(COOKIE)
