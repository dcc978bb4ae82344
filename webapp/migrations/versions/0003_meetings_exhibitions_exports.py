"""meetings exhibitions exports"""

import unicodedata
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

import webapp.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exhibition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("created", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_exhibition_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibition")),
    )
    with op.batch_alter_table("exhibition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibition_project_id"), ["project_id"], unique=False)

    op.create_table(
        "export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", webapp.database.Instant(timezone=True), nullable=True),
        sa.Column("created", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("finished", webapp.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organiser_id"], ["organiser.id"], name=op.f("fk_export_organiser_id_organiser")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_export_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_export_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_export_state"), ["state"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("starts", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("where", sa.String(), server_default="", nullable=False),
        sa.Column("attendance", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_meeting_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_project_id"), ["project_id"], unique=False)

    op.create_table(
        "theme_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted", webapp.database.Instant(timezone=True), nullable=True),
        sa.Column("created", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_theme_group_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_group")),
    )
    with op.batch_alter_table("theme_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_theme_group_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("exhibition_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["exhibition_id"], ["exhibition.id"], name=op.f("fk_mark_exhibition_id_exhibition")),
        sa.ForeignKeyConstraint(["organiser_id"], ["organiser.id"], name=op.f("fk_mark_organiser_id_organiser")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_mark_photo_id_photo")),
        sa.PrimaryKeyConstraint("exhibition_id", "photo_id", name=op.f("pk_mark")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_photo_id"), ["photo_id"], unique=False)

    op.create_table(
        "mark_change",
        sa.Column("order", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("exhibition_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibition_id"], ["exhibition.id"], name=op.f("fk_mark_change_exhibition_id_exhibition")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_mark_change_organiser_id_organiser")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_mark_change_photo_id_photo")),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_mark_change")),
    )
    with op.batch_alter_table("mark_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_change_exhibition_id"), ["exhibition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mark_change_photo_id"), ["photo_id"], unique=False)

    op.create_table(
        "placing",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["theme_group.id"], name=op.f("fk_placing_group_id_theme_group")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_placing_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_placing_photo_id_photo")),
        sa.PrimaryKeyConstraint("group_id", "photo_id", name=op.f("pk_placing")),
        sa.UniqueConstraint("meeting_id", "photo_id", name=op.f("uq_placing_meeting_id_photo_id")),
    )
    with op.batch_alter_table("placing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placing_photo_id"), ["photo_id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("exhibition_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibition_id"], ["exhibition.id"], name=op.f("fk_rating_exhibition_id_exhibition")
        ),
        sa.ForeignKeyConstraint(["organiser_id"], ["organiser.id"], name=op.f("fk_rating_organiser_id_organiser")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_rating_photo_id_photo")),
        sa.PrimaryKeyConstraint("exhibition_id", "photo_id", "organiser_id", name=op.f("pk_rating")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_photo_id"), ["photo_id"], unique=False)

    named, leaving = sa.text("photo_id is not null"), sa.text("leaving is not null")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_photo_id"))
        batch_op.create_index(
            batch_op.f("ix_consent_photo_id"), ["photo_id"], sqlite_where=named, postgresql_where=named
        )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participant_project_id"))
        batch_op.create_index(
            batch_op.f("ix_participant_leaving"), ["leaving"], sqlite_where=leaving, postgresql_where=leaving
        )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("people", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("photos", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_participant_project_id_number"), ["project_id", "number"])
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.add_column(sa.Column("project_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("whole", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("plain", sa.String(), server_default="", nullable=False))
    op.execute(
        """
        update photo set project_id = coalesce(
          (select project_id from walk where walk.id = photo.walk_id),
          (select project_id from call where call.id = photo.call_id))
        """
    )
    _number("photo", "received")
    _number("participant", "created")
    _write_plainly()
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.alter_column("project_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_photo_project_id_number"), ["project_id", "number"])
        batch_op.drop_index(batch_op.f("ix_photo_walk_id_received"))
        batch_op.drop_index(batch_op.f("ix_photo_call_id_received"))
        batch_op.drop_index(batch_op.f("ix_photo_participant_id"))
        for column in ("walk_id", "call_id", "stop_id", "participant_id"):
            batch_op.create_index(batch_op.f(f"ix_photo_{column}_number"), [column, "number"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_photo_project_id_project"), "project", ["project_id"], ["id"])


def _number(table: str, since: str) -> None:
    """Gives what is there its numbers, in the order in which it came."""
    counter = {"photo": "photos", "participant": "people"}[table]
    op.execute(
        f"""
        with numbered as (
          select id, row_number() over (partition by project_id order by {since}, id) as number from {table})
        update {table} set number = (select number from numbered where numbered.id = {table}.id)
        """  # noqa: S608 (our own names)
    )
    op.execute(
        f"update project set {counter} = "  # noqa: S608
        f"(select count(*) from {table} where {table}.project_id = project.id)"
    )


def _write_plainly() -> None:
    """What follows from captions and parts, for the photos that are there."""
    op.execute(
        """
        update photo set whole = true where exists (
          select 1 from part
          where part.photo_id = photo.id and part.name = 'original' and part.sha256 = photo.original)
        """
    )
    photo = sa.table("photo", sa.column("id", sa.Uuid()), sa.column("caption", sa.JSON()), sa.column("plain"))
    for id_, caption in op.get_bind().execute(sa.select(photo.c.id, photo.c.caption)).all():
        op.execute(photo.update().where(photo.c.id == id_).values(plain=_plain(caption.values())))


def _plain(captions: Iterable[str]) -> str:
    """`photo.rules.plain` as it is now; a migration must not change with it."""
    lines = []
    for words in captions:
        apart = unicodedata.normalize("NFKD", words.casefold())
        bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
        lines.append(" ".join(bare.translate(str.maketrans("đłøħı", "dlohi")).split()))
    return "\n".join(filter(None, lines))
