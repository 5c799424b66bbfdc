"""keep what a delivery says in rows: variants, their parts, and the media of those.

Each delivery gets one variant with one part, so its messages need no choice. The seal covers the
language from now on: it is written anew for all, so that a proof still is one of the same text.
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "a7d15c3e90f4"
down_revision = "4e9a7c51d2b8"
branch_labels = None
depends_on = None

# Both databases take a reference with its column, and SQLite in no other way.
VARIANT = (
    "variant_id INTEGER CONSTRAINT fk_message_variant_id_delivery_variant"
    " REFERENCES delivery_variant (id)"
)
FIRST = """
    SELECT content_part.text FROM content_part
    JOIN delivery_variant ON delivery_variant.id = content_part.variant_id
    WHERE delivery_variant.delivery_id = delivery.id
    AND delivery_variant.position = 0 AND content_part.position = 0
"""
SEALED = sa.text("UPDATE delivery SET content_hash = :seal WHERE id = :id")


def upgrade() -> None:
    """Go to the new shape."""
    _tables()
    op.execute(f"ALTER TABLE message ADD COLUMN {VARIANT}")
    some = sa.text("variant_id IS NOT NULL")
    op.create_index(
        "ix_message_variant_id",
        "message",
        ["variant_id"],
        sqlite_where=some,
        postgresql_where=some,
    )
    op.execute(
        "INSERT INTO delivery_variant (delivery_id, position, weight)"
        " SELECT id, 0, 1 FROM delivery"
    )
    op.execute(
        "INSERT INTO content_part (variant_id, position, text, subject, html)"
        " SELECT delivery_variant.id, 0, delivery.content, '', '' FROM delivery_variant"
        " JOIN delivery ON delivery.id = delivery_variant.delivery_id"
    )
    _seal_anew()
    op.drop_column("delivery", "content")


def _tables() -> None:
    op.create_table(
        "delivery_variant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight > 0", name=op.f("ck_delivery_variant_weight_positive")),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_variant_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_variant")),
        sa.UniqueConstraint(
            "delivery_id", "position", name=op.f("uq_delivery_variant_delivery_id_position")
        ),
    )
    op.create_table(
        "content_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["delivery_variant.id"],
            name=op.f("fk_content_part_variant_id_delivery_variant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_part")),
        sa.UniqueConstraint(
            "variant_id", "position", name=op.f("uq_content_part_variant_id_position")
        ),
    )
    op.create_table(
        "part_media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=255), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["part_id"],
            ["content_part.id"],
            name=op.f("fk_part_media_part_id_content_part"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_media")),
        sa.UniqueConstraint("part_id", "position", name=op.f("uq_part_media_part_id_position")),
    )


def _seal_anew() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, content, language FROM delivery")).all()
    sealed = [{"id": row[0], "seal": _seal(row[1], row[2])} for row in rows]
    if sealed:
        connection.execute(SEALED, sealed)


def _seal(text: str, language: str) -> str:
    part = {"text": text, "subject": "", "html": "", "media": []}
    told = {"language": language, "variants": [{"weight": 1, "parts": [part]}]}
    written = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def downgrade() -> None:
    """Go back to the old shape, which keeps the first part of the first variant alone."""
    op.add_column("delivery", sa.Column("content", sa.Text(), nullable=False, server_default=""))
    op.execute(f"UPDATE delivery SET content = coalesce(({FIRST}), '')")
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, content FROM delivery")).all():
        seal = hashlib.sha256(row[1].encode()).hexdigest()
        connection.execute(SEALED, {"id": row[0], "seal": seal})
    op.drop_index("ix_message_variant_id", table_name="message")
    op.drop_column("message", "variant_id")
    op.drop_table("part_media")
    op.drop_table("content_part")
    op.drop_table("delivery_variant")
