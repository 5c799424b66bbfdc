"""ledger of deletions."""

import sqlalchemy as sa
from alembic import op

revision = "b2e94f07c1d8"
down_revision = "3b7e91c4d2a6"
branch_labels = None
depends_on = None

OUTCOMES = ("deleted", "refused", "unknown")


def upgrade() -> None:
    """Go to the new shape: each call that deletes a part of a message has a row before it."""

    op.create_table(
        "deletion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                *OUTCOMES,
                name="deletionoutcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("code", sa.String(length=255), nullable=False, server_default=""),
        sa.Column("said", sa.Text(), nullable=False, server_default=""),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["attempt.id"],
            name=op.f("fk_deletion_attempt_id_attempt"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion")),
    )
    op.create_index(op.f("ix_deletion_attempt_id"), "deletion", ["attempt_id"])


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_index(op.f("ix_deletion_attempt_id"), table_name="deletion")
    op.drop_table("deletion")
