"""let a delivery and a template be of a kind that a channel brings.

`kind` goes on to say whether it goes to people or is a post; the name is empty for the kinds of the
core.
"""

import sqlalchemy as sa
from alembic import op

revision = "d94b70e2a6f5"
down_revision = "b82e6f04d1c7"
branch_labels = None
depends_on = None

TABLES = ("delivery", "template")


def upgrade() -> None:
    """Go to the new shape."""
    for table in TABLES:
        name = sa.Column("kind_name", sa.String(length=255), nullable=False, server_default="")
        op.add_column(table, name)


def downgrade() -> None:
    """Go back to the old shape, where each is a post or a direct message."""
    for table in TABLES:
        op.drop_column(table, "kind_name")
