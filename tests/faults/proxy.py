"""A bad line: a TCP proxy that breaks its connections as it is told, to the byte, and the same each time."""

import asyncio
import fcntl
import random
import socket
import struct
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from tests.server import HOST

PIECE = 16 * 1024
BUFFER = 32 * 1024  # what the system may hold for each side: so who sends notices how slow the line is
SLOW, TICK = 5_000, 0.1  # bytes in a second on a line that has become slow; seconds between two drops
DROP = int(SLOW * TICK)
HEAD = 4096  # bytes of a request that are kept for whoever counts
LET_GO = 10  # seconds for what was passed on to reach the other system


@dataclass(frozen=True)
class Weather:
    """What becomes of one connection. Places are bytes of the request or the answer, times are seconds."""

    latency: float = 0
    request_ends: int | None = None
    """So many bytes reach the server, and no more; then both sides hear a reset."""
    answer_ends: int | None = None
    """The same of the answer. 0: the server has done what was asked, and nobody hears of it."""
    stalls_at: int = 0
    stall: float = 0
    """Silence, in the middle of the request; then it goes on, whoever has given up meanwhile."""
    slow_at: int = 0
    slow: float = 0


FAIR = Weather()


@dataclass
class Passage:
    """What went over one connection. `sent` and `heard` are bytes that reached the server and the client."""

    weather: Weather
    head: bytes = b""
    sent: int = 0
    heard: int = 0
    cut: bool = False
    stalled: bool = False
    slowed: bool = False

    @property
    def body(self) -> int | None:
        """How many bytes of the request's body reached the server; None where not even its whole head did."""
        head, found, _ = self.head[: self.sent].partition(b"\r\n\r\n")
        return self.sent - len(head) - 4 if found else None

    @property
    def is_slow(self) -> bool:
        """Whether the next bytes fall into the slow part of the line."""
        start = self.weather.slow_at
        return start <= self.sent < start + SLOW * self.weather.slow

    @property
    def unheard(self) -> bool:
        """The server's answer was swallowed whole."""
        return self.cut and self.weather.answer_ends == 0

    def said(self, name: str) -> str | None:
        """A header of the request."""
        for line in self.head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.strip().lower() == name.lower():
                return value.strip()
        return None


class _Cut(Exception):
    """The place where this connection ends."""


class Proxy:
    """Listens on `port` and passes everything on to another one, each connection in the weather that its number has.

    `passages` tells afterwards what went over each, in the order in which they were opened.
    """

    def __init__(self, upstream: int, weather: Callable[[int], Weather] = lambda _: FAIR) -> None:
        self.upstream, self.weather = upstream, weather
        self.passages: list[Passage] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        self._listener.bind((HOST, 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._listener.listen(1024)
        self._listener.setblocking(False)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(LET_GO)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._listener.close()

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def cuts(self) -> int:
        return sum(passage.cut for passage in self.passages)

    @property
    def harmed(self) -> int:
        """How many connections were cut, stood still or became slow."""
        return sum(passage.cut or passage.stalled or passage.slowed for passage in self.passages)

    @property
    def unheard(self) -> int:
        return sum(passage.unheard for passage in self.passages)

    async def _listen(self) -> None:
        lines = set[asyncio.Task[None]]()
        while True:
            near, _ = await self._loop.sock_accept(self._listener)
            passage = Passage(self.weather(len(self.passages)))
            self.passages.append(passage)
            line = self._loop.create_task(self._line(near, passage))
            lines.add(line)
            line.add_done_callback(lines.discard)

    async def _end(self) -> None:
        others = asyncio.all_tasks(self._loop) - {asyncio.current_task(self._loop)}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _line(self, near: socket.socket, passage: Passage) -> None:
        far = socket.socket()
        for side in (near, far):
            side.setblocking(False)
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        try:
            await asyncio.sleep(passage.weather.latency)
            await self._loop.sock_connect(far, (HOST, self.upstream))
            await self._both_ways(near, far, passage)
        except (OSError, _Cut):
            with suppress(OSError):
                await _arrived(near)
                await _arrived(far)
            _reset(near)
            _reset(far)
        finally:
            near.close()
            far.close()

    async def _both_ways(self, near: socket.socket, far: socket.socket, passage: Passage) -> None:
        """Until one side has ended, or the place of the cut is reached."""
        ways = [
            self._loop.create_task(self._there(near, far, passage)),
            self._loop.create_task(self._back(far, near, passage)),
        ]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        for way in done:
            way.result()

    async def _there(self, near: socket.socket, far: socket.socket, passage: Passage) -> None:
        weather, ends = passage.weather, passage.weather.request_ends
        while passage.sent != ends:
            most = PIECE if ends is None else min(PIECE, ends - passage.sent)
            piece = await self._loop.sock_recv(near, most)
            if not piece:
                return
            passage.head += piece[: max(0, HEAD - len(passage.head))]
            if not passage.stalled and passage.sent + len(piece) > weather.stalls_at and weather.stall:
                passage.stalled = True
                await asyncio.sleep(weather.stall)
            while piece and passage.is_slow:
                passage.slowed = True
                await self._give(far, piece[:DROP], passage)
                piece = piece[DROP:]
                await asyncio.sleep(TICK)
            await self._give(far, piece, passage)
        passage.cut = True
        raise _Cut

    async def _give(self, far: socket.socket, piece: bytes, passage: Passage) -> None:
        await self._loop.sock_sendall(far, piece)
        passage.sent += len(piece)

    async def _back(self, far: socket.socket, near: socket.socket, passage: Passage) -> None:
        ends = passage.weather.answer_ends
        while piece := await self._loop.sock_recv(far, PIECE):
            if ends is not None:
                piece = piece[: ends - passage.heard]
            passage.heard += len(piece)  # first: whoever has heard it may ask how much it was
            await self._loop.sock_sendall(near, piece)
            if passage.heard == ends:
                passage.cut = True
                raise _Cut


async def _arrived(side: socket.socket) -> None:
    """Waits until the other system has all that was sent: a reset throws away what has not left yet."""
    end = asyncio.get_running_loop().time() + LET_GO
    while asyncio.get_running_loop().time() < end:
        (left,) = struct.unpack("i", fcntl.ioctl(side, termios.TIOCOUTQ, bytes(4)))
        if not left:
            return
        await asyncio.sleep(0.001)


def _reset(side: socket.socket) -> None:
    with suppress(OSError):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    side.close()


def bad(seed: int, longest: float) -> Callable[[int], Weather]:
    """A line on which half of all connections are to come to harm, by number the same for the same seed; many end
    before the place where it waits for them. `longest` is how many seconds a line may stall or be slow."""

    def drawn(number: int) -> Weather:
        chance = random.Random(f"{seed} {number}")
        latency, place = chance.uniform(0, 0.1), int(10 ** chance.uniform(1, 6))  # as often small as large
        harm = chance.choices(["none", "request", "answer", "unheard", "stall", "slow"], [50, 12, 6, 8, 10, 14])[0]
        match harm:
            case "request":
                return Weather(latency, request_ends=place)
            case "answer":
                return Weather(latency, answer_ends=chance.randrange(1, 400))
            case "unheard":
                return Weather(latency, answer_ends=0)
            case "stall":
                return Weather(latency, stalls_at=place, stall=chance.uniform(longest / 6, longest))
            case "slow":
                return Weather(latency, slow_at=place, slow=chance.uniform(0.5, longest))
        return Weather(latency)

    return drawn
