"""remember since when the network of an account cannot be reached."""

import sqlalchemy as sa
from alembic import op

revision = "8d2f6b0c94e1"
down_revision = "4a8d0c7e15b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape; every network counts as within reach."""

    op.add_column(
        "service", sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("service", "unreachable_since")
