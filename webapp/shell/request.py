"""Requests whose files are spooled inside the store, not in a small /tmp."""

import tempfile
from typing import IO, cast

from flask import Request, current_app

from webapp.storage import Store

IN_MEMORY = 256_000  # bytes


class StoreRequest(Request):
    """Large uploads go to the disk that will keep them."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        store: Store = current_app.extensions["store"]
        return cast(IO[bytes], tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(store.incoming)))
