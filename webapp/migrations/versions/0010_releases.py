"""releases: who can be recognised in a photo has signed for it"""

import sqlalchemy as sa
from alembic import op

import webapp.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("guardian", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("received", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("withdrawn", webapp.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_release_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_release_notice_id_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("code", name=op.f("uq_release_code")),
    )
    op.create_index(op.f("ix_release_participant_id"), "release", ["participant_id"])
    op.create_index(op.f("ix_release_photo_id"), "release", ["photo_id"])
    op.create_table(
        "release_answer",
        sa.Column("order", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_answer_release_id_release"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["text_id"], ["consent_text.id"], name=op.f("fk_release_answer_text_id_consent_text")
        ),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_release_answer")),
    )
    op.create_index(op.f("ix_release_answer_release_id"), "release_answer", ["release_id"])
