"""ways that phones record"""

import sqlalchemy as sa
from alembic import op

import webapp.database

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("track", sa.Column("recorded", sa.Boolean(), server_default="0", nullable=False))
    op.create_table(
        "recording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("walk_id", sa.Uuid(), nullable=True),
        sa.Column("agreed", webapp.database.Instant(timezone=True), nullable=True),
        sa.Column("deleted", webapp.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_recording_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_recording_walk_id_walk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
    )
    op.create_index(op.f("ix_recording_participant_id"), "recording", ["participant_id"])
    op.create_table(
        "recorded_piece",
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("received", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_recorded_piece_recording_id_recording"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recording_id", "sha256", name=op.f("pk_recorded_piece")),
    )
