"""Requests whose files are spooled inside the store, not in a small /tmp."""

import tempfile
import threading
from typing import IO, Any, cast

from flask import Request, current_app
from werkzeug.exceptions import ServiceUnavailable

from webapp.storage import Store

IN_MEMORY = 256_000  # bytes
# Of a process's threads, so many may wait for bodies: the others go on showing pages while many lines are bad.
BODIES = threading.BoundedSemaphore(48)


class StoreRequest(Request):
    """Large uploads go to the disk that will keep them; one that was cut is noticed."""

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        # Granian ends a cut body in silence and says that its end may be trusted. Counted, a cut one answers 400.
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        super().__init__(environ, *args, **kwargs)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        if not BODIES.acquire(blocking=False):
            raise ServiceUnavailable
        try:
            super()._load_form_data()
        finally:
            BODIES.release()

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        store: Store = current_app.extensions["store"]
        return cast(IO[bytes], tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(store.incoming)))
