"""Alembic's entry: the connection comes from `webapp.migrations`."""

from importlib import import_module

from alembic import context

from webapp.database import Base

for feature in ("people", "project", "consent", "walk", "photo"):
    import_module(f"webapp.{feature}.tables")

OURS = set(Base.metadata.tables)


def ours(thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """The queue's tables live in the same file and are huey's business."""
    return kind != "table" or name in OURS


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_object=ours,
    render_as_batch=True,  # SQLite cannot alter a column in place
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
