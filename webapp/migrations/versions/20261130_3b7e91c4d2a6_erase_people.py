"""erase people.

Revises: f6b2d8a31c57
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "3b7e91c4d2a6"
down_revision = "f6b2d8a31c57"
branch_labels = None
depends_on = None

WORD = sa.String(length=255)
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STATE = sa.Enum(
    *("asked", "erased", "withdrawn"),
    name="wishstate",
    native_enum=False,
    create_constraint=True,
    length=24,
)


def upgrade() -> None:
    """Keep wishes to be erased, who was, and the key of their hashes."""
    op.create_table(
        "sealed_value",
        sa.Column("name", WORD, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sealed_value")),
    )
    op.create_table(
        "erased_person",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_erased_person")),
    )
    op.create_table(
        "erasure_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("state", STATE, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", WORD, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", WORD, nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_erasure_wish_visitor_id_visitor"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_wish")),
    )
    op.create_index(op.f("ix_erasure_wish_visitor_id"), "erasure_wish", ["visitor_id"])
    op.create_index(op.f("ix_erasure_wish_state_id"), "erasure_wish", ["state", "id"])


def downgrade() -> None:
    """Forget all three: who was erased may be read in again then."""
    op.drop_table("erasure_wish")
    op.drop_table("erased_person")
    op.drop_table("sealed_value")
