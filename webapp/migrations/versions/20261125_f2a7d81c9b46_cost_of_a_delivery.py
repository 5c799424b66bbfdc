"""cost of a delivery."""

import sqlalchemy as sa
from alembic import op

revision = "f2a7d81c9b46"
down_revision = "e81f4c6a2d90"
branch_labels = None
depends_on = None

SUM = """
    UPDATE delivery SET cost = COALESCE((
        SELECT SUM(attempt.cost) FROM attempt
        JOIN message ON message.id = attempt.message_id
        WHERE message.delivery_id = delivery.id
    ), 0)
"""


def upgrade() -> None:
    """Go to the new shape: what was summed at each look is kept."""

    kept = sa.Column("cost", sa.Numeric(12, 4), nullable=False, server_default="0")
    op.add_column("delivery", kept)
    op.execute(SUM)


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("delivery", "cost")
