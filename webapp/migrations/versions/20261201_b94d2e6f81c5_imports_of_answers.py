"""imports of answers.

Revises: e62f9b04d7c1
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "b94d2e6f81c5"
down_revision = "e62f9b04d7c1"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
COUNTS = ("total", "done", "agreed", "refused", "outdone", "same", "wrong")
STATE = sa.Enum(
    *("mapping", "running", "finished", "stopped"),
    name="consentimportstate",
    native_enum=False,
    create_constraint=True,
    length=24,
)


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "consent_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("lease_token", sa.String(length=255), server_default="", nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("state", STATE, nullable=False),
        *(sa.Column(name, JSON, nullable=False) for name in ("columns", "mapping", "options")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("brought_at", MOMENT, nullable=False),
        sa.Column("brought_by", sa.String(length=255), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_import")),
    )
    op.create_index("ix_consent_import_state_id", "consent_import", ["state", "id"])
    op.create_table(
        "consent_import_piece",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["consent_import.id"],
            name=op.f("fk_consent_import_piece_import_id_consent_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_consent_import_piece")),
    )
    op.create_table(
        "consent_import_fault",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=255), nullable=False),
        sa.Column("code", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["consent_import.id"],
            name=op.f("fk_consent_import_fault_import_id_consent_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_consent_import_fault")),
    )


def downgrade() -> None:
    """Go back to the old shape: what was taken in stays, files and reports go."""
    op.drop_table("consent_import_fault")
    op.drop_table("consent_import_piece")
    op.drop_index("ix_consent_import_state_id", "consent_import")
    op.drop_table("consent_import")
