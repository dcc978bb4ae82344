"""A browser without scripts that speaks real HTTP, and can send the very same form again."""

import http.client
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.client import hidden
from tests.makers import PURPOSES

HOST = "127.0.0.1"
PATIENCE = 30  # seconds for one answer
Fields = Mapping[str, str]
Files = Mapping[str, tuple[str, bytes]]  # field -> (file name, bytes)


@dataclass(frozen=True)
class Letter:
    """A form filled in, as the bytes that a press on "Send" puts on the line."""

    path: str
    body: bytes
    type: str


@dataclass(frozen=True)
class Page:
    """An answer. Redirects are not followed: they are how a form is acknowledged."""

    status: int
    headers: Message  # names in any case
    text: str


class PlainClient:
    """One person's browser: keeps its cookies and nothing else. One connection for each request."""

    def __init__(self, port: int, language: str = "en") -> None:
        self.port = port
        self.language = language
        self.cookies: dict[str, str] = {}

    def get(self, path: str, status: int = 200) -> Page:
        return self._ask("GET", path, None, {}, status)

    def fill_in(self, path: str, fields: Fields, files: Files | None = None) -> Letter:
        """Gets a form's page and fills it in, hidden fields and all."""
        every = {**hidden(self.get(path).text), **fields}
        if files is None:
            return Letter(path, urlencode(every).encode(), "application/x-www-form-urlencoded")
        body, type_ = multipart(every, files)
        return Letter(path, body, type_)

    def send(self, letter: Letter, status: int = 302) -> Page:
        return self._ask("POST", letter.path, letter.body, {"Content-Type": letter.type}, status)

    def join(self, code: str) -> None:
        """Agrees to everything that is asked."""
        self.send(self.fill_in(f"/plain/join/{code}", dict.fromkeys(PURPOSES, "yes")), 200)

    def begin(self, letter: Letter, length: int | None = None) -> socket.socket:
        """A bare line on which the letter's headers have been sent, and nothing of its body."""
        line = socket.create_connection((HOST, self.port), PATIENCE)
        lines = [
            f"POST {letter.path} HTTP/1.1",
            f"Host: {HOST}:{self.port}",
            f"Content-Type: {letter.type}",
            f"Content-Length: {len(letter.body) if length is None else length}",
            *(f"{name}: {value}" for name, value in self._headers().items()),
        ]
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        return line

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], status: int) -> Page:
        line = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body, {**self._headers(), **headers})
            page = self._read(line.getresponse())
        finally:
            line.close()
        assert page.status == status, f"{method} {path}: {page.status}\n{page.text[:2000]}"
        return page

    def _read(self, response: http.client.HTTPResponse) -> Page:
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Page(response.status, response.headers, response.read().decode(errors="replace"))

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Language": self.language, "Connection": "close"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers


def answer_on(line: socket.socket) -> int | None:
    """The status that comes on a bare line, or None where the server hangs up without a word."""
    response = http.client.HTTPResponse(line)
    try:
        response.begin()
        response.read()
    except (OSError, http.client.HTTPException):
        return None
    return response.status


def multipart(fields: Fields, files: Files) -> tuple[bytes, str]:
    """The body of a form with files (RFC 7578), and its type."""
    boundary = secrets.token_hex(16)
    parts: list[bytes] = []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, (file, data) in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: image/jpeg'
        parts.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + data + b"\r\n")
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"
