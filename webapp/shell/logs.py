"""Structured logs without personal data: no address of a person, no code, no caption, only the route's pattern."""

import logging
import sys
import time
import uuid
from contextlib import suppress
from typing import TextIO, cast

import structlog
from flask import Flask, Response, g, request


class Lines:
    """Lines to standard error. Where its disk is full, a line is lost, and no answer because of it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Writes as much as there is room for."""
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Lets it go."""
        with suppress(OSError):
            self._stream.flush()


def init_logs(app: Flask) -> None:
    """One JSON line an answer, on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Lines(sys.stderr))),
        cache_logger_on_first_use=False,
    )
    log = structlog.get_logger()

    @app.before_request
    def begin() -> None:
        g.request_id, g.begun = uuid.uuid4().hex[:12], time.monotonic()

    @app.after_request
    def tell(response: Response) -> Response:
        if request.endpoint not in ("shell.health", "shell.built"):
            log.info(
                "answered",
                request=g.get("request_id"),
                method=request.method,
                route=request.url_rule.rule if request.url_rule else None,
                status=response.status_code,
                ms=round((time.monotonic() - g.get("begun", time.monotonic())) * 1000),
            )
        return response
