"""The real server in processes of its own, which tests may stop, or kill without warning."""

import http.client
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from tests import demo_home

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_SECONDS = 60
DEMO_SECONDS = 600  # the demo draws its pictures first, unless it gets them ready
STOP_SECONDS = 30
LOW, HIGH = 20_000, 32_000
"""Below the ports that systems give to outgoing connections: to one of those, a client that knocks while nobody
listens could by chance be connected to itself."""


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Polls until the condition holds; fails with `what` if it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.02)


class Served:
    """`pohled serve` (or `demo`) on a home of its own. After `stop` or `kill_all`, `start` starts it again.

    A demo on a home that is not there yet gets one that was made once for all tests.
    """

    def __init__(
        self,
        home: Path,
        command: str = "serve",
        env: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.home = home
        self.command = command
        self.options = options
        self.tls = tls
        self.port = free_port()
        self.log = home.parent / f"{home.name}.log"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("POHLED_")}
        self.env = {**clean, "POHLED_HOME": str(home), **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process:
            self.kill_all()

    def start(self) -> None:
        """Starts, and waits until it says that it is healthy."""
        assert self.process is None, "it runs already"
        if self.command == "demo" and not self.home.exists():
            demo_home.copy_to(self.home)
        command = [sys.executable, "-m", "webapp.cli", self.command, "--port", str(self.port), *self.options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        try:
            wait_until(self._up, DEMO_SECONDS if self.command == "demo" else START_SECONDS, "the server is up")
        except AssertionError as error:
            self.kill_all()
            error.add_note(self.said())
            raise

    def ask_to_stop(self) -> None:
        """SIGTERM to the parent, as systemd and Docker send it."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)

    def wait_stopped(self) -> None:
        """Until the parent has ended and nothing of it is left."""
        assert self.process
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it runs on after SIGTERM\n{self.said()}") from None
        self.process = None
        wait_until(self.refuses, 5, "nothing listens any more")
        wait_until(lambda: not self.processes(), 5, "no process is left")

    def stop(self) -> None:
        """Ends it in order."""
        self.ask_to_stop()
        self.wait_stopped()

    def kill_parent(self) -> None:
        """SIGKILL to the parent alone."""
        assert self.process
        self.process.kill()
        self.process.wait()
        self.process = None

    def kill_all(self) -> None:
        """SIGKILL to every process of it, until none is left and the port refuses."""
        mine = self.processes()

        def gone() -> bool:
            # Children of the dead are asked for again: what was started between two looks is found, too.
            left = {pid for pid in mine if alive(pid)} | self.processes()
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if self.process:
                self.process.poll()
            return not left

        wait_until(gone, 10, "every process is dead")
        if self.process:
            self.process.wait()
            self.process = None
        wait_until(self.refuses, 10, "the port refuses once everything is killed")

    def processes(self) -> set[int]:
        """All living processes of it: descendants of the parent, and whatever runs with its home."""
        found = set(_with_home(self.home))
        if self.process and self.process.returncode is None:
            found |= _descendants(self.process.pid)
        return {pid for pid in found if alive(pid)}

    def refuses(self) -> bool:
        """Whether nobody listens on the port."""
        with socket.socket() as probe:
            probe.settimeout(5)
            try:
                probe.connect((HOST, self.port))
            except ConnectionRefusedError:
                return True
            return False

    def said(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def connect(self) -> http.client.HTTPConnection:
        """A line to it, over TLS if that is what it speaks."""
        if self.tls:
            return http.client.HTTPSConnection(HOST, self.port, timeout=5, context=self.tls)
        return http.client.HTTPConnection(HOST, self.port, timeout=5)

    def _up(self) -> bool:
        assert self.process
        assert self.process.poll() is None, f"it ended by itself\n{self.said()}"
        line = self.connect()
        try:
            line.request("GET", "/health")
            return line.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """The real server on an empty home, started already; whatever is left of it afterwards is killed."""
    with Served(tmp_path / "home") as server:
        yield server


def free_port() -> int:
    while True:
        port = random.randrange(LOW, HIGH)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port


def alive(pid: int) -> bool:
    """Whether the process is there and not only waiting to be buried.

    One whose first thread is dead keeps its files and ports until its last thread is.
    """
    state = _stat(pid)[0]
    if state == "Z":
        with suppress(OSError):
            return len(list(Path(f"/proc/{pid}/task").iterdir())) > 1
    return state not in ("", "Z", "X")


def _with_home(home: Path) -> Iterator[int]:
    wanted = f"POHLED_HOME={home}".encode()
    for pid in _all():
        with suppress(OSError):
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                yield pid


def _descendants(parent: int) -> set[int]:
    parents = {pid: _stat(pid)[1] for pid in _all()}
    found, fresh = set(), {parent}
    while fresh:
        found |= fresh
        fresh = {pid for pid, above in parents.items() if above in fresh} - found
    return found


def _all() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _stat(pid: int) -> tuple[str, int]:
    """Its state and its parent."""
    try:
        # The name in brackets may hold anything, brackets too: what counts stands after the last one.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", 0
    return fields[0], int(fields[1])
