"""keep the language of what Fanfare writes into the messages of a delivery."""

import sqlalchemy as sa
from alembic import op

revision = "c2d7f8a06b41"
down_revision = "b6f0e4d19a82"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape: until now all of it was English."""

    language = sa.Column("language", sa.String(length=255), nullable=False, server_default="en")
    op.add_column("delivery", language)


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("delivery", "language")
