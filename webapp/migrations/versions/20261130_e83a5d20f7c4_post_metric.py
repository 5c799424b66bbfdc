"""keep what networks count of posts, day by day."""

import sqlalchemy as sa
from alembic import op

revision = "e83a5d20f7c4"
down_revision = "c7d1f04b9e62"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""

    op.create_table(
        "post_metric",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("figure", sa.String(length=255), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", "day", "figure"),
    )


def downgrade() -> None:
    """Go back to the old shape; what was read is forgotten."""

    op.drop_table("post_metric")
