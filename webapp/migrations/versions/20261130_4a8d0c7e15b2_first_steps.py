"""when followers were first read to the end, and who put the first steps away."""

import sqlalchemy as sa
from alembic import op

revision = "4a8d0c7e15b2"
down_revision = "3f9a52e7c1d8"
branch_labels = None
depends_on = None

# The end of the first run that read an account whole. Where runs were cleaned up since, the first
# follower tells: that is too early by the length of that run, and long ago.
KNOWN = """
UPDATE service SET audience_known_at = COALESCE(
  (SELECT MIN(run.ended_at) FROM run JOIN workflow ON workflow.id = run.workflow_id
   WHERE workflow.job = 'synchronise' AND workflow.kind = service.kind AND run.state = 'done'
   AND run.ended_at >= (SELECT MIN(subscription.followed_at) FROM subscription
                        WHERE subscription.service_id = service.id)),
  (SELECT MIN(subscription.followed_at) FROM subscription
   WHERE subscription.service_id = service.id))
"""


def upgrade() -> None:
    """Go to the new shape."""

    op.add_column("service", sa.Column("audience_known_at", sa.DateTime(True), nullable=True))
    op.add_column(
        "operator",
        sa.Column("start_away", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute(KNOWN)


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_column("operator", "start_away")
    op.drop_column("service", "audience_known_at")
