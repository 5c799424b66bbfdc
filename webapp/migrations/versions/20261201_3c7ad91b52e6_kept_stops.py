"""who wished for no more messages of an experiment, kept when their words leave.

Revises: 6b1e84f0a7d2
"""

import sqlalchemy as sa
from alembic import op

revision = "3c7ad91b52e6"
down_revision = "6b1e84f0a7d2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "experiment_stop",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_experiment_stop_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_experiment_stop")),
    )


def downgrade() -> None:
    """Go back to the old shape; who was erased counts as if they wished for nothing."""
    op.drop_table("experiment_stop")
