"""The only module that touches stored files: a durable folder, addressed by SHA-256.

incoming/            what is on its way; never served, swept when old
partial/             uploads that grow, request by request; what counts of each, its row says
doomed/              names of originals that are being deleted
originals/ab/ab12..  as it came, byte for byte
derived/ab/ab12../   rebuildable sizes of the original with that SHA-256
damaged/             originals that were not what their names say; `pohled check --repair` puts them here
exports/             finished files to be taken away, by the id of their row; drafts/ below has what is being made
"""

import errno
import fcntl
import hashlib
import io
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from webapp.config import hand_over

FOLDERS = ("incoming", "partial", "doomed", "originals", "derived", "damaged", "exports")
CHUNK = 1 << 20
PAGE = 4096
OLD_SECONDS = 24 * 3600
HELD_SECONDS = 10


class StorageError(Exception):
    """The store could not do it."""


class NoRoom(StorageError):
    """The disk is full; nothing was acknowledged and no half file stays."""


class TooLarge(StorageError):
    """More bytes than the limit."""


class Held(StorageError):
    """Somebody else writes to this file, perhaps on a line that died long ago."""


class Damaged(StorageError):
    """The file is gone, or lacks bytes that were counted."""


@dataclass(frozen=True)
class Stored:
    """What lies on disk, flushed: lower-case hex SHA-256 and size in bytes."""

    sha256: str
    bytes: int


class Partial:
    """A file that grows, held by one writer, who first cuts off what lies beyond the bytes that were counted."""

    def __init__(self, file: io.FileIO, path: Path) -> None:
        self._file, self.path = file, path

    def cut(self, offset: int) -> None:
        """Drops everything from there on; `write` goes on there."""
        os.ftruncate(self._file.fileno(), offset)
        self._file.seek(offset)

    def write(self, pieces: Sequence[bytes]) -> None:
        """Appends them all; nothing is safe before `flush`."""
        left = list[bytes | memoryview](pieces)
        with _room():
            while left:
                written = os.writev(self._file.fileno(), left)
                while left and written >= len(left[0]):
                    written -= len(left.pop(0))
                if written:
                    left[0] = memoryview(left[0])[written:]

    def digest(self) -> str:
        """The SHA-256 of all of it, lower-case hex."""
        self._file.seek(0)
        return hashlib.file_digest(self._file, "sha256").hexdigest()

    def flush(self) -> None:
        """Afterwards the bytes survive a power cut."""
        with _room():
            os.fsync(self._file.fileno())


class Store:
    """Files under one folder. What `put` returned survives a power cut."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"
        self._partial = root / "partial"
        self._doomed = root / "doomed"
        self._damaged = root / "damaged"
        self._exports = root / "exports"
        self._drafts = self._exports / "drafts"

    def prepare(self) -> None:
        """Makes the folder; call before use."""
        for folder in (self.incoming, self._partial, self._doomed, self._drafts):
            _make(folder)
        # All folders of originals are there and flushed before the first comes: then each flushes only its own.
        for prefix in range(256):
            _make(self.root / "originals" / f"{prefix:02x}")
        _flush_folder(self.root / "originals")
        _flush_folder(self.root)
        _flush_folder(self.root.parent)

    @property
    def is_prepared(self) -> bool:
        """Whether files were ever kept here. A disk that is not mounted leaves an empty folder in its place."""
        return (self.root / "originals").is_dir()

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
                _flush_file(target)
                _flush_folder(target.parent)  # whoever put it there may have been stopped before doing so
            else:
                _settle(draft, target, self.root)
            return stored
        finally:
            draft.unlink(missing_ok=True)

    def begin_partial(self) -> str:
        """Makes an empty file for an upload; returns its name. Before a commit names it: `settle_partial`."""
        name = secrets.token_hex(16)
        with _room():
            (self._partial / name).touch(0o600, exist_ok=False)
        hand_over(self._partial / name, self.root)
        return name

    def settle_partial(self) -> None:
        """Flushes the names of partial files."""
        with _room():
            _flush_folder(self._partial)

    @contextmanager
    def growing(self, name: str, offset: int) -> Iterator[Partial]:
        """The only writer of a partial file of which so many bytes were counted. Raises Held or Damaged."""
        path = self._partial / name
        try:
            file = path.open("r+b", buffering=0)
        except FileNotFoundError as error:
            raise Damaged from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Held from error
            found = os.fstat(file.fileno())
            if found.st_size < offset or found.st_nlink == 0:
                raise Damaged
            if found.st_nlink > 1:
                raise Held  # it became an original just before something broke: that one must not be cut
            yield Partial(file, path)

    @contextmanager
    def taking_over(self, name: str, offset: int) -> Iterator[tuple[str, Partial]]:
        """A new file (its name comes first) with the bytes of another that were counted, whoever holds that one."""
        fresh = self.begin_partial()
        with self.growing(fresh, 0) as partial:
            try:
                with (self._partial / name).open("rb") as old:
                    while offset and (chunk := old.read(min(CHUNK, offset))):
                        partial.write([chunk])
                        offset -= len(chunk)
                if offset:
                    raise Damaged
                partial.flush()
                self.settle_partial()
            except (StorageError, FileNotFoundError) as error:
                self.drop_partial(fresh)
                raise error if isinstance(error, NoRoom) else Damaged from error
            yield fresh, partial

    def partial_bytes(self, name: str) -> int:
        """How many bytes a partial file holds, counted or not; -1 if there is none."""
        try:
            return (self._partial / name).stat().st_size
        except FileNotFoundError:
            return -1

    def drop_partial(self, name: str) -> None:
        """Takes a partial file away, as an upload's end or as rubbish."""
        (self._partial / name).unlink(missing_ok=True)

    def adopt(self, partial: Partial, stored: Stored) -> None:
        """Keeps a whole partial file as the original that it is, and flushes it; inside `keeping`.

        Its own name stays, so that nothing is lost if no commit follows: `drop_partial` ends it. Raises Damaged.
        """
        target = self.original(stored.sha256)
        if self.holds(stored):
            _flush_file(target)
            _flush_folder(target.parent)
            return
        draft = self.incoming / secrets.token_hex(16)
        try:
            with _room():
                os.link(partial.path, draft)
        except FileNotFoundError as error:  # somebody has taken it over
            raise Damaged from error
        try:
            # The bytes after the name: one turn of the file system's journal then carries both. Nobody is told that
            # they are there until the folder is flushed, and whoever finds them reads them first.
            _settle(draft, target, self.root, partial.flush)
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
            hand_over(file.fileno(), self.root)
            fcntl.flock(file, how)
            yield

    def doom(self, shas: Iterable[str]) -> None:
        """Notes what the coming commit lets go, so that a crash before `forget` leaves nothing behind. Only inside
        `forgetting`."""
        for sha256 in shas:
            (self._doomed / sha256).touch()
        _flush_folder(self._doomed)

    def doomed(self) -> list[str]:
        """What was noted, and neither forgotten nor spared."""
        return [path.name for path in self._doomed.iterdir()]

    def spare(self, sha256: str) -> None:
        """Takes a note away: somebody needs these bytes after all."""
        (self._doomed / sha256).unlink(missing_ok=True)

    def originals(self) -> Iterator[str]:
        """The SHA-256 of every original that lies here."""
        for folder in (self.root / "originals").iterdir():
            yield from (path.name for path in folder.iterdir())

    def pictured(self) -> Iterator[str]:
        """The SHA-256 of everything of which sizes lie here."""
        derived = self.root / "derived"
        for folder in derived.iterdir() if derived.is_dir() else ():
            yield from (path.name for path in folder.iterdir())

    def damaged(self) -> Iterator[str]:
        """The SHA-256 by which damaged originals were known."""
        if self._damaged.is_dir():
            yield from (path.name for path in self._damaged.iterdir())

    def set_aside(self, sha256: str) -> None:
        """Moves an original out of the way that is not what its name says, so that the right bytes may come again."""
        with suppress(FileNotFoundError):
            _settle(self.original(sha256), self._damaged / sha256, self.root)

    def forget(self, sha256: str) -> None:
        """Removes an original and everything made of it. Only inside `forgetting`."""
        original, sizes = self.original(sha256), self.derived(sha256, "any").parent
        original.unlink(missing_ok=True)
        (self._damaged / sha256).unlink(missing_ok=True)
        shutil.rmtree(sizes, ignore_errors=True)
        self.spare(sha256)
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
        """Whether all of these sizes are there, and not empty."""
        paths = [self.derived(sha256, name) for name in names]
        return all(path.is_file() and path.stat().st_size for path in paths)

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A folder for the making of derived files; gone afterwards, and swept as soon as its maker is dead."""
        with _room():
            folder = Path(tempfile.mkdtemp(dir=self.incoming))
        try:
            with _held(folder):
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep_derived(self, sha256: str, files: list[Path]) -> None:
        """Moves finished files beside their original's SHA-256, each whole or not at all."""
        for file in files:
            with _room(), file.open("rb") as handle:
                os.fsync(handle.fileno())
            _settle(file, self.derived(sha256, file.name), self.root)

    @contextmanager
    def drafting(self, name: str) -> Iterator[Path]:
        """An empty folder for the making of an export; gone afterwards, and whenever `drop_drafts` is asked."""
        folder = self._drafts / name
        shutil.rmtree(folder, ignore_errors=True)
        with _room():
            folder.mkdir()
        try:
            yield folder
        except OSError as error:
            if not folder.is_dir():
                raise Damaged from error
            with _room():
                raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def drop_drafts(self) -> None:
        """Takes away what is being made: whoever makes it hears `Damaged`, and begins again."""
        for folder in self._drafts.iterdir():
            shutil.rmtree(folder, ignore_errors=True)

    def keep_export(self, name: str, draft: Path) -> int:
        """Moves a finished file from its draft folder, whole or not at all; returns its size. Raises `Damaged`."""
        try:
            with _room(), draft.open("rb") as handle:
                os.fsync(handle.fileno())
                size = os.fstat(handle.fileno()).st_size
            _settle(draft, self._exports / name, self.root)
        except FileNotFoundError as error:
            raise Damaged from error
        return size

    def export(self, name: str) -> Path:
        """Where a finished export lies (or would lie)."""
        return self._exports / name

    def exports(self) -> list[str]:
        """The names of all finished exports."""
        return [path.name for path in self._exports.iterdir() if path.is_file()]

    def forget_exports(self, names: Iterable[str]) -> None:
        """Removes finished exports."""
        for name in names:
            (self._exports / name).unlink(missing_ok=True)
        _flush_folder(self._exports)

    def leftovers(self) -> list[Path]:
        """What was left half-way: files more than a day ago, folders by somebody who is dead."""
        return [path for path in self.incoming.iterdir() if _is_old(path) or _is_left(path)]

    def sweep(self) -> int:
        """Removes what was left half-way; returns how many."""
        return sum(_away(path) for path in self.leftovers())

    def sweep_partial(self, wanted: Callable[[], Collection[str]]) -> int:
        """Removes partial files older than a day whose names are not `wanted`; returns how many."""
        return sum(_away(path) for path in self.old_partial(wanted))

    def old_partial(self, wanted: Callable[[], Collection[str]]) -> list[Path]:
        """Partial files older than a day whose names are not `wanted`."""
        old = [path for path in self._partial.iterdir() if _is_old(path)]
        names = wanted() if old else ()
        return [path for path in old if path.name not in names]


def is_full(folder: Path) -> bool:
    """Whether its disk has no room even for a page."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(PAGE))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return False


def digest(path: Path) -> str:
    """The SHA-256 of a file, lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_old(path: Path, seconds: float = OLD_SECONDS) -> bool:
    with suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime > seconds
    return False


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Says that somebody alive works in the folder: the lock ends with its process, however that ends."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def _is_left(path: Path) -> bool:
    """Whether it is a folder in which nobody works any more. One that is a moment old may not be held yet."""
    with suppress(OSError):
        if path.is_dir() and _is_old(path, HELD_SECONDS):
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            finally:
                os.close(handle)
    return False


def _away(path: Path) -> bool:
    with suppress(FileNotFoundError):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        return True
    return False


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


def _make(folder: Path) -> None:
    """Makes the folder, unless it is there, and belongs to whoever owns the one above it."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        hand_over(folder, folder.parent)


def _settle(draft: Path, target: Path, root: Path, flush: Callable[[], None] = lambda: None) -> None:
    """Renames into place, then flushes the bytes (if they are not yet) and every folder whose entry is new, up to the
    root."""
    with _room():
        fresh = not target.parent.is_dir()
        _make(target.parent)
        hand_over(draft, root)
        draft.replace(target)
        flush()
        for folder in [target.parent, *target.parent.parents]:
            _flush_folder(folder)
            if folder == root or not fresh:
                break


def _flush_file(path: Path) -> None:
    with path.open("rb") as file, _room():
        os.fsync(file.fileno())


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
