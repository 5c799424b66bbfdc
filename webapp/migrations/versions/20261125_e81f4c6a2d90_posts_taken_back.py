"""posts taken back."""

import sqlalchemy as sa
from alembic import op

revision = "e81f4c6a2d90"
down_revision = "b3d95c10e7a2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""

    op.add_column("message", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("message", "taken_back_at")
