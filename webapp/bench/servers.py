"""The servers under measurement, each in processes of its own, in a folder that goes away with them."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from webapp.bench import CannotMeasure
from webapp.config import PACKAGE

HOST = "127.0.0.1"
TICK = 1 / os.sysconf("SC_CLK_TCK")  # seconds: the finest that the kernel counts CPU in
START_SECONDS, STOP_SECONDS = 60, 30
NO_NGINX = "There is no nginx to compare with: install it (on Debian: apt install nginx-light)."
NGINX = """\
{user}
daemon off;
worker_processes 2;
pid {folder}/pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_max_body_size 0;
  client_body_temp_path {folder}/temporary;
  proxy_temp_path {folder}/none;
  fastcgi_temp_path {folder}/none;
  uwsgi_temp_path {folder}/none;
  scgi_temp_path {folder}/none;
  keepalive_requests 100000;
  server {{
    listen {host}:{port} backlog=1024;
    root {folder}/files;
    location = /health {{ return 200; }}
    location / {{ dav_methods PUT; }}
  }}
}}
"""


class Running:
    """One server. Inside `with` it answers; afterwards nothing of it is left."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], port: int, log: Path) -> None:
        self.name, self.port = name, port
        self._command, self._env, self._log = command, env, log

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            # In a session of its own: that is how all its processes are found.
            self._process = subprocess.Popen(
                self._command, env=self._env, cwd=PACKAGE.parent, stdout=log, stderr=log, start_new_session=True
            )
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def cpu_seconds(self) -> float:
        """What all its processes have used so far."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = path.read_text().rpartition(")")[2].split()
                if int(fields[3]) == self._process.pid:  # the session
                    ticks += int(fields[11]) + int(fields[12])
        return ticks * TICK

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not answers(self.port):
            if self._process.poll() is not None or time.monotonic() > end:
                lines = self._log.read_text(errors="replace").strip().splitlines() or ["it says nothing"]
                raise CannotMeasure(f"{self.name} does not start: {lines[-1]}")
            time.sleep(0.1)

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def answers(port: int) -> bool:
    """Whether /health says 200."""
    line = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        line.request("GET", "/health")
        return line.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def pohled(home: Path) -> Running:
    """The real server on this home, without the worker: small pictures must not disturb."""
    port = free_port()
    command = [sys.executable, "-m", "webapp.cli", "serve", "--host", HOST, "--port", str(port), "--no-worker"]
    return Running("Pohled", command, {**_plain_env(), "POHLED_HOME": str(home)}, port, home / "log")


def nginx(folder: Path) -> Running:
    """Nginx as a WebDAV server that takes files by PUT: no hash, no fsync, no row."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin")
    if program is None:
        raise CannotMeasure(NO_NGINX)
    (folder / "files").mkdir(parents=True)
    port, user = free_port(), "user root;" if os.geteuid() == 0 else ""
    settings = folder / "nginx.conf"
    settings.write_text(NGINX.format(user=user, folder=folder, host=HOST, port=port))
    command = [program, "-p", str(folder), "-c", str(settings), "-e", "stderr"]
    return Running("nginx", command, _plain_env(), port, folder / "log")


def free_port() -> int:
    """One that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _plain_env() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("POHLED_")}
