"""painting over: what was, what is sealed; walks and calls without faces"""

import sqlalchemy as sa
from alembic import op

import webapp.database

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("walk", "call"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("no_faces", sa.Boolean(), server_default="0", nullable=False))
    with op.batch_alter_table("project") as batch_op:
        batch_op.add_column(sa.Column("sealed_days", sa.Integer(), server_default="30", nullable=False))
    with op.batch_alter_table("photo") as batch_op:
        batch_op.add_column(sa.Column("look", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("painted", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "redaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("style", sa.String(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("made_of", sa.String(), nullable=True),
        sa.Column("clear", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organiser_id"], ["organiser.id"], name=op.f("fk_redaction_organiser_id_organiser")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_redaction_photo_id_photo")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
        sa.UniqueConstraint("photo_id", "number", name=op.f("uq_redaction_photo_id_number")),
    )
    op.create_table(
        "sealed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("received", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("until", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("destroyed", webapp.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_sealed_photo_id_photo")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed")),
    )
    for column in ("photo_id", "sha256", "until"):
        op.create_index(op.f(f"ix_sealed_{column}"), "sealed", [column])
