"""keep each sign-in that an operator began until it comes back, or does not."""

import sqlalchemy as sa
from alembic import op

revision = "e7b20c5f8a14"
down_revision = "9d3c5a71e0b4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("in_sandbox", sa.Boolean(), nullable=False),
        sa.Column("holder", sa.String(length=255), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("state_hash", sa.String(length=255), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("state_hash", name="uq_sign_in_state_hash"),
    )
    op.create_index("ix_sign_in_holder", "sign_in", ["holder"])


def downgrade() -> None:
    """Go back to the old shape; sign-ins under way are begun again."""
    op.drop_table("sign_in")
