"""The session and `transaction()`: the only commit in the program."""

import gc
import os
import sqlite3
import time
import uuid
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, TypeDecorator, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import DeclarativeBase, registry

BUSY_SECONDS = 5
WIPE_SECONDS = 30.0
WRITER = "writer"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Localised = dict[str, str]  # language code -> text


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Every table's parent. Our own, because mypy cannot follow `db.Model`."""

    # Written out, because Flask-SQLAlchemy copies this class and SQLAlchemy then refuses the short form.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: Instant,
            Localised: JSON,
            dict[str, Any]: JSON,
            list[Any]: JSON,
            list[str]: JSON,
        },
    )


class RoutedSession(FlaskSession):
    """Reads go to the reading engine, and everything inside `transaction()` to the writing one."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kw: Any) -> Engine | Connection:
        if bind is not None:
            chosen: Engine | Connection = bind
            return chosen
        return db.engines[WRITER if self.info.get("writing") else None]


db = SQLAlchemy(model_class=Base, session_options={"class_": RoutedSession}, disable_autonaming=True)


def engine_options(address: str) -> dict[str, Any]:
    """Flask-SQLAlchemy's configuration for one database address.

    SQLite gets two engines: reading ones never wait for a writer, and one writing connection per process,
    so that writers queue in the pool (fair) rather than at the file (by luck). Messages of failures show no values:
    they are people's words, and failures are logged.
    """
    sqlite = address.startswith("sqlite")
    both = {"hide_parameters": True, "pool_timeout": BUSY_SECONDS}
    read: dict[str, Any] = {**both, "pool_size": 16, "max_overflow": 112}
    write: dict[str, Any] = dict(both)
    if sqlite:
        read["connect_args"] = write["connect_args"] = {"timeout": BUSY_SECONDS}
        write |= {"pool_size": 1, "max_overflow": 0}
    return {
        "SQLALCHEMY_DATABASE_URI": address,
        "SQLALCHEMY_ENGINE_OPTIONS": read,
        "SQLALCHEMY_BINDS": {WRITER: {"url": address, **write}},
    }


_prepared: "weakref.WeakSet[Engine]" = weakref.WeakSet()


def prepare_engines() -> None:
    """Gives SQLite's connections their pragmas and the right BEGIN. Call once, inside the app's context."""
    for key, engine in db.engines.items():
        _prepared.add(engine)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _on_connect_writer if key == WRITER else _on_connect_reader)
            event.listen(engine, "begin", _begin_immediate if key == WRITER else _begin_deferred)


def _close_before_fork() -> None:
    # For WSGI servers that load the app and then fork. A child inherits SQLite's belief that it holds locks, but not
    # the locks: two such processes damage the file.
    for engine in list(_prepared):
        engine.dispose()
    gc.collect()  # closes what an earlier fork found in use, and left with a pool that nobody has any more


os.register_at_fork(before=_close_before_fork)


def _on_connect_writer(connection: Any, _record: Any) -> None:
    # The driver must not send BEGIN by itself: its deferred one fails when a reader turns writer.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")


def _on_connect_reader(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


@contextmanager
def transaction() -> Iterator[None]:
    """One write, whole or not at all. Only pages, api, cli and jobs open it, and never one inside another.

    What was read before is read again: the rows may have changed until the write lock was held.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("A transaction is already open.")
    session.rollback()
    session.info.update(writing=True, after=[])
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        session.info["after"] = []
        raise
    finally:
        session.info["writing"] = False
    for work in session.info.pop("after"):
        work()


def after_commit(work: Callable[[], None]) -> None:
    """Starts `work` once the open transaction has been committed, and never if it fails."""
    info = db.session().info
    if not info.get("writing"):
        raise RuntimeError("No transaction is open.")
    info["after"].append(work)


def wipe(seconds: float = WIPE_SECONDS) -> bool:
    """Takes what was deleted out of the database's files; False where others read for so long.

    SQLite keeps old pages in its log and in its free list: the log is emptied, the file written anew, and the log
    emptied again. It waits for readers, and writers wait for it. Elsewhere the database itself is asked to do this
    (docs/organisers/consent.md).
    """
    engine = db.engines[WRITER]
    if engine.dialect.name != "sqlite":
        return True
    db.session.rollback()  # our own reading would be waited for, too
    until = time.monotonic() + seconds
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        return all(_patiently(step, cursor, until) for step in (_empty_log, _rewrite, _empty_log))
    finally:
        connection.close()


def _empty_log(cursor: Any) -> bool:
    (busy, _, _) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _rewrite(cursor: Any) -> bool:
    cursor.execute("VACUUM")
    return True


def _patiently(step: Callable[[Any], bool], cursor: Any, until: float) -> bool:
    while True:
        try:
            if step(cursor):
                return True
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
        if time.monotonic() > until:
            return False
        time.sleep(0.05)


def file_of(address: str) -> Path | None:
    """SQLite's file; None where the database is another, or in memory."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database)).absolute()


def copy_database(source: Path, target: Path) -> None:
    """Writes the database as it is at this moment to an empty file, while others read and write it.

    Only rows are copied: what was deleted is not in the copy. Raises sqlite3.Error.
    """
    with closing(sqlite3.connect(source, timeout=WIPE_SECONDS)) as connection:
        connection.execute("VACUUM INTO ?", [str(target)])
    with closing(sqlite3.connect(target)) as connection:
        (told,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if told != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged: {told}")


def damage() -> list[str]:
    """What SQLite finds wrong in its own file, and rows that refer to none. Nothing is known of other databases."""
    with db.engines[WRITER].connect() as connection:
        if connection.dialect.name != "sqlite":
            return []
        driver: Any = connection.connection.driver_connection
        found = list[str]()
        try:
            found += [str(line) for (line,) in driver.execute("PRAGMA integrity_check(20)") if line != "ok"]
            for table, _, other, _ in driver.execute("PRAGMA foreign_key_check"):
                found.append(f"a row of {table} refers to a row of {other} that is not there")
        except sqlite3.DatabaseError as error:  # it cannot even be read to its end
            found.append(str(error))
        return found


def settle_database(path: Path) -> None:
    """Makes a database of SQLite, which nobody else has open, one flushed file. Raises sqlite3.Error."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def now() -> datetime:
    """The server's time, in UTC."""
    return datetime.now(UTC)


def new_id() -> uuid.UUID:
    return uuid.uuid4()
