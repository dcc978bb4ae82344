"""The tables and the migrations say the same."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from webapp.database import WRITER, Base, db
from webapp.migrations import config, current, newest

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
