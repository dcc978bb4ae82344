"""people calls and records"""

import sqlalchemy as sa
from alembic import op

import webapp.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tables()
    _records()


def _tables() -> None:
    op.create_table(
        "failure",
        sa.Column("order", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_failure")),
    )
    with op.batch_alter_table("failure", schema=None) as batch_op:
        batch_op.create_index("ix_failure_kind_subject_at", ["kind", "subject", "at"], unique=False)

    op.create_table(
        "gone",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_gone")),
    )
    op.create_table(
        "act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organiser_id"], ["organiser.id"], name=op.f("fk_act_organiser_id_organiser")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_act_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_act_project_id"), ["project_id"], unique=False)

    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("prompt", sa.JSON(), nullable=False),
        sa.Column("opens", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("closes", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("photos_each", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("created", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_call_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("code", name=op.f("uq_call_code")),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_project_id"), ["project_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("expires", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("used", webapp.database.Instant(timezone=True), nullable=True),
        sa.Column("mail", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["organiser.id"], name=op.f("fk_invitation_made_by_organiser")),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_invitation_organiser_id_organiser")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_invitation_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_invitation_fingerprint")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_project_id"), ["project_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("created", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_notice_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("project_id", "version", name=op.f("uq_notice_project_id_version")),
    )
    op.create_table(
        "caller",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("joined", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_caller_call_id_call")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_caller_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("call_id", "participant_id", name=op.f("pk_caller")),
    )
    with op.batch_alter_table("caller", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_caller_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("part", sa.String(), nullable=True),
        sa.Column("claimed", sa.String(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("finished", webapp.database.Instant(timezone=True), nullable=True),
        sa.Column("expires", webapp.database.Instant(timezone=True), nullable=False),
        sa.Column("created", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_upload_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_expires"), ["expires"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_photo_id"), ["photo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_sha256"), ["sha256"], unique=False)

    op.create_table(
        "part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("received", webapp.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_part_photo_id_photo")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_part_response_id_response")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("photo_id", "name", name=op.f("uq_part_photo_id_name")),
    )
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_part_response_id"), ["response_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_sha256"), ["sha256"], unique=False)

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("photos", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("sound", sa.String(), nullable=True))

    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("photo_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("notice_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_consent_photo_id"), ["photo_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_consent_notice_id_notice"), "notice", ["notice_id"], ["id"])

    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_device_participant_id_name"), type_="unique")
        batch_op.create_index(batch_op.f("ix_device_participant_id"), ["participant_id"], unique=False)

    with op.batch_alter_table("download", schema=None) as batch_op:
        batch_op.add_column(sa.Column("call_id", sa.Uuid(), nullable=True))
        batch_op.alter_column("walk_id", existing_type=sa.CHAR(length=32), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_download_call_id_call"), "call", ["call_id"], ["id"])

    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recovery", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("name", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("leaving", webapp.database.Instant(timezone=True), nullable=True))
        batch_op.alter_column("key", existing_type=sa.VARCHAR(), nullable=True)
        batch_op.create_unique_constraint(batch_op.f("uq_participant_recovery"), ["recovery"])

    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.add_column(sa.Column("call_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("original", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("bytes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("type", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("story", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("themes", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("credit", sa.String(), server_default="anonymous", nullable=False))
        batch_op.add_column(sa.Column("credit_as", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("star", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("taken", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("late", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("device", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("record_sha256", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("withdrawn", webapp.database.Instant(timezone=True), nullable=True))
        batch_op.alter_column("walk_id", existing_type=sa.CHAR(length=32), nullable=True)
        batch_op.alter_column("sha256", existing_type=sa.VARCHAR(), nullable=True)
        batch_op.create_index("ix_photo_call_id_received", ["call_id", "received"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_photo_call_id_call"), "call", ["call_id"], ["id"])
        batch_op.create_check_constraint("walk_or_call", "(walk_id is null) <> (call_id is null)")

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("themes", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("local_language", sa.String(), server_default="cs", nullable=False))

    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sha256", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("walk", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minutes", sa.Integer(), server_default="120", nullable=False))


def _records() -> None:
    """What was kept so far, in the new shape. All of it came from the plain pages."""
    op.execute(
        "update photo set original = sha256, device = 'plain', "
        "bytes = (select bytes from picture where picture.sha256 = photo.sha256), "
        "type = (select type from picture where picture.sha256 = photo.sha256), "
        "record_sha256 = (select r.sha256 from photo_revision r where r.photo_id = photo.id "
        "and r.revision = photo.revision)"
    )
    op.execute(
        "update response set device = 'plain', sha256 = (select r.sha256 from response_revision r "
        "where r.response_id = response.id and r.revision = response.revision)"
    )
    op.execute(
        "insert into part (id, photo_id, name, sha256, bytes, received) "
        "select id, id, 'original', original, bytes, received from photo"
    )
    op.execute("update device set name = 'plain:' || substr(fingerprint, 1, 8) where name = 'plain'")
    for record in ("photo", "response"):
        _revisions(record)


def _revisions(record: str) -> None:
    """The revisions of a record, now several of one number; of bodies that came again only the last is kept.

    Read, dropped and written again: on PostgreSQL two tables cannot have constraints of one name.
    """
    name = f"{record}_revision"
    instant = webapp.database.Instant(timezone=True)
    old = sa.table(
        name,
        sa.column(f"{record}_id", sa.Uuid()),
        sa.column("revision", sa.Integer()),
        sa.column("device", sa.String()),
        sa.column("sha256", sa.String()),
        sa.column("body", sa.String()),
        sa.column("received", instant),
    )
    rows = op.get_bind().execute(sa.select(old).order_by(old.c.received, old.c.revision)).all()
    op.drop_table(name)
    new = op.create_table(
        name,
        sa.Column("order", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("received", instant, nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], [f"{record}.id"], name=op.f(f"fk_{name}_record_id_{record}")),
        sa.PrimaryKeyConstraint("order", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("record_id", "sha256", name=op.f(f"uq_{name}_record_id_sha256")),
    )
    last = {(row[0], row.sha256): row for row in rows}
    if last:
        op.bulk_insert(
            new,
            [
                {
                    "record_id": row[0],
                    "device": row.device,
                    "sequence": 0,
                    "revision": row.revision,
                    "base": None,
                    "sha256": row.sha256,
                    "body": row.body,
                    "counted": True,
                    "received": row.received,
                }
                for row in last.values()
            ],
        )
