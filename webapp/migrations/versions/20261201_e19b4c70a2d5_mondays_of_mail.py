"""mondays of mail.

Reports by mail go out on Monday morning by the clocks of whoever gets them, and what was refused is
tried again: so the workflow runs several times, unless somebody gave it a schedule of their own.

Revises: d5a07c93e1f8
"""

from alembic import op

revision = "e19b4c70a2d5"
down_revision = "d5a07c93e1f8"
branch_labels = None
depends_on = None

ONCE, OFTEN = "0 8 * * 1", "0 */2 * * 1,2"
CHANGE = "UPDATE workflow SET schedule = '{}' WHERE job = 'send_reports' AND schedule = '{}'"


def upgrade() -> None:
    """Go to the new shape."""
    op.execute(CHANGE.format(OFTEN, ONCE))


def downgrade() -> None:
    """Go back to the old shape."""
    op.execute(CHANGE.format(ONCE, OFTEN))
