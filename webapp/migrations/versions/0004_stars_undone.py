"""stars can be undone"""

import sqlalchemy as sa
from alembic import op

import webapp.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rating_change",
        sa.Column("order", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("exhibition_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibition_id"], ["exhibition.id"], name=op.f("fk_rating_change_exhibition_id_exhibition")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_rating_change_organiser_id_organiser")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_rating_change_photo_id_photo")),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_rating_change")),
    )
    op.create_index("ix_rating_change_mine", "rating_change", ["exhibition_id", "organiser_id"])
    op.create_index("ix_rating_change_photo_id", "rating_change", ["photo_id"])
