"""drop costly indexes."""

from alembic import op

revision = "b3d95c10e7a2"
down_revision = "7c1f0a92be34"
branch_labels = None
depends_on = None

# Every follower paid for these at each sync; the indexes of the few do their work.
COLUMNS = ("seen_run_id", "wrote_first_at", "opted_in_at")


def upgrade() -> None:
    """Go to the new shape."""

    for column in COLUMNS:
        op.drop_index(op.f(f"ix_subscription_service_id_{column}"), table_name="subscription")


def downgrade() -> None:
    """Go back to the old shape."""

    for column in COLUMNS:
        op.create_index(
            op.f(f"ix_subscription_service_id_{column}"),
            "subscription",
            ["service_id", column],
            unique=False,
        )
