"""The production server: granian's workers and the job worker under one parent that they do not outlive."""

import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from webapp.jobs import PARENT, die_with_parent

WORKERS = 2
THREADS = 64  # a phone on a slow line holds one until its photo is here


def load() -> object:
    """The app inside one of granian's workers. Granian outlived by its workers would bind the port twice."""
    die_with_parent()
    from webapp import create_app

    return create_app()


def serve(host: str, port: int, worker: bool, cert: Path | None = None, key: Path | None = None) -> None:
    """Serves until SIGTERM or SIGINT, then lets requests and jobs finish."""
    os.environ[PARENT] = str(os.getpid())
    # Fork would hand the workers open SQLite connections with locks that they only believe to hold, and a handler
    # that swallows a SIGTERM which comes before granian has set its own.
    multiprocessing.set_start_method("spawn", force=True)
    jobs = Worker() if worker else None
    server = Granian(
        "webapp.server:load",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        ssl_cert=cert,
        ssl_key=key,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    )
    try:
        server.serve()
    finally:
        if jobs:
            jobs.stop()


class Worker:
    """`pohled worker` as a child, started again if it dies."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._child = self._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """Lets the job under way finish."""
        self._ending.set()
        self._child.terminate()
        self._child.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        # In a session of its own: Ctrl-C reaches the parent only, which then ends it in order.
        command = [sys.executable, "-m", "webapp.cli", "worker"]
        return subprocess.Popen(command, start_new_session=True)

    def _watch(self) -> None:
        while not self._ending.is_set():
            self._child.wait()
            if not self._ending.wait(1):
                self._child = self._start()
