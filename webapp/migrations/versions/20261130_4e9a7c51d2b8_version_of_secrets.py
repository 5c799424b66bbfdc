"""version of secrets."""

import sqlalchemy as sa
from alembic import op

revision = "4e9a7c51d2b8"
down_revision = "a47d90e2c1f6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape: a worker that holds secrets for a while sees that they changed."""

    version = sa.Column("secrets_version", sa.Integer(), nullable=False, server_default="0")
    op.add_column("service", version)


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("service", "secrets_version")
