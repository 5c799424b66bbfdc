"""keep which message said yes or no, beyond the message, the consent and the person."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "e5a2c7094bd1"
down_revision = "d91e6b3f70a8"
branch_labels = None
depends_on = None

# Every message that has a meaning, or by which the person wrote first.
SAID = """
    SELECT note.service_id, note.remote_id, note.visitor_id, note.wish, note.text,
    note.received_at FROM inbound_note AS note
    WHERE note.wish <> '' OR EXISTS (
        SELECT 1 FROM subscription WHERE subscription.service_id = note.service_id
        AND subscription.visitor_id = note.visitor_id
        AND subscription.wrote_first_at = note.received_at
    )
"""
BATCH = 1_000


def upgrade() -> None:
    """Go to the new shape; what is still kept is proved from now on."""

    table = op.create_table(
        "consent_evidence",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(length=255), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("meaning", sa.String(length=255), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_consent_evidence_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_consent_evidence_visitor_id_visitor"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("service_id", "remote_id", name=op.f("pk_consent_evidence")),
    )
    op.create_index("ix_consent_evidence_visitor_id", "consent_evidence", ["visitor_id"])
    connection = op.get_bind()
    said = sa.text(SAID).columns(received_at=sa.DateTime(timezone=True))
    for rows in connection.execute(said).partitions(BATCH):
        connection.execute(
            table.insert(),
            [
                {
                    "service_id": row.service_id,
                    "remote_id": row.remote_id,
                    "visitor_id": row.visitor_id,
                    "meaning": row.wish or "wrote_first",
                    "text_hash": hashlib.sha256(row.text.encode()).hexdigest(),
                    "said_at": row.received_at,
                }
                for row in rows
            ],
        )


def downgrade() -> None:
    """Go back to the old shape, which proves what holds now."""

    op.drop_index("ix_consent_evidence_visitor_id", "consent_evidence")
    op.drop_table("consent_evidence")
