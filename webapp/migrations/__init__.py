"""The database's shape, from the first table on. Alembic, run by the program itself."""

import fcntl
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from webapp.database import WRITER, db

FOLDER = Path(__file__).parent


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return made


def upgrade(home: Path) -> None:
    """Brings the database up to date. Several processes may start at once: one does it, the others wait."""
    settled = config()
    head = ScriptDirectory.from_config(settled).get_current_head()
    with db.engines[WRITER].connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
    with (home / "secret").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with db.engines[WRITER].connect() as connection:
            settled.attributes["connection"] = connection
            command.upgrade(settled, "head")


def write(message: str) -> None:
    """A new migration from what the tables say now."""
    settled = config()
    with db.engines[WRITER].connect() as connection:
        settled.attributes["connection"] = connection
        number = len(list((FOLDER / "versions").glob("*.py"))) + 1
        command.revision(settled, message, autogenerate=True, rev_id=f"{number:04d}")
