"""The database's shape, from the first table on. Alembic, run by the program itself.

Alembic takes most of a second to load, so it is loaded only where there is something to do.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from webapp.database import WRITER, db

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent


def newest() -> str:
    """The newest revision: files are numbered, 0001_first_tables.py."""
    return max(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def current() -> str | None:
    """The revision that the database is at."""
    with db.engines[WRITER].connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("select version_num from alembic_version"))
        return found


def upgrade(home: Path) -> None:
    """Brings the database up to date. Several processes may start at once: one does it, the others wait."""
    if current() == newest():
        return
    from alembic import command

    with (home / "secret").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        settled = config()
        with db.engines[WRITER].connect() as connection, _unchecked(connection):
            settled.attributes["connection"] = connection
            command.upgrade(settled, "head")


@contextmanager
def _unchecked(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by making it anew: while the old one goes, what refers to it must not object."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # not through SQLAlchemy, whose BEGIN would make it do nothing
    try:
        yield
        if broken := driver.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"The database refers to rows that are not there: {broken[:3]}")
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def write(message: str) -> None:
    """A new migration from what the tables say now."""
    from alembic import command

    settled = config()
    with db.engines[WRITER].connect() as connection:
        settled.attributes["connection"] = connection
        command.revision(settled, message, autogenerate=True, rev_id=f"{int(newest()) + 1:04d}")


def config() -> "Config":
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return made
