"""what consent stands on."""

import sqlalchemy as sa
from alembic import op

revision = "c5d2a7e81f36"
down_revision = "c58e02b7d416"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TEXTS = {
    "subscription": {"opt_in_purpose": sa.Text(), "opt_out_note": sa.Text()},
    "inbound_note": {"settled": sa.String(255), "settled_by": sa.String(255)},
}


def upgrade() -> None:
    """Go to the new shape: what was recorded before has no purpose, and nothing is in doubt."""

    for table, columns in TEXTS.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("subscription", sa.Column("doubted_at", MOMENT, nullable=True))
    op.add_column("inbound_note", sa.Column("settled_at", MOMENT, nullable=True))
    op.create_index(
        "ix_subscription_doubted",
        "subscription",
        ["service_id", "visitor_id"],
        sqlite_where=sa.text("doubted_at IS NOT NULL"),
        postgresql_where=sa.text("doubted_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Go back to the old shape: whoever is held now must not be messaged, so it counts as a STOP."""

    op.execute(
        "UPDATE subscription SET opted_out_at = doubted_at WHERE doubted_at IS NOT NULL"
        " AND (opted_out_at IS NULL OR opted_out_at < doubted_at)"
    )
    op.drop_index("ix_subscription_doubted", "subscription")
    op.drop_column("inbound_note", "settled_at")
    op.drop_column("subscription", "doubted_at")
    for table, columns in TEXTS.items():
        for name in columns:
            op.drop_column(table, name)
