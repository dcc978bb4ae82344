"""words for labels, where to be contacted, what phones hold, stars that can be undone"""

import sqlalchemy as sa
from alembic import op

import webapp.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("written", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("made_of", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided", webapp.database.Instant(timezone=True), nullable=True),
        sa.Column("witness_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organiser_id"], ["organiser.id"], name=op.f("fk_wording_organiser_id_organiser")),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_wording_photo_id_photo"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["witness_id"], ["organiser.id"], name=op.f("fk_wording_witness_id_organiser")),
        sa.PrimaryKeyConstraint("photo_id", "language", name=op.f("pk_wording")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reach", sa.String(), nullable=True))
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told", webapp.database.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("held_answers", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("held_photos", sa.Integer(), nullable=True))
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
