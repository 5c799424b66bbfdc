"""find what an erasure takes.

Revises: b2e94f07c1d8
"""

import sqlalchemy as sa
from alembic import op

revision = "c5a90d3e71f4"
down_revision = "b2e94f07c1d8"
branch_labels = None
depends_on = None

# Name, table, column and condition of each index.
INDEXES = (
    ("ix_message_subscription_id", "message", "subscription_id", "subscription_id IS NOT NULL"),
    ("ix_channel_event_failed", "channel_event", "id", "outcome = 'failed'"),
)
EVENT = sa.table("channel_event", sa.column("said"), sa.column("applied_at"), sa.column("outcome"))


def upgrade() -> None:
    """Index what an erasure asks for, and forget words of networks that stand with a message."""
    for name, table, column, condition in INDEXES:
        holds = sa.text(condition)
        op.create_index(name, table, [column], sqlite_where=holds, postgresql_where=holds)
    applied = sa.and_(EVENT.c.applied_at.is_not(None), EVENT.c.outcome != "failed")
    op.execute(sa.update(EVENT).where(applied, EVENT.c.said != "").values(said=""))


def downgrade() -> None:
    """Drop the indexes; the words still stand with the messages."""
    for name, table, _column, _condition in INDEXES:
        op.drop_index(name, table_name=table)
