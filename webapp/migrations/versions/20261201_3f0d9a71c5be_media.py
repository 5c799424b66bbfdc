"""pictures of posts, and their uploads.

Revises: e19b4c70a2d5
"""

import sqlalchemy as sa
from alembic import op

revision = "3f0d9a71c5be"
down_revision = "e19b4c70a2d5"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=255)
STATES = ("planned", "calling", "unfinished", "processing", "ready", "failed", "unknown")


def upgrade() -> None:
    """Go to the new shape."""
    op.create_index("ix_part_media_sha256", "part_media", ["sha256"])
    op.create_table(
        "media_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mime", WORD, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("name", WORD, nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("created_by", WORD, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_media_file_sha256")),
    )
    op.create_index("ix_media_file_used_at_id", "media_file", ["used_at", "id"])
    _uploads()


def _uploads() -> None:
    states = sa.Enum(
        *STATES, name="uploadstate", native_enum=False, create_constraint=True, length=24
    )
    op.create_table(
        "media_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("remote_id", WORD, nullable=True),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("ask_at", MOMENT, nullable=True),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("called_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("code", WORD, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_media_upload_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_upload")),
    )
    op.create_index(
        "ix_media_upload_message_id_position_place",
        "media_upload",
        ["message_id", "position", "place"],
    )


def downgrade() -> None:
    """Go back to the old shape."""
    op.drop_table("media_upload")
    op.drop_table("media_file")
    op.drop_index("ix_part_media_sha256", table_name="part_media")
