"""quarters of failures.

When messages fail, and why, is counted by account as it happens. What failed before is told by the
messages that are kept; of those that left, by the counters of their delivery, when it was over.

Revises: f3c81d5e07b9
"""

import sqlalchemy as sa
from alembic import op

revision = "a86f2e90c4d3"
down_revision = "f3c81d5e07b9"
branch_labels = None
depends_on = None

QUARTER = {
    "sqlite": "CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) / 900",
    "postgresql": "CAST(floor(extract(epoch FROM {0}) / 900) AS integer)",
}
INTO = "INSERT INTO failure_quarter (service_id, quarter, state, reason, number) "
OF_KEPT = """
    SELECT message.service_id, {quarter}, {state}, {reason}, count(*)
    FROM message JOIN delivery ON delivery.id = message.delivery_id
    WHERE delivery.parent_id IS NULL AND {which} GROUP BY 1, 2, 3, 4
"""
OF_GONE = """
    SELECT account.service_id, {quarter}, message_count.state, message_count.reason,
    sum(message_count.number)
    FROM message_count JOIN delivery ON delivery.id = message_count.delivery_id
    JOIN (
        SELECT delivery_id, min(service_id) AS service_id FROM delivery_service
        GROUP BY delivery_id HAVING count(*) = 1
    ) AS account ON account.delivery_id = delivery.id
    WHERE delivery.parent_id IS NULL AND message_count.number > 0
    AND message_count.state IN ('failed', 'cancelled', 'bounced', 'complained')
    AND delivery.finished_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM message WHERE message.delivery_id = delivery.id)
    GROUP BY 1, 2, 3, 4
"""
ADDING = """
    ON CONFLICT (service_id, quarter, state, reason)
    DO UPDATE SET number = failure_quarter.number + excluded.number
"""


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "failure_quarter",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_failure_quarter_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "service_id", "quarter", "state", "reason", name=op.f("pk_failure_quarter")
        ),
    )
    quarter = QUARTER[op.get_bind().dialect.name]
    changed, arrived = quarter.format("message.changed_at"), quarter.format("message.arrived_at")
    for at, state, reason, which in (
        (changed, "message.state", "message.reason", "message.state IN ('failed', 'cancelled')"),
        (arrived, "'bounced'", "''", "message.arrival = 'bounced'"),
        (changed, "'complained'", "''", "message.state = 'sent' AND message.reason = 'complained'"),
    ):
        told = OF_KEPT.format(quarter=at, state=state, reason=reason, which=which)
        op.execute(INTO + told)
    op.execute(INTO + OF_GONE.format(quarter=quarter.format("delivery.finished_at")) + ADDING)


def downgrade() -> None:
    """Go back to the old shape."""
    op.drop_table("failure_quarter")
