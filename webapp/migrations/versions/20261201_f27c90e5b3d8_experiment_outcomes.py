"""outcomes of experiments, kept when their people are erased.

Revises: 8a2d64f0c7b1
"""

import sqlalchemy as sa
from alembic import op

revision = "f27c90e5b3d8"
down_revision = "8a2d64f0c7b1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "experiment_outcome",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column(
            "metric",
            sa.Enum(
                *("clicked", "converted", "wrote"),
                name="metric",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_experiment_outcome_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", "metric", name=op.f("pk_experiment_outcome")),
    )


def downgrade() -> None:
    """Go back to the old shape; who was erased counts as if they had done nothing."""
    op.drop_table("experiment_outcome")
