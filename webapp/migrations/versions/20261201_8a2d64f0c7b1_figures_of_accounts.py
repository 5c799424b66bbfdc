"""figures of accounts.

Revises: 4f1b8c6e2d90
"""

import sqlalchemy as sa
from alembic import op

revision = "8a2d64f0c7b1"
down_revision = "4f1b8c6e2d90"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "account_figure",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("figure", sa.String(length=255), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_account_figure_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "day", "figure", name=op.f("pk_account_figure")),
    )


def downgrade() -> None:
    """Go back to the old shape."""
    op.drop_table("account_figure")
