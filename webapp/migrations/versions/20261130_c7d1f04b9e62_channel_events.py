"""keep what networks tell by themselves, and whether messages arrived by that."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "c7d1f04b9e62"
down_revision = "5b2e8c71d904"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
WAITS = sa.text("applied_at IS NULL")


def _word(name, *words):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


KIND = _word(
    "eventkind", "delivered", "bounced", "complained", "replied", "followed", "unfollowed"
)
OUTCOME = _word("eventoutcome", "applied", "older", "no_message", "nobody", "failed")


def upgrade() -> None:
    """Go to the new shape."""

    op.create_table(
        "channel_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.String(length=255), server_default="", nullable=False),
        sa.Column("lasting", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", OUTCOME, nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "service_id", "event_id", name=op.f("uq_channel_event_service_id_event_id")
        ),
    )
    op.create_index(
        "ix_channel_event_waiting",
        "channel_event",
        ["due_at", "id"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_index("ix_channel_event_received_at", "channel_event", ["received_at"])
    op.add_column(
        "message", sa.Column("arrival", sa.String(length=255), server_default="", nullable=False)
    )
    op.add_column("message", sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("service", sa.Column("event_token", sa.String(length=255), nullable=True))
    op.create_index("uq_service_event_token", "service", ["event_token"], unique=True)


def downgrade() -> None:
    """Go back to the old shape; what networks told is forgotten."""

    op.drop_index("uq_service_event_token", "service")
    op.drop_column("service", "event_token")
    op.drop_column("message", "arrived_at")
    op.drop_column("message", "arrival")
    op.drop_table("channel_event")
