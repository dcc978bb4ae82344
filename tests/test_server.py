"""The real server: lines that die, phones that are slow, TLS, and an end that cuts nobody off."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from tests.makers import make_call, make_organiser, make_walk
from tests.server import HOST, Served, wait_until
from webapp import create_app
from webapp.bench.load import Ask, Photos, Tus
from webapp.config import Settings
from webapp.consent.queries import current_texts
from webapp.consent.rules import Decision, Purpose
from webapp.database import new_id, now, transaction
from webapp.join import changes as join_changes
from webapp.join.queries import place_by_code
from webapp.people import changes as people_changes
from webapp.people.rules import new_key
from webapp.server import IDLE, PortTaken, claim, listen
from webapp.storage import Store, digest

SLOW = 100
BYTES = 60_000
TICKS = os.sysconf("SC_CLK_TCK")
ESTABLISHED, KEEPALIVE = "01", "02"


def test_a_phone_that_vanished_is_noticed(tmp_path: Path) -> None:
    """Nobody else would free the thread that waits for its photo."""
    with Served(tmp_path / "home") as server, socket.create_connection((HOST, server.port)) as line:
        line.sendall(b"POST /api/v1/uploads HTTP/1.1\r\nContent-Length: 1000\r\n")
        wait_until(lambda: timers(server.port), 5, "the server has the connection")
        for kind, seconds in timers(server.port):
            assert kind == KEEPALIVE
            assert 0 < seconds <= IDLE


def test_silence_is_questioned_for_a_minute_at_most() -> None:
    with listen(HOST, 0) as listener:
        idle, interval, probes, patience = (
            listener.getsockopt(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
        )
    assert idle + interval * probes <= 60
    assert patience <= 60_000


def test_a_port_in_use_is_refused() -> None:
    with listen(HOST, 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            claim(HOST, port)
    claim(HOST, port)


def test_a_hundred_slow_phones_stop_nobody(tmp_path: Path) -> None:
    tokens = prepare(tmp_path / "home", SLOW)
    photos, way = Photos(BYTES), Tus(tokens)
    with Served(tmp_path / "home") as server:
        sent = [photos.another() for _ in tokens]
        lines = [begin(server.port, way.ask(client, sha256, BYTES)) for client, (_, sha256) in enumerate(sent)]
        for line in lines:
            line.sendall(photos.start[: BYTES // 2])
        for _ in range(20):
            begun = time.monotonic()
            assert get(server, "/health") == 200
            assert get(server, "/") == 200
            assert time.monotonic() - begun < 5
        for line, (end, _) in zip(lines, sent, strict=True):
            line.sendall(photos.start[BYTES // 2 :] + end)
        said = [status(line) for line in lines]
        assert set(said) <= {201, 503}  # all at once on a slow disk, some are asked to come again
        for client in (client for client, each in enumerate(said) if each == 503):
            end, sha256 = sent[client]
            line = begin(server.port, way.ask(client, sha256, BYTES))
            line.sendall(photos.start + end)
            assert status(line) == 201
    store = Store(tmp_path / "home" / "uploads")
    assert all(digest(store.original(sha256)) == sha256 for _, sha256 in sent)


def test_a_polite_stop_lets_an_upload_arrive(tmp_path: Path) -> None:
    tokens = prepare(tmp_path / "home", 1)
    photos = Photos(BYTES)
    end, sha256 = photos.another()
    with Served(tmp_path / "home") as server:
        line = begin(server.port, Tus(tokens).ask(0, sha256, BYTES))
        line.sendall(photos.start[: BYTES // 2])
        time.sleep(0.5)
        server.ask_to_stop()
        wait_until(server.refuses, 10, "nobody new is let in")
        line.sendall(photos.start[BYTES // 2 :] + end)
        assert status(line) == 201
        server.wait_stopped()
    assert digest(Store(tmp_path / "home" / "uploads").original(sha256)) == sha256


def test_when_one_of_those_that_serve_dies_the_others_go_on(tmp_path: Path) -> None:
    with Served(tmp_path / "home", options=["--no-worker"]) as server:
        assert server.process
        serving = sorted(pid for pid in server.processes() if listens(pid, server.port) and pid != server.process.pid)
        assert len(serving) == 2
        os.kill(serving[0], signal.SIGKILL)
        for _ in range(20):
            assert get(server, "/health") == 200
        wait_until(lambda: len(those_that_listen(server)) == 3, 20, "it is replaced")
        server.stop()


def test_over_tls_cookies_are_for_tls_only(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed: nobody here can make a certificate")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    name = ["-addext", f"subjectAltName=IP:{HOST}", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*make.split(), *name], check=True, capture_output=True)
    prepare(tmp_path / "home", 0)
    trust = ssl.create_default_context(cafile=str(cert))
    options = ["--tls-cert", str(cert), "--tls-key", str(key)]
    with Served(tmp_path / "home", options=options, tls=trust) as server:
        for path in ("/plain/recover", "/language/cs"):
            line = server.connect()
            line.request("GET", path)
            cookies = line.getresponse().headers.get_all("Set-Cookie") or []
            line.close()
            assert cookies
            for cookie in cookies:
                assert all(morsel["secure"] for morsel in SimpleCookie(cookie).values()), cookie
        server.stop()


def test_over_plain_http_cookies_still_come_back(tmp_path: Path) -> None:
    prepare(tmp_path / "home", 0)
    with Served(tmp_path / "home") as server:
        line = server.connect()
        line.request("GET", "/plain/recover")
        cookies = line.getresponse().headers.get_all("Set-Cookie") or []
        line.close()
    assert cookies
    assert not any(morsel["secure"] for cookie in cookies for morsel in SimpleCookie(cookie).values())


def prepare(home: Path, people: int) -> tuple[str, ...]:
    """A home with a call, and the tokens of so many who joined it."""
    app = create_app(Settings.read({"POHLED_HOME": str(home)}))
    with app.app_context():
        walk = make_walk()
        make_organiser(walk.project_id)
        make_call(walk.project_id)
        place = place_by_code("TESTCALL")
        assert place
        with transaction():
            texts = current_texts(walk.project_id, [Purpose.KEEP.value])
            decisions = [Decision(Purpose.KEEP, True, text.id, "en", now()) for text in texts]
            tokens = []
            for _ in range(people):
                key = new_key()
                person = join_changes.join(place, join_changes.Newcomer(new_id(), key, "en"), decisions)
                tokens.append(people_changes.admit_device(person, key, "phone"))
            return tuple(tokens)


def begin(port: int, ask: Ask) -> socket.socket:
    """A line on which everything but the bytes has been sent."""
    line = socket.create_connection((HOST, port), 30)
    lines = [f"{ask.method} {ask.path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name}: {value}" for name, value in ask.headers.items()]
    line.sendall("\r\n".join([*lines, "", ""]).encode())
    return line


def status(line: socket.socket) -> int:
    with line:
        return int(line.recv(100).split()[1])


def get(server: Served, path: str) -> int:
    line = server.connect()
    try:
        line.request("GET", path)
        return line.getresponse().status
    finally:
        line.close()


def timers(port: int) -> list[tuple[str, float]]:
    """(kind, seconds) of the kernel's timer on each of the server's connections."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == ESTABLISHED]
    return [(row[5].split(":")[0], int(row[5].split(":")[1], 16) / TICKS) for row in mine]


def those_that_listen(server: Served) -> set[int]:
    return {pid for pid in server.processes() if listens(pid, server.port)}


def listens(pid: int, port: int) -> bool:
    """Whether the process has the listening socket of this port open."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    nodes = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"}
    for path in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(OSError):
            if str(path.readlink()) in nodes:
                return True
    return False
