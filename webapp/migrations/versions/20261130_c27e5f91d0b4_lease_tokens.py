"""tell by a token whose a lease is.

Leases that are under way have none: nobody renews them, and they end within seconds.
"""

import sqlalchemy as sa
from alembic import op

revision = "c27e5f91d0b4"
down_revision = "8d2f6b0c94e1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""

    for table in ("delivery", "run"):
        op.add_column(
            table,
            sa.Column("lease_token", sa.String(length=255), server_default="", nullable=False),
        )


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("run", "lease_token")
    op.drop_column("delivery", "lease_token")
