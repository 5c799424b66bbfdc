"""find people quickly."""

import sqlalchemy as sa
from alembic import op

revision = "7c1f0a92be34"
down_revision = "4e2e553c2272"
branch_labels = None
depends_on = None

RARE = {
    "asked": "wrote_first_at IS NOT NULL OR opted_in_at IS NOT NULL",
    "wrote_first": "wrote_first_at IS NOT NULL",
    "opted_in": "opted_in_at IS NOT NULL",
    "opted_out": "opted_out_at IS NOT NULL",
    "ended": "ended_at IS NOT NULL",
    "quarantined": "quarantined_at IS NOT NULL",
}


def upgrade() -> None:
    """Go to the new shape."""

    op.create_index(
        op.f("ix_visitor_folder_id_id"), "visitor", ["folder_id", "id"], unique=False
    )
    for name, holds in RARE.items():
        op.create_index(
            f"ix_subscription_{name}",
            "subscription",
            ["service_id", "visitor_id"],
            unique=False,
            sqlite_where=sa.text(holds),
            postgresql_where=sa.text(holds),
        )


def downgrade() -> None:
    """Go back to the old shape."""

    for name in RARE:
        op.drop_index(f"ix_subscription_{name}", table_name="subscription")
    op.drop_index(op.f("ix_visitor_folder_id_id"), table_name="visitor")
