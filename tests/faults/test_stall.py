"""Lines that die in silence while a form is on its way."""

import socket
from pathlib import Path

from tests.plain_client import PlainClient
from tests.server import HOST, Served

STALLED = 140
HALF_A_FORM = (
    b"POST /desk/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nemail="
)


def test_pages_go_on_while_a_crowd_is_stuck_half_way(tmp_path: Path) -> None:
    with Served(tmp_path / "home") as server:
        lines = [socket.create_connection((HOST, server.port)) for _ in range(STALLED)]
        for line in lines:
            line.sendall(HALF_A_FORM)
        for _ in range(20):
            assert PlainClient(server.port).get("/health").status == 200
        for line in lines:
            line.close()
        server.stop()
