"""A backup of a home that is being served: every file that a row names, and then the rows.

Files come first, because they take long and never change. What came meanwhile follows, and the database last: while
it is copied nobody forgets a file, so that each of its rows has its files in the backup.
"""

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import IO

from flask import current_app

from webapp.config import VERSION, Settings, refuse_half
from webapp.database import copy_database, db, file_of
from webapp.migrations import current
from webapp.photo import queries as photo_queries
from webapp.storage import Store
from webapp.upkeep import ledger
from webapp.upkeep.archive import FORM, MODE, About, NoBackup, Writer, begin, members

DATABASE, SECRET = "pohled.sqlite", "secret"
ORIGINALS, DERIVED = "uploads/originals", "uploads/derived"
SAY_SECONDS = 5.0
NO_ROOM = "there is no room on the disk"


class CannotBackUp(Exception):
    """Nothing was written; the message says why, in a sentence."""


@dataclass
class Done:
    """What a backup holds, and which originals it does not: some that a row names were lost or damaged before, or
    cannot be read."""

    files: int = 0
    bytes: int = 0
    lost: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)


def back_up(target: Path, say: Callable[[str], None]) -> Done:
    """Writes a backup under a name of its own, and gives it its name once it is whole. Raises CannotBackUp."""
    source = source_of(_settings(), target)
    part, copy = (target.with_name(target.name + end) for end in (".part", ".part.sqlite"))
    try:
        with _alone(part) as file:
            try:
                done = _Backup(Writer(file, _about()), say).write(source, copy)
                file.flush()
                os.fsync(file.fileno())
                _must_be_free(target)
                part.rename(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            finally:
                copy.unlink(missing_ok=True)
        flush(target.parent)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise _nothing(NO_ROOM if full else error.strerror or str(error)) from error
    except sqlite3.Error as error:
        raise _nothing(NO_ROOM if "full" in str(error) else f"the database cannot be copied ({error})") from error
    return done


def _nothing(why: str) -> CannotBackUp:
    return CannotBackUp(f"Nothing was backed up, and nothing of it stays: {why}.")


def source_of(settings: Settings, target: Path) -> Path:
    """The database's file, if it can be backed up to there. Asked before the program starts, which would make one.

    Raises CannotBackUp and SettingsError.
    """
    source = file_of(settings.database)
    if source is None:
        raise CannotBackUp(
            "Only SQLite is backed up by this command: for another database use its own (PostgreSQL: pg_dump), and"
            " copy the folder of the files after it."
        )
    refuse_half(settings.home)
    if not source.is_file():
        raise CannotBackUp(f"There is no database {source}: is POHLED_HOME right?")
    _must_be_free(target)
    return source


def verify(path: Path) -> tuple[About, int, int]:
    """Reads all of a backup: what it says of itself, how many files, how many bytes. Raises NoBackup."""
    with opened(path) as file:
        about = begin(file)
        sizes = [member.size for member in members(file, about)]
    return about, len(sizes), sum(sizes)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The backup's file. Raises NoBackup where it cannot be read."""
    if path.is_dir():
        raise NoBackup("It is a folder, not a backup.")
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise NoBackup("There is no such file.") from error
    except PermissionError as error:
        raise NoBackup("You may not read it.") from error


class _Backup:
    def __init__(self, writer: Writer, say: Callable[[str], None]) -> None:
        self.writer, self.say, self.store = writer, say, _store()
        self.done, self.have = Done(), set[str]()
        self.told = time.monotonic()

    def write(self, source: Path, copy: Path) -> Done:
        self._add_files()
        self._add_files()  # what came meanwhile, so that the rest is short
        copy.unlink(missing_ok=True)
        os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE))
        with self.store.keeping():  # whoever takes something back waits for this
            copy_database(source, copy)
            lost = self._add_files()
        received = photo_queries.all_received()
        db.session.rollback()
        self.done.lost = {name for name in lost if name.startswith(ORIGINALS) and Path(name).name in received}
        with copy.open("rb") as database:
            self._add(DATABASE, database)
        home = _settings().home
        for name in (SECRET, ledger.NAME):
            with suppress(FileNotFoundError), (home / name).open("rb") as file:
                self._add(name, file)
        self.writer.end()
        self.done.bytes = self.writer.bytes
        return self.done

    def _add_files(self) -> list[str]:
        """Adds what rows name now and is not here yet; returns what is not to be found, or not to be read."""
        db.session.rollback()
        wanted = list(_wanted(self.store))
        db.session.rollback()  # nothing is read for as long as the writing takes
        lost = []
        for name, path in wanted:
            if name in self.have:
                continue
            try:
                with path.open("rb") as file:
                    sha256 = self._add(name, file)
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.EIO):
                    raise
                lost.append(name)
                continue
            if name.startswith(ORIGINALS) and sha256 != path.name:
                self.done.damaged.add(name)
        return lost

    def _add(self, name: str, file: IO[bytes]) -> str:
        if time.monotonic() - self.told > SAY_SECONDS:
            self.told = time.monotonic()
            self.say(f"{self.done.files:,} files, {self.writer.bytes / 1e6:,.0f} MB so far")
        sha256 = self.writer.add(name, file)
        self.have.add(name)
        self.done.files += 1
        return sha256


def _wanted(store: Store) -> Iterable[tuple[str, Path]]:
    """All files that rows name: their name in a backup, and where they lie."""
    for sha256 in sorted(photo_queries.all_referred()):
        yield f"{ORIGINALS}/{sha256[:2]}/{sha256}", store.original(sha256)
    for sha256, sizes in photo_queries.pictures():
        for size in sizes:
            yield f"{DERIVED}/{sha256[:2]}/{sha256}/{size}", store.derived(sha256, size)


def _must_be_free(target: Path) -> None:
    if target.is_dir():
        raise CannotBackUp(f"{target} is a folder: name the file that the backup shall be.")
    if target.exists() or target.is_symlink():
        raise CannotBackUp(f"{target} is there already, and a backup replaces nothing: choose another name.")
    if not target.parent.is_dir():
        raise CannotBackUp(f"There is no folder {target.parent}.")


@contextmanager
def _alone(part: Path) -> Iterator[IO[bytes]]:
    """The file that the backup grows in. What a killed one left there is overwritten."""
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, MODE), "r+b", 1 << 20) as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise CannotBackUp(f"Another backup is being written to {part}.") from error
        if not _is_still(part, file):  # it has its name by now, and must not be cut
            raise CannotBackUp(f"Another backup to {part} ended in this moment: look whether it suffices.")
        os.fchmod(file.fileno(), MODE)
        file.truncate()
        yield file


def _is_still(path: Path, file: IO[bytes]) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.lstat())
    return False


def flush(path: Path) -> None:
    """Afterwards the file, or the names in the folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _about() -> About:
    return About(FORM, VERSION, current() or "", int(time.time()))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store
