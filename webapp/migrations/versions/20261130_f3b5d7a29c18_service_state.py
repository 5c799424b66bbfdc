"""keep what a channel remembers in a row for each key.

It stood in one value of the service, which two workers wrote over each other.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "f3b5d7a29c18"
down_revision = "d8e3b17f95c0"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
SERVICE = sa.table("service", sa.column("id", sa.Integer), sa.column("memory", JSON))
STATE = sa.table(
    "service_state",
    sa.column("service_id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("text", sa.String),
    sa.column("version", sa.Integer),
    sa.column("changed_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Go to the new shape."""

    op.create_table(
        "service_state",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", "name"),
    )
    bind, now = op.get_bind(), datetime.now(UTC)
    rows = [
        {"service_id": number, "name": name, "text": str(value), "version": 1, "changed_at": now}
        for number, memory in bind.execute(sa.select(SERVICE.c.id, SERVICE.c.memory)).all()
        for name, value in (memory or {}).items()
    ]
    if rows:
        bind.execute(sa.insert(STATE), rows)
    op.drop_column("service", "memory")


def downgrade() -> None:
    """Go back to the old shape."""

    op.add_column("service", sa.Column("memory", JSON, server_default="{}", nullable=False))
    bind = op.get_bind()
    plain = sa.select(STATE.c.service_id, STATE.c.name, STATE.c.text).where(
        sa.column("locked").is_(None)
    )
    known: dict[int, dict[str, str]] = {}
    for number, name, text in bind.execute(plain).all():
        known.setdefault(number, {})[name] = text
    for number, memory in known.items():
        bind.execute(sa.update(SERVICE).where(SERVICE.c.id == number).values(memory=memory))
    op.drop_table("service_state")
