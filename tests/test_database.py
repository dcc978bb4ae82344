"""The session and its transactions: whole or not at all, and readers never wait."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from webapp.config import Settings
from webapp.database import Instant, after_commit, db, transaction
from webapp.photo.tables import Picture

THREADS, EACH = 8, 50


pytestmark = pytest.mark.usefixtures("inside")


class Broken(Exception):
    """What goes wrong in the middle."""


def picture(name: str, **more: Any) -> Picture:
    return Picture(**{"sha256": name, "bytes": 1, "type": "image/jpeg", "state": "ready", **more})


def seen_by_others(settings: Settings) -> set[str]:
    """The pictures that another program sees in the file."""
    connection = sqlite3.connect(file_of(settings))
    try:
        return {name for (name,) in connection.execute("select sha256 from picture")}
    finally:
        connection.close()


def file_of(settings: Settings) -> Path:
    return settings.home / "pohled.sqlite"


def test_what_is_committed_is_seen_by_everybody(app: Flask, settings: Settings) -> None:
    with transaction():
        db.session.add(picture("a"))
        db.session.flush()
        assert seen_by_others(settings) == set()
    assert seen_by_others(settings) == {"a"}
    assert db.session.get(Picture, "a") is not None


def test_an_error_takes_everything_back(app: Flask, settings: Settings) -> None:
    with pytest.raises(Broken), transaction():
        db.session.add(picture("a"))
        db.session.flush()
        raise Broken
    assert seen_by_others(settings) == set()
    assert db.session.get(Picture, "a") is None
    with transaction():  # and the next one is not spoilt by it
        db.session.add(picture("b"))
    assert seen_by_others(settings) == {"b"}


def test_one_transaction_inside_another_is_refused_and_nothing_stays(app: Flask, settings: Settings) -> None:
    with pytest.raises(RuntimeError, match="already open"), transaction():
        db.session.add(picture("a"))
        with transaction():
            pass
    assert seen_by_others(settings) == set()


def test_nothing_can_be_written_outside_a_transaction(app: Flask, settings: Settings) -> None:
    db.session.add(picture("a"))
    with pytest.raises(OperationalError, match="readonly"):
        db.session.flush()
    db.session.rollback()
    assert seen_by_others(settings) == set()


def test_work_after_the_commit_sees_it(app: Flask, settings: Settings) -> None:
    seen: list[set[str]] = []
    with transaction():
        after_commit(lambda: seen.append(seen_by_others(settings)))
        db.session.add(picture("a"))
        assert seen == []
    assert seen == [{"a"}]


def test_work_after_the_commit_may_open_a_transaction(app: Flask, settings: Settings) -> None:
    def more() -> None:
        with transaction():
            db.session.add(picture("b"))

    with transaction():
        db.session.add(picture("a"))
        after_commit(more)
    assert seen_by_others(settings) == {"a", "b"}


def test_work_after_a_commit_that_failed_is_never_done(app: Flask) -> None:
    done: list[str] = []
    with pytest.raises(Broken), transaction():
        after_commit(lambda: done.append("too early"))
        raise Broken
    with transaction():
        pass
    assert done == []


def test_a_transaction_decides_by_what_is_true_once_it_holds_the_lock(app: Flask, settings: Settings) -> None:
    with transaction():
        db.session.add(picture("a", attempts=1))
    assert db.session.get_one(Picture, "a").attempts == 1
    other = sqlite3.connect(file_of(settings))
    other.execute("update picture set attempts = 5")
    other.commit()
    other.close()
    with transaction():
        db.session.get_one(Picture, "a").attempts += 1
    assert db.session.get_one(Picture, "a").attempts == 6


def test_who_reads_does_not_wait_for_who_writes(app: Flask, settings: Settings) -> None:
    with transaction():
        db.session.add(picture("a"))
    db.session.remove()
    writer = sqlite3.connect(file_of(settings), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("update picture set attempts = 9")
    assert db.session.get_one(Picture, "a").attempts == 0
    writer.execute("COMMIT")
    writer.close()
    db.session.rollback()
    assert db.session.get_one(Picture, "a").attempts == 9


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2018, 6, 18, 12, 0, 5, 123456, tzinfo=UTC),
        datetime(2018, 6, 18, 12, tzinfo=timezone(timedelta(hours=2))),
        datetime(2018, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
    ],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(app: Flask, moment: datetime) -> None:
    with transaction():
        db.session.add(picture("a", received=moment))
    db.session.remove()
    back = db.session.get_one(Picture, "a").received
    assert back == moment
    assert back.utcoffset() == timedelta(0)


def test_no_moment_stays_none(app: Flask) -> None:
    dialect = db.engine.dialect
    assert Instant().process_bind_param(None, dialect) is None
    assert Instant().process_result_value(None, dialect) is None


def test_many_who_write_at_once_lose_nothing(app: Flask, settings: Settings) -> None:
    with transaction():
        db.session.add(picture("counter"))
    together = threading.Barrier(THREADS)

    def write(thread: int) -> None:
        together.wait()
        for number in range(EACH):
            with app.app_context(), transaction():
                db.session.add(picture(f"{thread}-{number}"))
                db.session.get_one(Picture, "counter").attempts += 1

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    assert len(seen_by_others(settings)) == THREADS * EACH + 1
    db.session.rollback()
    assert db.session.get_one(Picture, "counter").attempts == THREADS * EACH


def test_a_power_cut_loses_nothing_that_was_committed(app: Flask) -> None:
    """WAL with FULL: SQLite flushes the log before a commit returns."""
    with transaction():
        connection = db.session.connection()
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
