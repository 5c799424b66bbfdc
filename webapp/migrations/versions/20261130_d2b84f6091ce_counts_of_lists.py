"""keep how many people long lists hold."""

import sqlalchemy as sa
from alembic import op

revision = "d2b84f6091ce"
down_revision = "c5a90d3e71f4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""

    op.create_table(
        "list_count",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_list_count")),
    )


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_table("list_count")
