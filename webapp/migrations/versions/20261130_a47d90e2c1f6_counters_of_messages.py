"""count messages by state and reason as they change, with what was charged for them."""

import sqlalchemy as sa
from alembic import op

revision = "a47d90e2c1f6"
down_revision = "c91f4e7a20b5"
branch_labels = None
depends_on = None

# What went out of mind before counts had reasons stays without one.
KEPT = """
    INSERT INTO message_count (delivery_id, state, reason, number)
    SELECT kept.delivery_id, kept.state, '', kept.number FROM delivery_count AS kept
    WHERE NOT EXISTS (SELECT 1 FROM message WHERE message.delivery_id = kept.delivery_id)
"""
# A claim counts as pending; only what ended without being sent is told apart by its reason.
COUNTED = """
    INSERT INTO message_count (delivery_id, state, reason, number)
    SELECT delivery_id, place, why, count(*) FROM (
        SELECT delivery_id,
        CASE WHEN state = 'sending' THEN 'pending' ELSE state END AS place,
        CASE WHEN state IN ('ignored', 'failed', 'cancelled') THEN reason ELSE '' END AS why
        FROM message
    ) AS line GROUP BY delivery_id, place, why
"""
TAKEN_BACK = """
    INSERT INTO message_count (delivery_id, state, reason, number)
    SELECT delivery_id, 'taken_back', '', count(*) FROM message
    WHERE taken_back_at IS NOT NULL GROUP BY delivery_id
"""
# Each counter of a delivery that was confirmed has its row.
EMPTY = """
    INSERT INTO message_count (delivery_id, state, reason, number)
    SELECT delivery.id, '{state}', '', 0 FROM delivery
    WHERE delivery.confirmed_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM message_count AS other WHERE other.delivery_id = delivery.id
        AND other.state = '{state}' AND other.reason = ''
    )
"""
STATES = ("pending", "sent", "failed", "unknown", "cancelled", "ignored", "taken_back")
COST = """
    UPDATE message_count SET cost = (
        SELECT delivery.cost FROM delivery WHERE delivery.id = message_count.delivery_id
    ) WHERE state = 'sent'
"""
OLD_KEPT = """
    INSERT INTO delivery_count (delivery_id, state, number)
    SELECT message_count.delivery_id, message_count.state, sum(message_count.number)
    FROM message_count JOIN delivery ON delivery.id = message_count.delivery_id
    WHERE delivery.state IN ('finished', 'stopped') AND message_count.number > 0
    AND NOT EXISTS (
        SELECT 1 FROM message AS open WHERE open.delivery_id = message_count.delivery_id
        AND open.state IN ('pending', 'sending', 'unknown')
    ) GROUP BY message_count.delivery_id, message_count.state
"""
OLD_COST = """
    UPDATE delivery SET cost = COALESCE((
        SELECT SUM(message_count.cost) FROM message_count
        WHERE message_count.delivery_id = delivery.id
    ), 0)
"""


def upgrade() -> None:
    """Go to the new shape; every delivery is counted once."""

    op.create_table(
        "message_count",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_message_count_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", "state", "reason", name=op.f("pk_message_count")),
    )
    for statement in (KEPT, COUNTED, TAKEN_BACK):
        op.execute(statement)
    for state in STATES:
        op.execute(EMPTY.format(state=state))
    op.execute(COST)
    op.drop_table("delivery_count")
    op.drop_column("delivery", "cost")


def downgrade() -> None:
    """Go back to the old shape, which kept the counts of what is over."""

    op.add_column(
        "delivery", sa.Column("cost", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.execute(OLD_COST)
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
    op.execute(OLD_KEPT)
    op.drop_table("message_count")
