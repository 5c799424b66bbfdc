"""keep files of profiles until they are imported, and what became of them.

Revises: e81c5b0d9a27
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "4a8e2c60f9d7"
down_revision = "e81c5b0d9a27"
branch_labels = None
depends_on = None

WORD = sa.String(length=255)
KEY = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Keep the rows of files, and the faults of those that were not read."""
    op.create_table(
        "profile_import",
        sa.Column("file_name", WORD, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "mapping",
                "running",
                "finished",
                "stopped",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("brought_at", MOMENT, nullable=False),
        sa.Column("brought_by", WORD, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("lease_token", WORD, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_import")),
    )
    op.create_index(
        op.f("ix_profile_import_state_id"), "profile_import", ["state", "id"], unique=False
    )
    op.create_table(
        "profile_import_fault",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("field", WORD, nullable=False),
        sa.Column("code", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["profile_import.id"],
            name=op.f("fk_profile_import_fault_import_id_profile_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_profile_import_fault")),
    )
    op.create_table(
        "profile_import_piece",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["profile_import.id"],
            name=op.f("fk_profile_import_piece_import_id_profile_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_profile_import_piece")),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("profile_import_piece")
    op.drop_table("profile_import_fault")
    op.drop_index(op.f("ix_profile_import_state_id"), table_name="profile_import")
    op.drop_table("profile_import")
