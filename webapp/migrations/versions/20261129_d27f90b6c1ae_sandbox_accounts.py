"""mark the accounts of a sandbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "d27f90b6c1ae"
down_revision = "c5d2a7e81f36"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Go to the new shape; until now only the settings of an account's channel told it."""

    op.add_column(
        "service",
        sa.Column("is_sandbox", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    service = sa.table(
        "service", sa.column("id"), sa.column("settings", JSON), sa.column("is_sandbox")
    )
    rows = op.get_bind().execute(sa.select(service.c.id, service.c.settings)).all()
    for key, settings in rows:
        if (settings or {}).get("sandbox") is True:
            changed = sa.update(service).where(service.c.id == key).values(is_sandbox=sa.true())
            op.get_bind().execute(changed)


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("service", "is_sandbox")
