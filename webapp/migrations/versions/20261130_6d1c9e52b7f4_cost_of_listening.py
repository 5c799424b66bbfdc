"""what reading the inbox for a delivery cost; of older ones nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "6d1c9e52b7f4"
down_revision = "f4a17c90d2e6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""

    op.add_column("delivery", sa.Column("listening_cost", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("delivery", "listening_cost")
