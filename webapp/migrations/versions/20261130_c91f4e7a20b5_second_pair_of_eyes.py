"""let an account demand that somebody else approves what goes out from it."""

import sqlalchemy as sa
from alembic import op

revision = "c91f4e7a20b5"
down_revision = "f3b5d7a29c18"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape; no account demands it until somebody says so."""
    op.add_column(
        "service",
        sa.Column("four_eyes", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Go back to the old shape."""
    op.drop_column("service", "four_eyes")
