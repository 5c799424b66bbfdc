"""let each account have a day of its own, by the clocks of its zone."""

import sqlalchemy as sa
from alembic import op

revision = "3f9a52e7c1d8"
down_revision = "b7e40c18d9a3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape; an account without a zone keeps the day of the instance."""

    op.add_column("service", sa.Column("time_zone", sa.String(255), nullable=True))


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("service", "time_zone")
