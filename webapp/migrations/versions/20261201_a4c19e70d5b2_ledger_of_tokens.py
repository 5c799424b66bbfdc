"""say what each row of the ledger of sessions is about, and refuse to send a token twice."""

import sqlalchemy as sa
from alembic import op

revision = "a4c19e70d5b2"
down_revision = "c14f9e8a3d72"
branch_labels = None
depends_on = None

SENT = sa.text("token_mark <> '' AND (outcome IS NULL OR outcome <> 'not_made')")
STEPS = "'refresh', 'trade', 'proof', 'sign_in', 'back'"


def upgrade() -> None:
    """Go to the new shape; all rows so far are of refreshes, whose tokens nobody marked."""
    # Both databases take a column with its check in one statement; no table is made anew.
    op.execute(
        "ALTER TABLE session_refresh ADD COLUMN step VARCHAR(24) DEFAULT 'refresh' NOT NULL "
        f"CONSTRAINT ck_session_refresh_sessionstep CHECK (step IN ({STEPS}))"
    )
    op.add_column(
        "session_refresh",
        sa.Column("token_mark", sa.String(length=255), server_default="", nullable=False),
    )
    op.create_index(
        "uq_session_refresh_token",
        "session_refresh",
        ["service_id", "token_mark"],
        unique=True,
        sqlite_where=SENT,
        postgresql_where=SENT,
    )
    op.add_column("service", sa.Column("renew_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back to the old shape; rows of anything but refreshes read as such."""
    op.drop_column("service", "renew_at")
    op.drop_index("uq_session_refresh_token", table_name="session_refresh")
    op.drop_column("session_refresh", "token_mark")
    op.drop_column("session_refresh", "step")
