"""clicks added up.

Reports are of many deliveries: what every link and every hour of an account got is added up.

Revises: d4f81a6c20b9
"""

import sqlalchemy as sa
from alembic import op

revision = "4f1b8c6e2d90"
down_revision = "d4f81a6c20b9"
branch_labels = None
depends_on = None

SUMS = ("number", "readers", "newcomers")
KEYS = {
    "click_total": ("link_id", "service_id", "kind"),
    "click_hour": ("service_id", "hour", "kind"),
}


def _kind() -> sa.Enum:
    """Return the column type of who followed a link; each table has a constraint of its own."""
    return sa.Enum(
        "person", "fetcher", name="clickkind", native_enum=False, create_constraint=True, length=24
    )


def upgrade() -> None:
    """Go to the new shape, and add up what was counted before."""
    op.create_table(
        "click_total",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["tracked_link.id"],
            name=op.f("fk_click_total_link_id_tracked_link"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_click_total_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("link_id", "service_id", "kind", name=op.f("pk_click_total")),
    )
    op.create_table(
        "click_hour",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_click_hour_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "hour", "kind", name=op.f("pk_click_hour")),
    )
    sums = ", ".join(f"sum({name})" for name in SUMS)
    for table, keys in KEYS.items():
        names = ", ".join(keys)
        op.execute(
            f"INSERT INTO {table} ({names}, {', '.join(SUMS)}) "  # noqa: S608 - names of ours
            f"SELECT {names}, {sums} FROM click_count GROUP BY {names}"
        )


def downgrade() -> None:
    """Go back to the old shape."""
    for table in reversed(KEYS):
        op.drop_table(table)
