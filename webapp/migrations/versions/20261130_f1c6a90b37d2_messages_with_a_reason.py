"""find the messages that were left out, or failed, for a reason."""

import sqlalchemy as sa
from alembic import op

revision = "f1c6a90b37d2"
down_revision = "e5a2c7094bd1"
branch_labels = None
depends_on = None

REASONED = "reason != ''"


def upgrade() -> None:
    """Go to the new shape: who is left out for a reason is one range, in order."""

    op.create_index(
        "ix_message_reason",
        "message",
        ["delivery_id", "state", "reason", "id"],
        sqlite_where=sa.text(REASONED),
        postgresql_where=sa.text(REASONED),
    )


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_index("ix_message_reason", "message")
