"""find what people wrote to an account since a moment."""

from alembic import op

revision = "a83e5b1d04c7"
down_revision = "f1c6a90b37d2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape: the answers to a delivery are read from its beginning on."""

    op.create_index(
        "ix_inbound_note_service_id_received_at", "inbound_note", ["service_id", "received_at"]
    )


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_index("ix_inbound_note_service_id_received_at", "inbound_note")
