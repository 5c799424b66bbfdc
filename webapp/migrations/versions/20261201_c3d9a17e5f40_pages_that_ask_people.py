"""pages that ask people.

Revises: b94d2e6f81c5
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c3d9a17e5f40"
down_revision = "b94d2e6f81c5"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=255)
HASH = sa.String(length=64)
CODE = sa.String(length=24)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "acquisition_page",
    "acquisition_answer",
    "acquisition_day",
    "acquisition_picture",
    "acquisition_source",
    "acquisition_version",
    "acquisition_visit",
)


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "acquisition_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", WORD, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "share",
                "form",
                name="pagekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("label", WORD, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "online",
                "closed",
                name="pagestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("draft", JSON, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("preview_key", WORD, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", WORD, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("online_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_acquisition_page_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acquisition_page")),
        sa.UniqueConstraint("slug", name=op.f("uq_acquisition_page_slug")),
        sa.UniqueConstraint("preview_key", name=op.f("uq_acquisition_page_preview_key")),
    )
    op.create_index(
        op.f("ix_acquisition_page_service_id"), "acquisition_page", ["service_id"], unique=False
    )
    op.create_table(
        "acquisition_answer",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", CODE, nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["acquisition_page.id"],
            name=op.f("fk_acquisition_answer_page_id_acquisition_page"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_acquisition_answer_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page_id", "visitor_id", name=op.f("pk_acquisition_answer")),
    )
    op.create_index(
        op.f("ix_acquisition_answer_page_id_answered_at"),
        "acquisition_answer",
        ["page_id", "answered_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_acquisition_answer_visitor_id"), "acquisition_answer", ["visitor_id"], unique=False
    )
    op.create_table(
        "acquisition_day",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("viewed", sa.Integer(), nullable=False),
        sa.Column("fetched", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("signed_in", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("consented", sa.Integer(), nullable=False),
        sa.Column("profiles", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["acquisition_page.id"],
            name=op.f("fk_acquisition_day_page_id_acquisition_page"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page_id", "day", "source", name=op.f("pk_acquisition_day")),
    )
    op.create_table(
        "acquisition_picture",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("digest", HASH, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["acquisition_page.id"],
            name=op.f("fk_acquisition_picture_page_id_acquisition_page"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page_id", "digest", name=op.f("pk_acquisition_picture")),
    )
    op.create_table(
        "acquisition_source",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("name", WORD, nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["acquisition_page.id"],
            name=op.f("fk_acquisition_source_page_id_acquisition_page"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page_id", "name", name=op.f("pk_acquisition_source")),
    )
    op.create_table(
        "acquisition_version",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("seal", HASH, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["acquisition_page.id"],
            name=op.f("fk_acquisition_version_page_id_acquisition_page"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page_id", "number", name=op.f("pk_acquisition_version")),
    )
    op.create_table(
        "acquisition_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", CODE, nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("holder", HASH, nullable=False),
        sa.Column("state_hash", HASH, nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("remote_id", WORD, nullable=True),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["acquisition_page.id"],
            name=op.f("fk_acquisition_visit_page_id_acquisition_page"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acquisition_visit")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_acquisition_visit_state_hash")),
    )
    op.create_index(
        op.f("ix_acquisition_visit_ends_at"), "acquisition_visit", ["ends_at"], unique=False
    )
    op.create_index(
        op.f("ix_acquisition_visit_holder"), "acquisition_visit", ["holder"], unique=False
    )
    op.create_index(
        op.f("ix_acquisition_visit_page_id"), "acquisition_visit", ["page_id"], unique=False
    )
    op.create_index(
        op.f("ix_acquisition_visit_remote_id"), "acquisition_visit", ["remote_id"], unique=False
    )


def downgrade() -> None:
    """Go back to the old shape; the pages are gone then, and what they came to."""
    for table in reversed(TABLES):
        op.drop_table(table)
