"""Backups: whole or recognised as not, and a home again, in which nobody comes back who was erased."""

import errno
import hashlib
import io
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.makers import MadeWalk, make_participant, make_photo
from tests.makers_photo import turned
from webapp import create_app
from webapp.cli import pohled
from webapp.config import Settings, SettingsError, occupy
from webapp.storage import Store
from webapp.upkeep import jobs, ledger
from webapp.upkeep.archive import FORM, About, NoBackup, Writer, begin, members
from webapp.upkeep.backup import CannotBackUp, back_up, verify
from webapp.upkeep.check import Looked, look
from webapp.upkeep.restore import CannotRestore, _Places, restore
from webapp.upkeep.rules import Fault


def run(home: Path, *args: str, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "webapp.cli", *args]
    env = {"PATH": os.environ["PATH"], "POHLED_HOME": str(home), **more}
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=120)


def run_here(home: Path, *args: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """The same in this process, for what ends before the program itself starts, which takes a while."""
    done = CliRunner().invoke(pohled, args, env={"POHLED_HOME": str(home), **more})
    return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)


def refused(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    """One sentence, and nothing like a traceback."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.strip().count("\n") == 0, done.stderr
    for word in words:
        assert word in done.stderr


def ask(home: Path, query: str) -> list[str]:
    with closing(sqlite3.connect(home / "pohled.sqlite")) as connection:
        return [row[0] for row in connection.execute(query)]


def every_row_has_its_file(home: Path) -> int:
    """How many parts there are, whose bytes are all there and right."""
    shas = ask(home, "select sha256 from part")
    for sha256 in shas:
        path = home / "uploads" / "originals" / sha256[:2] / sha256
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    return len(shas)


@pytest.fixture
def people(app: Flask, walk: MadeWalk) -> list[uuid.UUID]:
    """Two people with a photo each."""
    with app.app_context():
        found = []
        for orientation in (3, 6):
            person = make_participant(walk)
            make_photo(app, walk, person, turned(orientation))
            found.append(person)
        return found


@pytest.fixture
def backup(app: Flask, people: list[uuid.UUID], tmp_path: Path) -> Path:
    target = tmp_path / "backup.tar"
    with app.app_context():
        done = back_up(target, str)
    assert not done.lost
    assert not done.damaged
    assert [path.name for path in tmp_path.glob("backup*")] == ["backup.tar"], "nothing else stays"
    return target


def small(created: int = 1_800_000_000) -> bytes:
    """A backup with files of awkward sizes."""
    file = io.BytesIO()
    writer = Writer(file, About(FORM, "0.1.0", "0001", created))
    for size in (0, 1, 511, 512, 513, 3000):
        writer.add_bytes(f"uploads/{size}", random.Random(size).randbytes(size))
    writer.end()
    return file.getvalue()


def believed(path: Path, data: bytes) -> bool:
    path.write_bytes(data)
    try:
        verify(path)
    except NoBackup as error:
        assert str(error).endswith(".")
        return False
    return True


def test_a_cut_off_backup_is_recognised_wherever_it_is_cut(tmp_path: Path) -> None:
    data, path = small(), tmp_path / "small.tar"
    assert believed(path, data)
    for size in [*range(0, len(data), 97), *range(len(data) - 1100, len(data))]:
        assert not believed(path, data[:size]), f"cut after {size} of {len(data)}"
    for more in (b"\0", bytes(512), bytes(10240)):
        assert not believed(path, data + more)


def test_a_flipped_bit_is_recognised_wherever_it_is(tmp_path: Path) -> None:
    data, path = bytearray(small()), tmp_path / "small.tar"
    for at in range(random.randrange(7), len(data), 7):
        bit = 1 << at % 8
        data[at] ^= bit
        assert not believed(path, data), f"bit {bit} of byte {at}"
        data[at] ^= bit
    assert believed(path, data)


def test_a_time_that_no_calendar_has_is_not_believed(tmp_path: Path) -> None:
    for created in (-1, 10**13):
        assert not believed(tmp_path / "small.tar", small(created))


def test_a_size_below_nothing_is_not_read_as_everything(tmp_path: Path) -> None:
    class Careful(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size >= 0, "that would be all of it, in memory"
            return super().read(size)

    data = small()
    header = tarfile.TarInfo("pohled/uploads/below")
    header.size, header.mtime, header.mode = -512, 1_800_000_000, 0o600
    at = data.index(b"pohled/uploads/0\0")
    file = Careful(data[:at] + header.tobuf(tarfile.GNU_FORMAT) + data[at:])
    about = begin(file)
    with pytest.raises(NoBackup):
        list(members(file, about))


def test_files_that_trade_places_are_recognised(tmp_path: Path) -> None:
    data, path = small(), tmp_path / "small.tar"
    start = data.index(b"pohled/uploads/511\0")
    assert not believed(path, data[:start] + data[start + 1024 :]), "one is missing"
    assert not believed(path, data[:start] + data[start : start + 1024] * 2 + data[start + 1024 :]), (
        "one is there twice"
    )


def test_a_backup_is_a_home_for_anybody_with_a_tar(backup: Path, tmp_path: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    with tarfile.open(backup) as tar:
        tar.extractall(tmp_path / "by-hand", filter="data")
    home = tmp_path / "by-hand" / "pohled"
    assert every_row_has_its_file(home) == 2
    assert (home / "secret").stat().st_mode & 0o777 == 0o600
    checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=home, capture_output=True)
    assert checked.returncode == 0


def test_what_was_backed_up_comes_back(backup: Path, settings: Settings, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    told = run(fresh, "backup", "verify", str(backup))
    assert told.returncode == 0, told.stderr
    assert "all as they were written" in told.stdout
    done = run(fresh, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert every_row_has_its_file(fresh) == 2
    assert (fresh / "secret").read_text() == (settings.home / "secret").read_text()
    assert sorted(ask(fresh, "select id from photo")) == sorted(ask(settings.home, "select id from photo"))
    assert not list(fresh.rglob("restoring"))
    assert not list(fresh.rglob("replaced-*"))
    well = run(fresh, "check")
    assert well.returncode == 0, well.stdout + well.stderr


def test_who_was_erased_does_not_come_back(
    app: Flask, people: list[uuid.UUID], backup: Path, settings: Settings
) -> None:
    with app.app_context():
        assert jobs.erase_now(people[0])
    home = settings.home.parent / "copy"
    shutil.copytree(settings.home, home)  # the home itself is in use, by this test
    done = run(home, "restore", "--replace", str(backup))
    assert done.returncode == 0, done.stderr
    assert "after this backup: 1." in done.stdout
    assert ask(home, "select id from participant") == [people[1].hex]
    assert every_row_has_its_file(home) == 1
    assert len(list((home / "uploads" / "originals").rglob("??/*"))) == 1
    assert people[0].bytes not in (home / "pohled.sqlite").read_bytes()
    assert ledger.read(home)
    (aside,) = {path.name for path in home.rglob("replaced-*")}
    assert (home / aside / "pohled.sqlite").is_file()
    assert (home / "uploads" / aside / "originals").is_dir()


def test_a_home_in_use_and_one_that_is_not_empty_are_refused(
    app: Flask, backup: Path, settings: Settings, tmp_path: Path
) -> None:
    before = sorted(settings.home.rglob("*"))
    refused(run(settings.home, "restore", "--replace", str(backup)), "is in use")
    copy = tmp_path / "copy"
    shutil.copytree(settings.home, copy)
    refused(run(copy, "restore", str(backup)), "is there already", "--replace")
    assert sorted(settings.home.rglob("*")) == before
    assert every_row_has_its_file(copy) == 2


def test_a_bad_backup_changes_nothing(backup: Path, tmp_path: Path) -> None:
    data = backup.read_bytes()
    cases = {
        "cut.tar": (data[: len(data) // 2], "cut off"),
        "flipped.tar": (data[:9000] + bytes([data[9000] ^ 1]) + data[9001:], "damaged"),
        "text.tar": (b"something else" * 100, "not a backup"),
        "empty.tar": (b"", "not a backup"),
    }
    home = tmp_path / "fresh"
    home.mkdir()
    (home / "mine.txt").write_text("stays")
    for name, (content, word) in cases.items():
        (tmp_path / name).write_bytes(content)
        refused(run_here(home, "restore", str(tmp_path / name)), "Nothing was restored", word)
        refused(run_here(home, "backup", "verify", str(tmp_path / name)), word)
        assert {path.name for path in home.iterdir()} <= {"mine.txt", "lock", "uploads"}
        assert not list((home / "uploads").rglob("*"))
    refused(run_here(home, "restore", str(tmp_path)), "is a folder")
    refused(run_here(home, "backup", "verify", str(tmp_path / "nowhere")), "no such file")


def test_a_database_that_is_none_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "b.tar"
    with path.open("wb") as file:
        writer = Writer(file, About(FORM, "0.1.0", "0001", 1_800_000_000))
        writer.add_bytes("pohled.sqlite", b"no database " * 1000)
        writer.end()
    assert verify(path)
    home = tmp_path / "home"
    refused(run(home, "restore", str(path)), "Nothing was restored", "database cannot be used")
    assert not list(home.rglob("pohled.sqlite"))
    assert not list(home.rglob("restoring"))


def test_what_root_restores_is_the_owners(backup: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root restores for somebody else")
    home = tmp_path / "fresh"
    home.mkdir()
    os.chown(home, 12345, 12346)
    assert run(home, "restore", str(backup)).returncode == 0
    assert run(home, "check").returncode == 0
    others = [path for path in home.rglob("*") if (path.stat().st_uid, path.stat().st_gid) != (12345, 12346)]
    assert not others


def test_an_empty_folder_that_is_a_link_is_no_obstacle(backup: Path, tmp_path: Path) -> None:
    """Such as one to another disk. It is moved aside, like everything that was there."""
    home, disk = tmp_path / "fresh", tmp_path / "disk"
    (home / "uploads").mkdir(parents=True)
    disk.mkdir()
    (home / "uploads" / "originals").symlink_to(disk)
    done = run(home, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert every_row_has_its_file(home) == 2


def test_where_a_backup_cannot_go_is_said_in_a_sentence(backup: Path, settings: Settings, tmp_path: Path) -> None:
    home = settings.home
    refused(run_here(home, "backup", str(tmp_path)), "is a folder")
    refused(run_here(home, "backup", str(tmp_path / "nowhere" / "b.tar")), "There is no folder")
    refused(run_here(home, "backup", str(backup)), "is there already")
    assert run_here(home, "backup").returncode == 2
    assert run_here(home, "backup", "verify").returncode == 2
    refused(
        run_here(home, "backup", str(tmp_path / "x.tar"), POHLED_DATABASE="postgresql+psycopg://x/y"), "Only SQLite"
    )
    refused(run_here(tmp_path / "typo", "backup", str(tmp_path / "x.tar")), "There is no database")
    assert not (tmp_path / "typo").exists()


def test_a_backup_that_ends_in_this_very_moment_is_not_cut(
    app: Flask, people: list[uuid.UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second one opens the file that grows, and has it to itself only once the first has given it its name."""
    target, part = tmp_path / "backup.tar", tmp_path / "backup.tar.part"

    def lock(handle: int, how: int) -> None:
        part.write_bytes(b"a whole backup")
        part.rename(target)

    part.write_bytes(b"a whole")
    monkeypatch.setattr("webapp.upkeep.backup.flock", lock)
    with app.app_context(), pytest.raises(CannotBackUp, match="ended in this moment"):
        back_up(target, str)
    assert target.read_bytes() == b"a whole backup"


def test_a_full_disk_leaves_no_half_backup_and_no_half_home(app: Flask, backup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount the small disk that this test fills")
    try:
        with app.app_context(), pytest.raises(CannotBackUp, match="nothing of it stays: there is no room"):
            back_up(folder / "b.tar", str)
        assert not list(folder.iterdir())
        refused(run_here(folder / "home", "restore", str(backup)), "no room")
        assert not list(folder.rglob("*.sqlite"))
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_restore_that_is_cut_off_at_its_last_step_is_finished(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between any two renames, the home is refused by everybody but the next restore, which finishes it."""
    settings, said = Settings.read({"POHLED_HOME": str(tmp_path / "fresh")}), list[str]()
    restore(settings, backup, False, said.append, create_app)
    for moves in (0, 4, 9):
        left, move, swap = [moves], Path.rename, _Places.swap

        def rename(self: Path, target: Path, left: list[int] = left, move: Any = move) -> Path:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            return cast(Path, move(self, target))

        def cut(self: _Places, rename: Any = rename, swap: Any = swap) -> list[Path]:
            monkeypatch.setattr(Path, "rename", rename)
            return cast(list[Path], swap(self))

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(_Places, "swap", cut)
            restore(settings, backup, True, said.append, create_app)
        monkeypatch.setattr(Path, "rename", move)
        with pytest.raises(SettingsError, match="cut off at its last step"):
            occupy(settings.home)
        with pytest.raises(CannotRestore, match="is there already"):
            restore(settings, backup, False, said.append, create_app)
        assert "was finished first" in said.pop()
        assert every_row_has_its_file(settings.home) == 2
        assert not list(settings.home.rglob("restoring"))
        os.close(occupy(settings.home))


def test_a_restore_that_the_disk_stops_at_its_last_step_says_so(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, move = Settings.read({"POHLED_HOME": str(tmp_path / "fresh")}), Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == "derived":
            raise OSError(errno.EBUSY, "it is busy")
        return cast(Path, move(self, target))

    with monkeypatch.context() as patch, pytest.raises(CannotRestore, match=r"at its last step: .*it is busy"):
        patch.setattr(Path, "rename", rename)
        restore(settings, backup, False, str, create_app)
    restore(settings, backup, True, str, create_app)
    assert every_row_has_its_file(settings.home) == 2


def test_an_original_that_the_disk_cannot_read_costs_no_other(
    app: Flask, people: list[uuid.UUID], settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bad, *_) = ask(settings.home, "select sha256 from part")
    path, read = app.extensions["store"].original(bad), Path.open

    class Rotten(io.FileIO):
        def readinto(self, _: Any) -> int:
            raise OSError(errno.EIO, "the disk is rotten")

        def read(self, _: int | None = -1) -> bytes:
            raise OSError(errno.EIO, "the disk is rotten")

    monkeypatch.setattr(
        Path, "open", lambda self, *args, **more: Rotten(self) if self == path else read(self, *args, **more)
    )
    with app.app_context():
        assert [Path(name).name for name in back_up(tmp_path / "b.tar", str).lost] == [bad]
        found = {(each.fault, each.subject) for each in look(app.extensions["store"], Looked())}
    assert found == {(Fault.DAMAGED, bad)}
    assert verify(tmp_path / "b.tar")


def test_a_lost_original_is_said_and_the_backup_is_written(
    app: Flask, people: list[uuid.UUID], settings: Settings, tmp_path: Path
) -> None:
    store: Store = app.extensions["store"]
    (lost, *_) = ask(settings.home, "select sha256 from part")
    store.original(lost).unlink()
    with app.app_context():
        assert [Path(name).name for name in back_up(tmp_path / "b.tar", str).lost] == [lost]
    assert verify(tmp_path / "b.tar")
    fresh = Settings.read({"POHLED_HOME": str(tmp_path / "fresh")})
    assert restore(fresh, tmp_path / "b.tar", False, str, create_app).lost == 1
