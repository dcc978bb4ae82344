"""photos that look alike and were told apart"""

import sqlalchemy as sa
from alembic import op

import webapp.database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_apart",
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["one_id"], ["photo.id"], name=op.f("fk_told_apart_one_id_photo"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_told_apart_organiser_id_organiser")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["photo.id"], name=op.f("fk_told_apart_other_id_photo"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_told_apart")),
    )
    op.create_index("ix_told_apart_other_id", "told_apart", ["other_id"])
