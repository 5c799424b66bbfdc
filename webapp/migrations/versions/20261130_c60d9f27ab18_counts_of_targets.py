"""keep what was counted of a large target."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "c60d9f27ab18"
down_revision = "a83e5b1d04c7"
branch_labels = None
depends_on = None

LIST = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Go to the new shape."""

    op.create_table(
        "target_count",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("excluded", LIST, nullable=False),
        sa.Column("nameless", sa.Integer(), nullable=False),
        sa.Column("longest", LIST, nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_target_count_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_target_count")),
    )


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_table("target_count")
