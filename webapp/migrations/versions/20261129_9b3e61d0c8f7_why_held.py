"""why held."""

import sqlalchemy as sa
from alembic import op

revision = "9b3e61d0c8f7"
down_revision = "d27f90b6c1ae"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape: what holds a delivery is also kept as a code, from now on."""

    code = sa.Column("held_code", sa.String(length=255), nullable=False, server_default="")
    op.add_column("delivery", code)


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("delivery", "held_code")
