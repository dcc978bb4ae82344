"""The form of a backup: a plain tar, whose last file names the SHA-256 of every other.

Unpacked by any tar it is a home that can be served; `sha256sum -c SHA256SUMS` in it checks the files. Every byte that
is not a file's content follows from the names, sizes and time of the backup: whoever reads it makes those bytes again
and compares, so that nothing can be cut off, added or changed without being seen.
"""

import errno
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO

TOP = "pohled/"
ABOUT = "backup.json"
SUMS = "SHA256SUMS"
FORM = 1
CHUNK = 1 << 20
BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * BLOCK)
MOST_WORDS = 1_000_000  # bytes of `backup.json`, which has less than a thousand
END_OF_TIME = 1 << 33  # seconds of Unix, in the year 2242: so much a heading holds
MODE = 0o600


class NoBackup(Exception):
    """The file cannot be believed; the message says why, in a sentence."""


@dataclass(frozen=True)
class About:
    """What a backup says of itself, first of all. `created` in seconds of Unix; `tables`: the database's revision."""

    form: int
    pohled: str
    tables: str
    created: int

    def as_bytes(self) -> bytes:
        return json.dumps({"backup": "pohled", **asdict(self)}, indent=1).encode() + b"\n"


class Writer:
    """Writes one file after the other; without `end` it is no backup. Keeps one line of text for each in memory."""

    def __init__(self, file: IO[bytes], about: About) -> None:
        self._file, self._about = file, about
        self._sums: list[bytes] = []
        self.bytes = 0
        self.add_bytes(ABOUT, about.as_bytes())

    def add(self, name: str, source: IO[bytes]) -> str:
        """Adds what the source holds now; returns its SHA-256. Raises OSError, with EIO where that cannot be read to
        its end, and then nothing of it stays."""
        size, start = os.fstat(source.fileno()).st_size, self._file.tell()
        try:
            return self._add(name, size, source.read)
        except OSError as error:
            if error.errno == errno.EIO:
                self._file.seek(start)
                self._file.truncate()
            raise

    def add_bytes(self, name: str, data: bytes) -> None:
        self._add(name, len(data), io.BytesIO(data).read)

    def _add(self, name: str, size: int, read: Callable[[int], bytes]) -> str:
        self._file.write(_header(name, size, self._about.created))
        sum_, left = hashlib.sha256(), size
        while left:
            piece = read(min(CHUNK, left))
            if not piece:
                raise OSError(errno.EIO, f"{name} became shorter while it was read")
            sum_.update(piece)
            self._file.write(piece)
            left -= len(piece)
        self._file.write(_padding(size))
        self._sums.append(_line(sum_.hexdigest(), name))
        self.bytes += size
        return sum_.hexdigest()

    def end(self) -> None:
        self.add_bytes(SUMS, b"".join(self._sums))
        self._file.write(END)


@dataclass(frozen=True)
class Member:
    """One file of a backup, as it is read: the name within the home, its size, and all of its bytes, once."""

    name: str
    size: int
    pieces: Iterator[bytes]


def begin(file: IO[bytes]) -> About:
    """Reads what the backup says of itself. Raises NoBackup."""
    start = file.read(BLOCK)
    try:
        info = tarfile.TarInfo.frombuf(start, "utf-8", "strict")
    except (tarfile.HeaderError, ValueError) as error:
        raise NoBackup("It is not a backup of Pohled, or its beginning is damaged.") from error
    if info.name != TOP + ABOUT or not 0 < info.size < MOST_WORDS:
        raise NoBackup("It is not a backup of Pohled.")
    data = b"".join(_pieces(file, info.size))
    try:
        told = json.loads(data)
        about = About(**{name: told[name] for name in ("form", "pohled", "tables", "created")})
        again = about.as_bytes()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoBackup("What it says of itself is damaged.") from error
    if isinstance(about.form, int) and about.form > FORM:
        raise NoBackup("It was made by a newer version of Pohled: update first.")
    strings = isinstance(about.pohled, str) and isinstance(about.tables, str)
    if (
        again != data
        or not strings
        or type(about.created) is not int
        or not 0 <= about.created < END_OF_TIME
        or _header(ABOUT, len(data), about.created) != start
    ):
        raise NoBackup("What it says of itself is damaged.")
    _skip(file, info.size)
    return about


def members(file: IO[bytes], about: About) -> Iterator[Member]:
    """Every file in it, after `begin`. Only when the iterator has ended may any of it be believed. Raises NoBackup.

    The pieces of a member are read before the next one is asked for.
    """
    sums = [_line(hashlib.sha256(about.as_bytes()).hexdigest(), ABOUT)]
    names = {ABOUT}
    while True:
        name, size = _next(file, about.created)
        if name == SUMS:
            break
        if name in names or not _may_be(name):
            raise NoBackup(f"It holds a file that no backup has: {name!r:.100}.")
        names.add(name)
        sum_ = hashlib.sha256()
        member = Member(name, size, _pieces(file, size, sum_.update))
        yield member
        for _ in member.pieces:
            pass
        _skip(file, size)
        sums.append(_line(sum_.hexdigest(), name))
    _compare(file, size, sums)
    _skip(file, size)
    if _exactly(file, len(END)) != END or file.read(1):
        raise NoBackup("It does not end where a backup ends.")


def _next(file: IO[bytes], created: int) -> tuple[str, int]:
    """The name and size of the next file."""
    header = _exactly(file, BLOCK)
    try:
        info = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
        name, size = info.name.removeprefix(TOP), info.size
        same = header == _header(name, size, created)
    except (tarfile.HeaderError, ValueError, OverflowError) as error:
        raise NoBackup("It is damaged: where a file should begin, none does.") from error
    if not same or size < 0:
        raise NoBackup(f"It is damaged: the heading of {name!r:.100} is not as it was written.")
    return name, size


def _pieces(file: IO[bytes], size: int, see: Callable[[bytes], None] = lambda _: None) -> Iterator[bytes]:
    while size:
        piece = file.read(min(CHUNK, size))
        if not piece:
            raise _cut(file)
        see(piece)
        yield piece
        size -= len(piece)


def _skip(file: IO[bytes], size: int) -> None:
    padding = _padding(size)
    if _exactly(file, len(padding)) != padding:
        raise NoBackup("It is damaged between two files.")


def _exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise _cut(file)
    return data


def _cut(file: IO[bytes]) -> NoBackup:
    return NoBackup(f"It is cut off after {file.tell():,} bytes: its end is missing.")


def _compare(file: IO[bytes], size: int, sums: list[bytes]) -> None:
    """Whether the list of sums is that of the files that came before it."""
    said = b"".join(_pieces(file, size)).splitlines(keepends=True) if size <= sum(map(len, sums)) + CHUNK else []
    known = set(said)
    if wrong := [line[66:].decode().rstrip() for line in sums if line not in known]:
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise NoBackup(f"It is damaged: {wrong[0]}{more} is not as it was written.")
    if said != sums:
        raise NoBackup("It is damaged: its list of files is not as it was written.")


def _header(name: str, size: int, created: int) -> bytes:
    info = tarfile.TarInfo(TOP + name)
    info.size, info.mtime, info.mode = size, created, MODE
    header = info.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")
    if len(header) != BLOCK:
        raise ValueError(f"The name is too long for a backup: {name}")
    return header


def _padding(size: int) -> bytes:
    return bytes(-size % BLOCK)


def _line(sha256: str, name: str) -> bytes:
    return f"{sha256}  {name}\n".encode()


def _may_be(name: str) -> bool:
    """Whether a name stays inside of the home, whoever wrote it."""
    path = PurePosixPath(name)
    return name == str(path) and name.isprintable() and not path.is_absolute() and ".." not in path.parts


def save(member: Member, path: Path) -> None:
    """Writes a member's bytes to a new file, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as file:
        for piece in member.pieces:
            file.write(piece)
