"""failures settled."""

import sqlalchemy as sa
from alembic import op

revision = "a1d4c7e93b52"
down_revision = "f2a7d81c9b46"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape: what failed before needs somebody, since nobody settled it."""

    by = sa.Column("settled_by", sa.String(length=255), nullable=False, server_default="")
    op.add_column("delivery", by)
    op.add_column("delivery", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("delivery", "settled_at")
    op.drop_column("delivery", "settled_by")
