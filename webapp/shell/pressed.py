"""Answers that are the same for everybody: made once, compressed as well as it can be, and kept."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import brotli  # type: ignore[import-untyped]
from flask import Response, request

MOST_KEPT = 400
BEST, SOON = 11, 6  # brotli's slowest where an answer is made once and sent to everybody


@dataclass(frozen=True)
class Pressed:
    """An answer's bytes, as they are and compressed."""

    data: bytes
    brotli: bytes
    sha256: str


_kept: OrderedDict[str, Pressed] = OrderedDict()
_lock = Lock()


def press(text: str) -> Pressed:
    """HTML or JSON, without the blanks at the ends of its lines."""
    data = "\n".join(line.strip() for line in text.splitlines() if line.strip()).encode()
    sha256 = hashlib.sha256(data).hexdigest()
    with _lock:
        if sha256 in _kept:
            _kept.move_to_end(sha256)
            return _kept[sha256]
    pressed = Pressed(data, brotli.compress(data, mode=brotli.MODE_TEXT, quality=BEST), sha256)
    with _lock:
        _kept[sha256] = pressed
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return pressed


def send(pressed: Pressed, mimetype: str = "text/html") -> Response:
    """Compressed for who can take it, or the word that it is still the same."""
    small = bool(request.accept_encodings.quality("br"))
    response = Response(pressed.brotli if small else pressed.data, mimetype=mimetype)
    if small:
        response.headers["Content-Encoding"] = "br"
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{pressed.sha256}{'-br' if small else ''}")
    response.make_conditional(request)
    return response


def squeeze(response: Response) -> Response:
    """One person's answer, compressed for who can take it. Not where a secret stands beside words of the asker."""
    if request.accept_encodings.quality("br"):
        response.set_data(brotli.compress(response.get_data(), mode=brotli.MODE_TEXT, quality=SOON))
        response.headers["Content-Encoding"] = "br"
    response.vary.add("Accept-Encoding")
    return response
