"""A backup becomes a home again: all of it, or nothing.

It is unpacked beside its place, verified to its last byte, brought up to date, and whoever was erased since is erased
there again. Only then is it moved into place, by renames; what was there before is moved aside, never deleted.
"""

import errno
import os
import re
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import DBAPIError

from webapp.config import STAGING, Settings, hand_over, occupy, ready
from webapp.database import db, file_of, settle_database
from webapp.migrations import newest
from webapp.storage import FOLDERS, Store
from webapp.upkeep import ledger
from webapp.upkeep.archive import About, Member, NoBackup, begin, members, save
from webapp.upkeep.backup import DATABASE, DERIVED, ORIGINALS, SECRET, flush, opened
from webapp.upkeep.jobs import catch_up

MakeApp = Callable[[Settings], Flask]
_FILES = re.compile(
    rf"{re.escape(DATABASE)}|{SECRET}|{re.escape(ledger.NAME)}"
    rf"|{ORIGINALS}/([0-9a-f]{{2}})/\1[0-9a-f]{{62}}|{DERIVED}/([0-9a-f]{{2}})/\2[0-9a-f]{{62}}/[\w-]+\.jpg"
)


class CannotRestore(Exception):
    """It was not done; the message says why, and what has become of the home, in a sentence."""


@dataclass(frozen=True)
class Restored:
    """What came back: `erased` people are gone again, `lost` originals that rows name are not in the backup."""

    about: About
    files: int
    erased: int
    lost: int
    aside: list[Path]


def restore(settings: Settings, path: Path, over: bool, say: Callable[[str], None], make_app: MakeApp) -> Restored:
    """Puts the backup into the home. Raises CannotRestore and NoBackup, and SettingsError where it is in use."""
    try:
        handle = occupy(settings.home, alone=True)
        try:
            places = _Places.of(settings)
            if ready(settings.home).exists():
                places.swap()
                say("A restore that had been cut off at its last step was finished first.")
            if not over and (there := places.occupied()):
                raise CannotRestore(
                    f"{there[0]} is there already. A backup goes into an empty home; with --replace, what is there is"
                    " moved aside."
                )
            places.clear()
            with places.cleared_unless_done():
                about, files = _unpack(path, places)
                erased, lost = _bring_up_to_date(places.as_settings(settings), places, make_app)
                places.settle()
            return Restored(about, files, erased, lost, places.swap())
        finally:
            os.close(handle)
    except OSError as error:
        why = "there is no room on the disk" if error.errno in (errno.ENOSPC, errno.EDQUOT) else str(error)
        if ready(settings.home).exists():
            raise CannotRestore(
                f"The restore was cut off at its last step: {why}. Once that is mended, run `pohled restore` again to"
                " finish it."
            ) from error
        raise CannotRestore(f"Nothing was restored: {why}.") from error
    except (sqlite3.Error, DBAPIError) as error:
        wrong = error.orig if isinstance(error, DBAPIError) else error
        raise CannotRestore(f"Nothing was restored: the backup's database cannot be used ({wrong}).") from error


def _unpack(path: Path, places: "_Places") -> tuple[About, int]:
    files = 0
    with opened(path) as file:
        about = _usable(begin(file))
        _must_fit(path, places)
        for member in members(file, about):
            _keep(member, places)
            files += 1
    if not places.staged_database.is_file():
        raise NoBackup("There is no database in it.")
    return about, files


def _usable(about: About) -> About:
    if about.tables > newest():
        raise CannotRestore(f"It was made by Pohled {about.pohled}, which is newer than this one: update first.")
    return about


def _must_fit(path: Path, places: "_Places") -> None:
    free, wanted = shutil.disk_usage(places.storage).free, path.stat().st_size
    if free < wanted:
        raise CannotRestore(f"There is no room: it needs {wanted / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free.")


def _keep(member: Member, places: "_Places") -> None:
    if not _FILES.fullmatch(member.name):
        raise NoBackup(f"It holds a file that no backup has: {member.name:.100}.")
    save(member, places.staged(member.name))


def _bring_up_to_date(staged: Settings, places: "_Places", make_app: MakeApp) -> tuple[int, int]:
    """Migrates the unpacked database; who was erased after the backup is erased in it again."""
    places.merge_ledger()
    app = make_app(staged)
    try:
        with app.app_context():
            erased, lost = catch_up()
    finally:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
        app.extensions["queue"].huey.storage.close()
    settle_database(places.staged_database)
    return erased, lost


@dataclass(frozen=True)
class _Places:
    """Where everything of a home lies, and where it lies until it is whole: on the same disk, beside it."""

    home: Path
    storage: Path
    database: Path

    @classmethod
    def of(cls, settings: Settings) -> "_Places":
        database = file_of(settings.database)
        if database is None:
            raise CannotRestore("Only SQLite is restored by this command: for another database use its own.")
        storage = Store(settings.storage).root
        for folder in (storage, database.parent):
            if not folder.is_dir():
                folder.mkdir(parents=True)
                hand_over(folder, settings.home)
        return cls(settings.home, storage, database)

    @property
    def staged_database(self) -> Path:
        return self.database.parent / STAGING / self.database.name

    def as_settings(self, settings: Settings) -> Settings:
        return replace(
            settings,
            home=self.home / STAGING,
            storage=self.storage / STAGING,
            database=f"sqlite:///{self.staged_database}",
            queue="",
        )

    def staged(self, name: str) -> Path:
        """Where a file of the backup is unpacked."""
        if name == DATABASE:
            return self.staged_database
        folder, _, rest = name.partition("/")
        return self.storage / STAGING / rest if rest else self.home / STAGING / folder

    def occupied(self) -> list[Path]:
        """What would be in the way."""
        kept = [self.database, *(self.storage / name for name in FOLDERS), self.home / SECRET]
        return [path for path in kept if _holds_files(path)]

    def clear(self) -> None:
        """Takes away what was being unpacked."""
        for folder in self._stagings():
            if folder.exists():
                shutil.rmtree(folder)

    @contextmanager
    def cleared_unless_done(self) -> Iterator[None]:
        for folder in self._stagings():
            folder.mkdir(mode=0o700)
        try:
            yield
        except BaseException:
            self.clear()
            raise

    def merge_ledger(self) -> None:
        """All erasures that the home knows of, and those that only the backup does."""
        staged = self.home / STAGING / ledger.NAME
        here = self.home / ledger.NAME
        lines = [path.read_bytes().splitlines() for path in (here, staged) if path.is_file()]
        merged = dict.fromkeys(line for each in lines for line in each if line)
        if merged:
            staged.write_bytes(b"".join(line + b"\n" for line in merged))

    def settle(self) -> None:
        """Flushes everything that was unpacked, hands it over to the home's owner, and marks it as ready."""
        os.sync()  # all at once is quicker; what could not be written, each says for itself
        for folder in self._stagings():
            for path in [folder, *folder.rglob("*")]:
                hand_over(path, self.home)
                flush(path)
        mark = ready(self.home)
        with mark.open("x") as file:
            file.write(f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}")
        flush(mark)
        flush(mark.parent)
        flush(self.home)

    def swap(self) -> list[Path]:
        """Moves what was there aside and the unpacked into its place, the database last; returns the folders aside.

        Cut off, it is done again: what has no unpacked counterpart any more is in its place already.
        """
        mark = ready(self.home)
        name = f"replaced-{mark.read_text()}"
        if self.staged_database.exists():
            for end in ("-shm", "-wal", ""):
                self._put_aside(self.database.with_name(self.database.name + end), name)
        moves = [(self.storage / STAGING / each, self.storage / each) for each in FOLDERS]
        moves += [(self.home / STAGING / each, self.home / each) for each in (SECRET, ledger.NAME)]
        for staged, place in [*moves, (self.staged_database, self.database)]:
            if staged.exists():
                if place.name != ledger.NAME:
                    self._put_aside(place, name)
                staged.rename(place)
                flush(place.parent)
        for folder in sorted(self._stagings(), key=lambda each: each == mark.parent):
            shutil.rmtree(folder, ignore_errors=folder != mark.parent)
        return [
            folder / name for folder in {self.home, self.storage, self.database.parent} if (folder / name).is_dir()
        ]

    def _put_aside(self, path: Path, name: str) -> None:
        if path.is_dir() and not path.is_symlink() and not _holds_files(path):
            shutil.rmtree(path)
        elif path.exists():
            aside = path.parent / name
            aside.mkdir(exist_ok=True, mode=0o700)
            path.rename(aside / path.name)
            flush(path.parent)

    def _stagings(self) -> set[Path]:
        return {folder / STAGING for folder in (self.home, self.storage, self.database.parent)}


def _holds_files(path: Path) -> bool:
    return path.is_file() or any(each.is_file() for each in path.rglob("*"))
