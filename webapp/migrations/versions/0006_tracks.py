"""tracks of walks, clocks of cameras, and where they put photos"""

import sqlalchemy as sa
from alembic import op

import webapp.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "track",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("walk_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("starts", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("ends", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("brought", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organiser_id"], ["organiser.id"], name=op.f("fk_track_organiser_id_organiser")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_track_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_track_walk_id_walk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track")),
        sa.UniqueConstraint("walk_id", "sha256", name=op.f("uq_track_walk_id_sha256")),
    )
    op.create_index(op.f("ix_track_participant_id"), "track", ["participant_id"])
    op.create_table(
        "camera_clock",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_camera_clock_organiser_id_organiser")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_camera_clock_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_camera_clock_photo_id_photo")),
        sa.PrimaryKeyConstraint("participant_id", "camera", name=op.f("pk_camera_clock")),
    )
    for name in ("clock", "track_lat", "track_lon", "track_accuracy", "track_gap"):
        op.add_column("photo", sa.Column(name, sa.Double(), nullable=True))
