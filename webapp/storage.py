"""The only module that touches stored files: a durable folder, addressed by SHA-256.

incoming/            what is on its way; never served, swept when old
originals/ab/ab12..  as it came, byte for byte
derived/ab/ab12../   rebuildable sizes of the original with that SHA-256
"""

import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHUNK = 1 << 20
OLD_SECONDS = 24 * 3600


class StorageError(Exception):
    """The store could not do it."""


class NoRoom(StorageError):
    """The disk is full; nothing was acknowledged and no half file stays."""


class TooLarge(StorageError):
    """More bytes than the limit."""


@dataclass(frozen=True)
class Stored:
    """What lies on disk, flushed: lower-case hex SHA-256 and size in bytes."""

    sha256: str
    bytes: int


class Store:
    """Files under one folder. What `put` returned survives a power cut."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"

    def prepare(self) -> None:
        """Makes the folder; call before use."""
        self.incoming.mkdir(parents=True, exist_ok=True)
        _flush_folder(self.root)
        _flush_folder(self.root.parent)

    def healthy(self) -> bool:
        """Whether a file can be written and taken away again."""
        try:
            with tempfile.TemporaryFile(dir=self.incoming) as probe:
                probe.write(b"?")
                probe.flush()
        except OSError:
            return False
        return True

    def put(self, source: IO[bytes], limit: int) -> Stored:
        """Keeps the source's bytes as an original. At most `limit` bytes, else `TooLarge`."""
        draft = self.incoming / secrets.token_hex(16)
        try:
            with _room(), draft.open("xb") as file:
                stored = _copy(source, file, limit)
            target = self.original(stored.sha256)
            if self.holds(stored):
                # Whoever put it there may have been stopped before its folders were flushed.
                _flush_folders(target, self.root)
            else:
                _settle(draft, target, self.root)
            return stored
        finally:
            draft.unlink(missing_ok=True)

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Around `put` and the commit that refers to it: meanwhile nobody forgets the same bytes."""
        with self._lock(fcntl.LOCK_SH):
            yield

    @contextmanager
    def forgetting(self) -> Iterator[None]:
        """Around the search for what nobody refers to, and `forget`: meanwhile nobody keeps anything."""
        with self._lock(fcntl.LOCK_EX):
            yield

    @contextmanager
    def _lock(self, how: int) -> Iterator[None]:
        with (self.root / "lock").open("a") as file:
            fcntl.flock(file, how)
            yield

    def forget(self, sha256: str) -> None:
        """Removes an original and everything made of it. Only inside `forgetting`."""
        original, sizes = self.original(sha256), self.derived(sha256, "any").parent
        original.unlink(missing_ok=True)
        shutil.rmtree(sizes, ignore_errors=True)
        for folder in (original.parent, sizes.parent):
            if folder.is_dir():
                _flush_folder(folder)

    def holds(self, stored: Stored) -> bool:
        """Whether the original is really there: its bytes are read again, never believed."""
        path = self.original(stored.sha256)
        if not path.is_file() or path.stat().st_size != stored.bytes:
            return False
        return digest(path) == stored.sha256

    def original(self, sha256: str) -> Path:
        """Where the original lies (or would lie)."""
        return self.root / "originals" / sha256[:2] / sha256

    def derived(self, sha256: str, name: str) -> Path:
        """Where a size of the original lies (or would lie)."""
        return self.root / "derived" / sha256[:2] / sha256 / name

    def has_derived(self, sha256: str, names: list[str]) -> bool:
        """Whether all of these sizes are there."""
        return all(self.derived(sha256, name).is_file() for name in names)

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A folder for the making of derived files; gone afterwards."""
        with _room():
            folder = Path(tempfile.mkdtemp(dir=self.incoming))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep_derived(self, sha256: str, files: list[Path]) -> None:
        """Moves finished files beside their original's SHA-256, each whole or not at all."""
        for file in files:
            with _room(), file.open("rb") as handle:
                os.fsync(handle.fileno())
            _settle(file, self.derived(sha256, file.name), self.root)

    def sweep(self) -> int:
        """Removes what was left half-way more than a day ago; returns how many."""
        swept = 0
        for path in self.incoming.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > OLD_SECONDS:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
                    swept += 1
        return swept


def digest(path: Path) -> str:
    """The SHA-256 of a file, lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: IO[bytes], target: IO[bytes], limit: int) -> Stored:
    checksum, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge
        checksum.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return Stored(checksum.hexdigest(), size)


def _settle(draft: Path, target: Path, root: Path) -> None:
    """Renames into place and flushes every folder whose entry is new, up to the root."""
    with _room():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(target)
        _flush_folders(target, root)


def _flush_folders(target: Path, root: Path) -> None:
    for folder in [target.parent, *target.parent.parents]:
        _flush_folder(folder)
        if folder == root:
            break


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom from error
        raise
