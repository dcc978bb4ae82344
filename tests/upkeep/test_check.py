"""Rows and files that do not agree: found, told, and repaired where nothing can be lost by it."""

import json
import os
import shutil
import sqlite3
import time
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.makers import MadeWalk, make_participant, make_photo, make_response, new_id
from tests.makers_photo import turned
from tests.upkeep.test_erase import sha
from webapp import create_app
from webapp.cli import pohled
from webapp.config import Settings, SettingsError
from webapp.database import db, transaction
from webapp.photo import queries as photo_queries
from webapp.photo import uploads
from webapp.photo.rules import Lack
from webapp.storage import HELD_SECONDS, Store
from webapp.upkeep import jobs
from webapp.walk.rules import Answer

PLAIN, SPOKEN = turned(3), b"OggS what somebody said"


@pytest.fixture
def store(app: Flask) -> Store:
    found: Store = app.extensions["store"]
    return found


@pytest.fixture
def author(app: Flask, walk: MadeWalk) -> uuid.UUID:
    with app.app_context():
        return make_participant(walk)


@pytest.fixture
def photo_id(app: Flask, walk: MadeWalk, author: uuid.UUID) -> uuid.UUID:
    with app.app_context():
        make_response(app, walk, author, {"b.1": Answer(4)}, SPOKEN)
        return make_photo(app, walk, author, PLAIN)


def check(settings: Settings, *args: str) -> tuple[int, list[tuple[str, str, bool]]]:
    """Its exit status, and what it found: what, of what, and whether it was repaired."""
    done = CliRunner().invoke(pohled, ["check", "--json", *args], env={"POHLED_HOME": str(settings.home)})
    *lines, total = [json.loads(line) for line in done.stdout.splitlines()]
    assert total["wrong"] == len(lines)
    said = [line for line in done.stderr.splitlines() if not line.startswith("{")]  # without the log
    assert len(said) == done.exit_code <= 1, done.stderr
    return done.exit_code, [(line["wrong"], line["subject"], bool(line["repaired"])) for line in lines]


def test_a_sound_home_is_sound(photo_id: uuid.UUID, settings: Settings) -> None:
    assert check(settings) == (0, [])
    assert check(settings, "--repair") == (0, [])
    said = CliRunner().invoke(pohled, ["check"], env={"POHLED_HOME": str(settings.home)})
    assert said.stdout.startswith("5 files, "), "an original, three sizes, a recording"


def test_a_lost_original_is_owed_again_and_still_shown(
    app: Flask, photo_id: uuid.UUID, settings: Settings, store: Store
) -> None:
    store.original(sha(PLAIN)).unlink()
    assert check(settings) == (1, [("lost", sha(PLAIN), False)])
    assert check(settings, "--repair") == (0, [("lost", sha(PLAIN), True)])
    assert check(settings) == (0, [])
    with app.app_context():
        jobs.find_unfinished(True)
        photo = photo_queries.photo(photo_id)
        assert photo is not None
        assert Lack.PICTURE in photo_queries.lacks(photo)
        assert photo.sha256 == sha(PLAIN)
        assert store.derived(sha(PLAIN), "2000.jpg").is_file(), "all that is left of it"
        assert jobs.take_back_photo(photo.participant_id, photo_id)
    assert not store.derived(sha(PLAIN), "2000.jpg").exists(), "and gone when its author says so"


def test_a_damaged_original_is_kept_aside_until_the_right_one_comes(
    app: Flask, walk: MadeWalk, author: uuid.UUID, photo_id: uuid.UUID, settings: Settings, store: Store
) -> None:
    path, aside = store.original(sha(PLAIN)), store.root / "damaged" / sha(PLAIN)
    wrong = PLAIN[:-1] + bytes([PLAIN[-1] ^ 1])
    path.write_bytes(wrong)
    assert check(settings) == (1, [("damaged", sha(PLAIN), False)])
    assert path.read_bytes() == wrong
    assert check(settings, "--repair") == (0, [("damaged", sha(PLAIN), True)])
    with app.app_context():
        jobs.find_unfinished(True)
        assert aside.read_bytes() == wrong
        assert make_photo(app, walk, author, PLAIN, id=photo_id) == photo_id
        photo = photo_queries.photo(photo_id)
        assert photo is not None
        assert photo.whole
        assert check(settings) == (0, [])
        assert jobs.erase_now(author)
    assert not list((store.root / "damaged").iterdir())


def test_what_can_be_made_again_is_made(photo_id: uuid.UUID, settings: Settings, store: Store) -> None:
    size = store.derived(sha(PLAIN), "320.jpg")
    size.write_bytes(b"")
    assert check(settings) == (1, [("sizes", sha(PLAIN), False)])
    assert check(settings, "--repair") == (0, [("sizes", sha(PLAIN), True)])
    assert size.stat().st_size


def test_with_both_gone_the_photo_waits_for_its_picture(
    app: Flask, photo_id: uuid.UUID, settings: Settings, store: Store
) -> None:
    store.original(sha(PLAIN)).unlink()
    store.derived(sha(PLAIN), "320.jpg").unlink()
    assert check(settings, "--repair") == (0, [("lost", sha(PLAIN), True)])
    with app.app_context():
        photo = photo_queries.photo(photo_id)
        assert photo is not None
        assert photo.sha256 is None
        jobs.forget_orphans()
    assert check(settings) == (0, [])


def test_files_without_rows_and_what_the_killed_left_go(
    photo_id: uuid.UUID, settings: Settings, store: Store
) -> None:
    lone, sized = sha(b"lone"), sha(b"sized")
    store.original(lone).write_bytes(b"lone")
    store.derived(sized, "320.jpg").parent.mkdir(parents=True)
    store.derived(sized, "320.jpg").write_bytes(b"x")
    old = [store.incoming / "draft", store.root / "partial" / "part"]
    for path in old:
        path.write_bytes(b"half")
        os.utime(path, (0, 0))
    (store.incoming / "young").write_bytes(b"on its way")
    expected = {("orphan", lone), ("orphan", sized), ("leftover", "draft"), ("leftover", "part")}
    status, found = check(settings)
    assert (status, {each[:2] for each in found}) == (1, expected)
    assert check(settings, "--repair")[0] == 0
    assert check(settings) == (0, [])
    assert (store.incoming / "young").exists()
    assert not store.original(lone).exists()


def test_what_a_killed_restore_left_goes(photo_id: uuid.UUID, settings: Settings, store: Store) -> None:
    """Nobody restores while a check works: each wants the home."""
    left = [settings.home / "restoring", store.root / "restoring"]
    for folder in left:
        (folder / "originals").mkdir(parents=True)
        (folder / "originals" / "half").write_bytes(b"half")
    assert check(settings) == (1, [("leftover", "restoring", False)])
    assert check(settings, "--repair") == (0, [("leftover", "restoring", True)])
    assert check(settings) == (0, [])
    assert not any(folder.exists() for folder in left)


def test_what_root_repairs_is_the_owners(
    app: Flask, author: uuid.UUID, photo_id: uuid.UUID, settings: Settings, store: Store
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root repairs for somebody else")
    with app.app_context(), transaction():
        name = store.begin_partial()
        uploads.advance(uploads.begin(uploads.Wish(author, 1000, new_id(), "original"), name), 500)
    shutil.rmtree(store.root / "derived")
    store.original(sha(SPOKEN)).write_bytes(b"rotten")
    for path in [settings.home, *settings.home.rglob("*")]:
        os.chown(path, 12345, 12346)
    status, found = check(settings, "--repair")
    assert (status, {what for what, _, _ in found}) == (0, {"upload", "damaged", "sizes"})
    assert (store.root / "damaged" / sha(SPOKEN)).is_file()
    assert store.derived(sha(PLAIN), "320.jpg").is_file()
    every = list(settings.home.rglob("*"))
    assert not [path for path in every if (path.stat().st_uid, path.stat().st_gid) != (12345, 12346)]


def test_an_upload_whose_bytes_are_gone_begins_again(
    app: Flask, author: uuid.UUID, settings: Settings, store: Store
) -> None:
    with app.app_context(), transaction():
        name = store.begin_partial()
        upload = uploads.advance(uploads.begin(uploads.Wish(author, 1000, new_id(), "original"), name), 500)
    assert check(settings) == (1, [("upload", str(upload.id), False)])
    assert check(settings, "--repair") == (0, [("upload", str(upload.id), True)])
    assert check(settings) == (0, [])
    with app.app_context():
        again = uploads.own_upload(author, upload.id)
        assert again is not None
        assert again.offset == 0
        db.session.rollback()


def test_a_damaged_database_is_one_finding_among_others(
    photo_id: uuid.UUID, settings: Settings, tmp_path: Path
) -> None:
    home = tmp_path / "copy"
    with closing(sqlite3.connect(settings.home / "pohled.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'wording'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    shutil.copytree(settings.home, home)
    with (home / "pohled.sqlite").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xee" * size)
    shutil.rmtree(home / "uploads" / "derived")
    status, found = check(replace(settings, home=home))
    assert status == 1
    assert {what for what, _, _ in found} == {"database", "sizes"}


def test_a_workshop_is_swept_as_soon_as_its_worker_is_dead(store: Store) -> None:
    left = store.incoming / "left"
    left.mkdir()
    then = time.time() - HELD_SECONDS - 1
    with store.workshop() as held:
        for path in (left, held):
            os.utime(path, (then, then))
        assert store.sweep() == 1
        assert held.is_dir()
    assert not left.exists()


def test_a_home_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = CliRunner().invoke(pohled, ["check"], env={"POHLED_HOME": str(tmp_path / "typo")})
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert not (tmp_path / "typo").exists()


def test_a_store_whose_disk_is_not_mounted_is_not_taken_for_an_empty_one(app: Flask, walk: MadeWalk) -> None:
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        make_photo(app, walk, make_participant(walk), turned(1))
    kept = settings.storage.rename(settings.home / "kept")
    with pytest.raises(SettingsError, match="is its disk mounted"):
        create_app(settings)
    settings.storage.mkdir(exist_ok=True)  # the place of a disk is a folder
    with pytest.raises(SettingsError, match="is its disk mounted"):
        create_app(settings)
    assert not list(settings.storage.iterdir())
    settings.storage.rmdir()
    kept.rename(settings.storage)
    create_app(settings)
