"""keep the figures of deliveries that are over, which outlive their messages."""

import sqlalchemy as sa
from alembic import op

revision = "d8e3b17f95c0"
down_revision = "e1a90c4b7d35"
branch_labels = None
depends_on = None

# What a delivery came to, where nothing of it is open any more.
COUNTED = """
    INSERT INTO delivery_count (delivery_id, state, number)
    SELECT message.delivery_id, message.state, count(*) FROM message
    JOIN delivery ON delivery.id = message.delivery_id
    WHERE delivery.state IN ('finished', 'stopped') AND NOT EXISTS (
        SELECT 1 FROM message AS other WHERE other.delivery_id = message.delivery_id
        AND other.state IN ('pending', 'sending', 'unknown')
    ) GROUP BY message.delivery_id, message.state
"""
TAKEN_BACK = """
    INSERT INTO delivery_count (delivery_id, state, number)
    SELECT delivery_id, 'taken_back', count(*) FROM message
    WHERE taken_back_at IS NOT NULL AND delivery_id IN (SELECT delivery_id FROM delivery_count)
    GROUP BY delivery_id
"""


def upgrade() -> None:
    """Go to the new shape; what clean-up removed before cannot be counted any more."""

    op.create_table(
        "delivery_count",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_count_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", "state", name=op.f("pk_delivery_count")),
    )
    op.execute(COUNTED)
    op.execute(TAKEN_BACK)


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_table("delivery_count")
