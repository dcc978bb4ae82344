"""The production server: granian's workers and the job worker under one parent that they do not outlive."""

import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces, SSLProtocols
from granian.net import SocketHolder  # type: ignore[attr-defined]

from webapp.config import SettingsError
from webapp.jobs import PARENT, die_with_parent

WORKERS = 2
THREADS = 128  # each; a phone on a slow line holds one until its photo is here
BACKLOG = 1024  # connections that wait to be accepted
IDLE, PROBES, INTERVAL = 30, 3, 10  # seconds of silence, then so many questions, so many seconds apart


def load() -> object:
    """The app inside one of granian's workers. Granian outlived by its workers would bind the port twice."""
    os.setpgid(0, 0)  # Ctrl-C and a signal to the group reach the parent only, which then ends all in order
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
    server = Server(
        "webapp.server:load",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        ssl_cert=cert,
        ssl_key=key,
        ssl_protocol_min=SSLProtocols.tls12,  # there are phones that know no newer one
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    )
    try:
        server.serve()
    finally:
        if jobs:
            jobs.stop()


def claim(host: str, port: int) -> None:
    """Says so if somebody listens there: granian would quietly share the port. Raises PortTaken."""
    _bind(host, port).close()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket whose connections find out within a minute that a phone has vanished. Raises PortTaken.

    Granian waits for a body for ever, and so would the thread that reads it. Linux lets accepted sockets inherit
    these options.
    """
    listener = _bind(host, port)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", IDLE),
        ("TCP_KEEPINTVL", INTERVAL),
        ("TCP_KEEPCNT", PROBES),
        ("TCP_USER_TIMEOUT", (IDLE + PROBES * INTERVAL) * 1000),  # the same for what we send
    ):
        if option := getattr(socket, name, None):  # not every system has all of them
            listener.setsockopt(socket.IPPROTO_TCP, option, value)
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def _bind(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise PortTaken(f"Port {port} is taken, or {host} is no address of this machine.") from error
    return bound


class PortTaken(SettingsError):
    """There is no listening on that address."""


class Server(Granian):  # type: ignore[misc, valid-type]
    """Granian, with one socket for all its workers and a stop that cannot wait for itself.

    By itself, each worker of granian binds the port, and the kernel deals connections out blindly: one that is busy
    with slow phones gets as many as one that is idle, and what waits for one that ends is lost.

    Granian sets a `threading.Event` in its signal handler. A second SIGTERM in the middle of the first waits there
    for a lock that the first holds, for ever. So the handler only writes to a pipe; a thread that reads it does the
    rest.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._asked, self._ask = os.pipe()
        threading.Thread(target=self._stop_when_asked, daemon=True).start()

    def _init_shared_socket(self) -> None:
        self._ssp, self._sso, self._shd = None, None, Shared(listen(self.bind_addr, self.bind_port))

    def _drop_shared_socket(self) -> None:
        self._shd.listener.close()

    def signal_handler_interrupt(self, *_: Any) -> None:
        os.write(self._ask, b"!")

    def _stop_when_asked(self) -> None:
        os.read(self._asked, 1)
        super().signal_handler_interrupt()


class Shared:
    """The listening socket on its way to a worker, where it arrives in the form that granian takes."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener

    def __reduce__(self) -> tuple[Any, ...]:
        return _adopt, (self.listener,)


def _adopt(listener: socket.socket) -> SocketHolder:
    return SocketHolder(listener.detach(), False, BACKLOG)  # type: ignore[call-arg]


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
