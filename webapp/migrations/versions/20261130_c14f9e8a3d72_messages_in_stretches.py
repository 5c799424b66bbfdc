"""messages in stretches.

Revises: d2b84f6091ce
"""

import sqlalchemy as sa
from alembic import op

revision = "c14f9e8a3d72"
down_revision = "d2b84f6091ce"
branch_labels = None
depends_on = None

COLUMNS = ("unwritten_after", "confirmed_up_to")
LEFT = sa.text("unwritten_after IS NOT NULL")


def upgrade() -> None:
    """Go to the new shape; of what was confirmed before, all messages are written."""
    for column in COLUMNS:
        op.add_column("delivery", sa.Column(column, sa.Integer(), nullable=True))
    op.create_index(
        op.f("ix_delivery_unwritten_after"),
        "delivery",
        ["unwritten_after"],
        sqlite_where=LEFT,
        postgresql_where=LEFT,
    )


def downgrade() -> None:
    """Go back to the old shape, unless people would be lost who have no message yet."""
    left = sa.select(sa.func.count()).select_from(sa.table("delivery")).where(LEFT)
    if op.get_bind().scalar(left):
        raise RuntimeError(
            "The messages of a delivery are still being written. Let the workers run until its "
            "page says that all are written; then go back."
        )
    op.drop_index(op.f("ix_delivery_unwritten_after"), table_name="delivery")
    for column in reversed(COLUMNS):
        op.drop_column("delivery", column)
