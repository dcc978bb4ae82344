"""Clients: many that send as fast as they can, many on slow lines, and one that asks for health."""

import asyncio
import hashlib
import http.client
import os
import secrets
import threading
import time
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from webapp.bench import CannotMeasure
from webapp.bench.servers import HOST

PHOTO_BYTES = 4_000_000
UNIQUE = 32  # bytes at the end, by which every photo differs
PATIENCE = 120  # seconds for one answer
STEP_SECONDS = 0.1  # a slow line sends so often
CREATED = 201


@dataclass(frozen=True)
class Ask:
    """How to send one photo: what stands before its bytes."""

    method: str
    path: str
    headers: dict[str, str]


class Way(Protocol):
    """How a server takes photos."""

    def ask(self, client: int, sha256: str, length: int) -> Ask: ...


@dataclass(frozen=True)
class Dav:
    """As a file, by PUT; its name is its SHA-256."""

    def ask(self, client: int, sha256: str, length: int) -> Ask:
        return Ask("PUT", f"/{sha256}", {"Content-Length": str(length)})


@dataclass(frozen=True)
class Tus:
    """In one request by the tus protocol, as a phone does; each client has a token of its own."""

    tokens: tuple[str, ...]

    def ask(self, client: int, sha256: str, length: int) -> Ask:
        headers = {
            "Authorization": f"Bearer {self.tokens[client]}",
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(length),
            "Upload-Metadata": f"sha256 {b64encode(sha256.encode()).decode()}",
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(length),
        }
        return Ask("POST", "/api/v1/uploads", headers)


class Photos:
    """Photos that are alike but for their end, so that each costs the client little."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.start = os.urandom(length - UNIQUE)
        self._hash = hashlib.sha256(self.start)

    def another(self) -> tuple[bytes, str]:
        """The end of a new photo, and the SHA-256 of the whole."""
        end, whole = secrets.token_bytes(UNIQUE), self._hash.copy()
        whole.update(end)
        return end, whole.hexdigest()


def burst(port: int, way: Way, photos: Photos, clients: int, each: int) -> tuple[float, list[str]]:
    """All clients send at once, each over one connection. Seconds, and the SHA-256 of what was acknowledged."""
    work = [[photos.another() for _ in range(each)] for _ in range(clients)]
    gate, failed = threading.Barrier(clients + 1), list[str]()

    def send(client: int) -> None:
        line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            line.connect()
            gate.wait(PATIENCE)
            for end, sha256 in work[client]:
                _send(line, way.ask(client, sha256, photos.length), photos.start, end)
        except (OSError, http.client.HTTPException, CannotMeasure, threading.BrokenBarrierError) as error:
            failed.append(str(error) or type(error).__name__)
            gate.abort()
        finally:
            line.close()

    threads = [threading.Thread(target=send, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    try:
        gate.wait(PATIENCE)
    except threading.BrokenBarrierError:
        failed.append("A client could not connect.")
    begun = time.monotonic()
    for thread in threads:
        thread.join()
    if failed:
        raise CannotMeasure(f"An upload failed: {failed[0]}")
    return time.monotonic() - begun, [sha256 for mine in work for _, sha256 in mine]


def _send(line: http.client.HTTPConnection, ask: Ask, start: bytes, end: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # whoever refuses need not read: the answer says why
        line.request(ask.method, ask.path, iter((start, end)), ask.headers)
    answer = line.getresponse()
    said = answer.read()
    if answer.status != CREATED:
        raise CannotMeasure(f"{ask.method} was answered {answer.status} {said[:200].decode(errors='replace')}")


def crawl(port: int, way: Way, clients: int, length: int, pace: int) -> list[str]:
    """All clients send one photo each, `pace` bytes a second. The SHA-256 of what was acknowledged."""
    return asyncio.run(_crawl(port, way, clients, length, pace))


async def _crawl(port: int, way: Way, clients: int, length: int, pace: int) -> list[str]:
    photos = Photos(length)
    return list(await asyncio.gather(*(_crawler(port, way, photos, client, pace) for client in range(clients))))


async def _crawler(port: int, way: Way, photos: Photos, client: int, pace: int) -> str:
    await asyncio.sleep(secrets.randbelow(1000) / 1000 * STEP_SECONDS)  # not all in the same moment
    end, sha256 = photos.another()
    ask = way.ask(client, sha256, photos.length)
    reader, writer = await asyncio.open_connection(HOST, port)
    lines = [f"{ask.method} {ask.path} HTTP/1.1", f"Host: {HOST}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in ask.headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    step, begun = round(pace * STEP_SECONDS), time.monotonic()
    for number, place in enumerate(range(0, len(photos.start), step)):
        await asyncio.sleep(begun + number * STEP_SECONDS - time.monotonic())
        writer.write(photos.start[place : place + step])
        await writer.drain()
    writer.write(end)
    answer = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    if answer.split(b" ", 2)[1:2] != [str(CREATED).encode()]:
        raise CannotMeasure(f"A slow upload was answered {answer[:200].decode(errors='replace')!r}")
    return sha256


def probe(port: int, seconds: float, pause: float = 0.05) -> Sequence[float]:
    """Milliseconds of each GET /health, each over a new connection, as whoever watches a server asks."""
    took, end = [], time.monotonic() + seconds
    while (begun := time.monotonic()) < end:
        line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            line.request("GET", "/health")
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise CannotMeasure(f"/health was not answered: {error}") from error
        finally:
            line.close()
        if answer.status != http.HTTPStatus.OK:
            raise CannotMeasure(f"/health was answered {answer.status}.")
        took.append((time.monotonic() - begun) * 1000)
        time.sleep(pause)
    return took
