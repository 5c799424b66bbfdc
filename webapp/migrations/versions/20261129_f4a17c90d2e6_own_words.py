"""own words."""

import sqlalchemy as sa
from alembic import op

revision = "f4a17c90d2e6"
down_revision = "e3f71b9a5d28"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape: an instance has words of its own, and notes tell what read them."""

    op.create_table(
        "own_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=255), nullable=False),
        sa.Column("spelled", sa.String(length=255), nullable=False),
        sa.Column("meaning", sa.String(length=255), nullable=False),
        sa.Column("added_by", sa.String(length=255), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_word")),
        sa.UniqueConstraint("spelled", name=op.f("uq_own_word_spelled")),
    )
    heard = sa.Column("heard", sa.String(length=255), nullable=False, server_default="")
    op.add_column("inbound_note", heard)
    op.create_index(op.f("ix_inbound_note_heard"), "inbound_note", ["heard"])


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_index(op.f("ix_inbound_note_heard"), table_name="inbound_note")
    op.drop_column("inbound_note", "heard")
    op.drop_table("own_word")
