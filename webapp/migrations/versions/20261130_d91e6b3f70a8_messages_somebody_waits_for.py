"""find the few messages that somebody waits for, of whatever delivery."""

import sqlalchemy as sa
from alembic import op

revision = "d91e6b3f70a8"
down_revision = "b5c83f0d17e4"
branch_labels = None
depends_on = None

OPEN = "state IN ('sending', 'unknown')"


def upgrade() -> None:
    """Go to the new shape: the scheduler asks for these each second."""

    op.create_index(
        "ix_message_open",
        "message",
        ["state", "due_at", "leased_until", "delivery_id"],
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_index("ix_message_open", "message")
