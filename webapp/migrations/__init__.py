"""The database's shape, from the first table on. Alembic, run by the program itself.

Alembic takes most of a second to load, so it is loaded only where there is something to do.
"""

import fcntl
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

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
        with db.engines[WRITER].connect() as connection:
            settled.attributes["connection"] = connection
            command.upgrade(settled, "head")


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
