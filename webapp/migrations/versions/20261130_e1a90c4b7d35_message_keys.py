"""name each message to its network by a key.

Messages that were tried before have none until their next try, and no attempt at them says that
its key was honoured: nothing of theirs is sent again by it.
"""

import sqlalchemy as sa
from alembic import op

revision = "e1a90c4b7d35"
down_revision = "c2d7f8a06b41"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""

    op.add_column("message", sa.Column("key", sa.String(length=32), nullable=True))
    op.add_column("message", sa.Column("key_made_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "attempt", sa.Column("keyed", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("attempt", "keyed")
    op.drop_column("message", "key_made_at")
    op.drop_column("message", "key")
