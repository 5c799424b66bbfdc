"""stop is no first word."""

from alembic import op

revision = "e3b90f47c2a8"
down_revision = "9b3e61d0c8f7"
branch_labels = None
depends_on = None

OF_PERSON = """
    inbound_note.service_id = subscription.service_id
    AND inbound_note.visitor_id = subscription.visitor_id
"""


def upgrade() -> None:
    """Take a STOP for no first word any more: the first message that is none stands instead."""

    op.execute(f"""
        UPDATE subscription SET wrote_first_at = (
            SELECT MIN(inbound_note.received_at) FROM inbound_note
            WHERE {OF_PERSON} AND inbound_note.wish NOT IN ('stop', 'doubt')
        )
        WHERE EXISTS (
            SELECT 1 FROM inbound_note
            WHERE {OF_PERSON} AND inbound_note.wish = 'stop'
            AND inbound_note.received_at = subscription.wrote_first_at
        )
    """)


def downgrade() -> None:
    """Take the first message again, whatever it said."""

    op.execute(f"""
        UPDATE subscription SET wrote_first_at = (
            SELECT MIN(inbound_note.received_at) FROM inbound_note WHERE {OF_PERSON}
        )
        WHERE EXISTS (
            SELECT 1 FROM inbound_note
            WHERE {OF_PERSON} AND inbound_note.wish = 'stop' AND (
                subscription.wrote_first_at IS NULL
                OR inbound_note.received_at < subscription.wrote_first_at
            )
        )
    """)
