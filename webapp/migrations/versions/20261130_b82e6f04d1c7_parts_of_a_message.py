"""let each part of a message have attempts of its own, and let those hold what it is called.

What a network calls a thing moves from the message to the attempt that made it, with the index
that keeps two messages from claiming one thing. A message keeps what its first part is called.
"""

import sqlalchemy as sa
from alembic import op

revision = "b82e6f04d1c7"
down_revision = "a7d15c3e90f4"
branch_labels = None
depends_on = None

# Both databases take a reference with its column, and SQLite in no other way.
SERVICE = (
    "service_id INTEGER CONSTRAINT fk_attempt_service_id_service REFERENCES service (id)"
)
INDEX = "uq_attempt_service_id_kind_remote_id"
OLD_INDEX = "uq_message_service_id_kind_remote_id"
# The attempt that was accepted last; the last one of all where a late answer left none.
MADE_IT = """
    UPDATE attempt SET
        service_id = (SELECT service_id FROM message WHERE message.id = attempt.message_id),
        kind = (SELECT kind FROM message WHERE message.id = attempt.message_id),
        remote_id = (SELECT remote_id FROM message WHERE message.id = attempt.message_id),
        remote_url = (SELECT remote_url FROM message WHERE message.id = attempt.message_id),
        taken_back_at = (SELECT taken_back_at FROM message WHERE message.id = attempt.message_id)
    WHERE message_id IN (SELECT id FROM message WHERE remote_id IS NOT NULL)
    AND number = (
        SELECT coalesce(max(CASE WHEN other.outcome = 'sent' THEN other.number END),
            max(other.number))
        FROM attempt AS other WHERE other.message_id = attempt.message_id
    )
"""


def upgrade() -> None:
    """Go to the new shape."""
    count = sa.Column("parts_sent", sa.Integer(), nullable=False, server_default="0")
    op.add_column("message", count)
    op.execute("UPDATE message SET parts_sent = 1 WHERE state = 'sent'")
    place = sa.Column("position", sa.Integer(), nullable=False, server_default="0")
    op.add_column("attempt", place)
    op.execute(f"ALTER TABLE attempt ADD COLUMN {SERVICE}")
    op.add_column("attempt", sa.Column("kind", sa.String(length=24), nullable=True))
    op.add_column("attempt", sa.Column("remote_id", sa.String(length=255), nullable=True))
    op.add_column("attempt", sa.Column("remote_url", sa.Text(), nullable=True))
    op.add_column("attempt", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(MADE_IT)
    _index(INDEX, "attempt")
    op.drop_index(OLD_INDEX, table_name="message")


def _index(name: str, table: str) -> None:
    known = sa.text("remote_id IS NOT NULL")
    op.create_index(
        name,
        table,
        ["service_id", "kind", "remote_id"],
        unique=True,
        sqlite_where=known,
        postgresql_where=known,
    )


def downgrade() -> None:
    """Go back to the old shape, which knows the first part of each message alone."""
    _index(OLD_INDEX, "message")
    op.drop_index(INDEX, table_name="attempt")
    for column in ("taken_back_at", "remote_url", "remote_id", "kind", "service_id", "position"):
        op.drop_column("attempt", column)
    op.drop_column("message", "parts_sent")
