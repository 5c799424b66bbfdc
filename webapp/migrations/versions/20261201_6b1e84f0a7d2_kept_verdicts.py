"""verdicts of experiments, kept when their messages leave.

Revises: c05e7a1d93b6
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "6b1e84f0a7d2"
down_revision = "c05e7a1d93b6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "experiment_verdict",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_experiment_verdict_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_experiment_verdict")),
    )


def downgrade() -> None:
    """Go back to the old shape; what was found of messages that left is lost."""
    op.drop_table("experiment_verdict")
