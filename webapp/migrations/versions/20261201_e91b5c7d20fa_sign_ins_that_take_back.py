"""sign-ins on a page that take back what somebody agreed to.

Revises: 3f0d9a71c5be
"""

import sqlalchemy as sa
from alembic import op

revision = "e91b5c7d20fa"
down_revision = "3f0d9a71c5be"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""
    column = sa.Column("takes_back", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("acquisition_visit", column)


def downgrade() -> None:
    """Go back to the old shape."""
    op.drop_column("acquisition_visit", "takes_back")
