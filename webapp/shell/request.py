"""Requests whose files are spooled inside the store, not in a small /tmp."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from flask import Request, current_app
from werkzeug.exceptions import ServiceUnavailable

from webapp.storage import Store

UPLOADS = "/api/v1/uploads"
OVERRIDES = {"POST", "HEAD", "PATCH", "DELETE", "OPTIONS"}
IN_MEMORY = 256_000  # bytes
# Of a process's threads, so many may wait for bodies: the others go on showing pages while many lines are bad.
BODIES = threading.BoundedSemaphore(112)


@contextmanager
def waiting_for_body() -> Iterator[None]:
    """Around the reading of a body; 503 where too many wait already."""
    if not BODIES.acquire(blocking=False):
        raise ServiceUnavailable
    try:
        yield
    finally:
        BODIES.release()


class StoreRequest(Request):
    """Large uploads go to the disk that will keep them; one that was cut is noticed."""

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        # Granian ends a cut body in silence and says that its end may be trusted. Counted, a cut one answers 400.
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        # Uploads may name the real method in a header: some networks let only GET and POST through. The actual one
        # then counts for nothing, so a name that is not offered is answered as any other unknown method.
        override = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "").upper()
        if override and environ.get("PATH_INFO", "").startswith(UPLOADS):
            environ["REQUEST_METHOD"] = override if override in OVERRIDES else "UNKNOWN"
        super().__init__(environ, *args, **kwargs)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        with waiting_for_body():
            super()._load_form_data()

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        store: Store = current_app.extensions["store"]
        return cast(IO[bytes], tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(store.incoming)))
