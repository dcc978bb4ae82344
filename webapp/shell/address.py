"""Addresses as others can open them."""

from urllib.parse import urlsplit

from flask import current_app, has_request_context, request

from webapp.config import Settings

UNSAID = "http://127.0.0.1:8000"  # where `pohled serve` listens if nobody says otherwise


def full_address(endpoint: str, **values: object) -> str:
    """The whole address of a page: at `POHLED_URL`, else at the host that this request names.

    Mails need `POHLED_URL`: whoever asks for one could name a host of their own.
    """
    settings: Settings = current_app.extensions["settings"]
    parts = urlsplit(settings.url or (request.host_url if has_request_context() else UNSAID))
    adapter = current_app.url_map.bind(parts.netloc, parts.path or "/", url_scheme=parts.scheme)
    return adapter.build(endpoint, values, force_external=True)
