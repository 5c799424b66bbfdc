"""reports by mail.

Revises: f27c90e5b3d8
"""

import sqlalchemy as sa
from alembic import op

revision = "c05e7a1d93b6"
down_revision = "f27c90e5b3d8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "report_digest",
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"],
            ["operator.id"],
            name=op.f("fk_report_digest_operator_id_operator"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_report_digest_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("operator_id", "service_id", name=op.f("pk_report_digest")),
    )


def downgrade() -> None:
    """Go back to the old shape."""
    op.drop_table("report_digest")
