"""The tables and the migrations say the same."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy.engine import Connection

from webapp import create_app
from webapp.config import Settings
from webapp.database import WRITER, Base, db
from webapp.migrations import _unchecked, config, current, newest

pytestmark = pytest.mark.usefixtures("inside")


def test_an_empty_home_is_migrated_to_the_newest(app: Flask) -> None:
    assert current() == newest() == ScriptDirectory.from_config(config()).get_current_head()


def test_no_table_is_missing_a_migration(app: Flask) -> None:
    ours = set(Base.metadata.tables)
    with db.engines[WRITER].connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_object": lambda thing, name, kind, *_: kind != "table" or name in ours},
        )
        assert compare_metadata(context, Base.metadata) == []


def test_photos_and_people_that_are_there_get_their_numbers_in_order(tmp_path: Path) -> None:
    app = create_app(Settings.read({"POHLED_HOME": str(tmp_path)}))
    with app.app_context(), db.engines[WRITER].connect() as connection, _unchecked(connection):
        settled = config()
        settled.attributes["connection"] = connection
        for table in (
            connection.exec_driver_sql("select name from sqlite_schema where type = 'table'").scalars().all()
        ):
            if not table.startswith("sqlite_"):
                connection.exec_driver_sql(f"drop table {table}")
        connection.commit()
        command.upgrade(settled, "0002")
        older, newer = "2026-01-01 00:00:00", "2026-02-01 00:00:00"
        for project in "ab":
            _insert(connection, "project", id=project * 32)
            _insert(connection, "walk", id=project * 31 + "1", project_id=project * 32, code=project)
            _insert(connection, "participant", id=project * 31 + "2", project_id=project * 32, created=newer)
            _insert(connection, "participant", id=project * 31 + "3", project_id=project * 32, created=older)
        for number, (project, received) in enumerate([("a", newer), ("b", older), ("a", older)]):
            of = {"walk_id": project * 31 + "1", "participant_id": project * 31 + "2"}
            _insert(connection, "photo", id=f"{number:032}", received=received, **of)
        connection.commit()
        command.upgrade(settled, "head")
        photos = connection.exec_driver_sql("select id, project_id, number from photo order by id").all()
        assert photos == [(f"{0:032}", "a" * 32, 2), (f"{1:032}", "b" * 32, 1), (f"{2:032}", "a" * 32, 1)]
        people = connection.exec_driver_sql("select id, number from participant order by id").all()
        assert people == [(p * 31 + e, n) for p in "ab" for e, n in (("2", 2), ("3", 1))]
        assert connection.exec_driver_sql("select people, photos from project order by id").all() == [(2, 2), (2, 1)]


def _insert(connection: Connection, table: str, **said: object) -> None:
    """A row with something harmless in every column that must have something."""
    harmless = {"INTEGER": 0, "FLOAT": 0.0, "JSON": "{}", "BOOLEAN": False}
    row = dict(said)
    for _, name, kind, required, default, _ in connection.exec_driver_sql(f"PRAGMA table_info({table})"):
        if required and default is None and name not in row:
            row[name] = harmless.get(kind, "2026-01-01 00:00:00")
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join("?" * len(row))
    connection.exec_driver_sql(f"insert into {table} ({names}) values ({values})", tuple(row.values()))  # noqa: S608
