"""exact money."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "e3f71b9a5d28"
down_revision = "e3b90f47c2a8"
branch_labels = None
depends_on = None

# Each column of money: its table, its name, its old type, whether it may be empty.
COLUMNS = (
    ("service", "monthly_budget", sa.Numeric(12, 4), True),
    ("charge", "amount", sa.Numeric(14, 4), False),
    ("delivery", "cost", sa.Numeric(12, 4), False),
    ("attempt", "cost", sa.Numeric(12, 4), True),
)
WHOLE = "CAST(ROUND(ROUND({name}, 4) * 1000000.0, 0) AS BIGINT)"
FRACTION = "ROUND({name} / 1000000.0, 4)"


def upgrade() -> None:
    """Go to the new shape: amounts become whole numbers of millionths, rounded as they were meant.

    SQLite kept binary fractions of them, which four decimals tell apart.
    """

    for table, name, _old, empty in COLUMNS:
        _remake(table, name, sa.BigInteger(), empty, WHOLE)


def downgrade() -> None:
    """Go back to the old shape."""

    for table, name, old, empty in COLUMNS:
        _remake(table, name, old, empty, FRACTION)


def _remake(table: str, name: str, kind: Any, empty: bool, to: str) -> None:
    """Move a column to another type: no table is made anew, so no row that belongs to it is lost."""
    default = None if empty else "0"
    op.add_column(table, sa.Column("moved", kind, nullable=empty, server_default=default))
    op.execute(f"UPDATE {table} SET moved = {to.format(name=name)} WHERE {name} IS NOT NULL")
    op.drop_column(table, name)
    op.execute(f"ALTER TABLE {table} RENAME COLUMN moved TO {name}")
