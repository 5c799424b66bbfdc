"""keep profiles, their tags and fields, and which visitors they are.

Revises: 5d8b1f3ca7e4
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "9d3c5a71e0b4"
down_revision = "5d8b1f3ca7e4"
branch_labels = None
depends_on = None

WORD = sa.String(length=255)
KEY = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Keep the contacts that the team owns."""
    op.create_table(
        "own_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", WORD, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_field")),
        sa.UniqueConstraint("key", name=op.f("uq_own_field_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", WORD, nullable=False),
        sa.Column("last_name", WORD, nullable=False),
        sa.Column("email", WORD, nullable=False),
        sa.Column("phone", WORD, nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("language", WORD, nullable=False),
        sa.Column("own", JSON, nullable=False),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("sort_key", KEY, nullable=False),
        sa.Column("email_key", KEY, nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "hand",
                "import",
                "page",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("origin_about", WORD, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_profile_created_at_id"), "profile", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_profile_email_key_id"), "profile", ["email_key", "id"], unique=False)
    op.create_index(op.f("ix_profile_language_id"), "profile", ["language", "id"], unique=False)
    op.create_index(op.f("ix_profile_origin_id"), "profile", ["origin", "id"], unique=False)
    op.create_index(
        op.f("ix_profile_name_key_birth_date"), "profile", ["name_key", "birth_date"], unique=False
    )
    op.create_index(op.f("ix_profile_sort_key_id"), "profile", ["sort_key", "id"], unique=False)
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", WORD, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("key", name=op.f("uq_tag_key")),
    )
    op.create_table(
        "profile_tag",
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profile.id"],
            name=op.f("fk_profile_tag_profile_id_profile"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_profile_tag_tag_id_tag"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tag_id", "profile_id", name=op.f("pk_profile_tag")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_profile_tag_profile_id"), "profile_tag", ["profile_id"], unique=False)
    op.create_table(
        "profile_word",
        sa.Column("word", KEY, nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profile.id"],
            name=op.f("fk_profile_word_profile_id_profile"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "profile_id", name=op.f("pk_profile_word")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_profile_word_profile_id"), "profile_word", ["profile_id"], unique=False
    )
    op.create_table(
        "not_same",
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("said_by", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profile.id"],
            name=op.f("fk_not_same_profile_id_profile"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_not_same_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visitor_id", "profile_id", name=op.f("pk_not_same")),
    )
    op.create_index(op.f("ix_not_same_profile_id"), "not_same", ["profile_id"], unique=False)
    op.create_table(
        "profile_link",
        sa.Column("visitor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "email",
                "names",
                "hand",
                "made",
                name="linkedby",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", WORD, nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.Column("linked_by", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profile.id"],
            name=op.f("fk_profile_link_profile_id_profile"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_profile_link_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visitor_id", name=op.f("pk_profile_link")),
    )
    op.create_index(
        op.f("ix_profile_link_profile_id"), "profile_link", ["profile_id"], unique=False
    )
    op.create_table(
        "waiting_contact",
        sa.Column("visitor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "hand",
                "import",
                "page",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("origin_about", WORD, nullable=False),
        sa.Column(
            "why",
            sa.Enum(
                "by_hand",
                "several",
                "contradicts",
                "too_little",
                name="unclear",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("shared_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_waiting_contact_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visitor_id", name=op.f("pk_waiting_contact")),
    )
    op.create_index(
        op.f("ix_waiting_contact_shared_at"), "waiting_contact", ["shared_at"], unique=False
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_index(op.f("ix_waiting_contact_shared_at"), table_name="waiting_contact")
    op.drop_table("waiting_contact")
    op.drop_index(op.f("ix_profile_link_profile_id"), table_name="profile_link")
    op.drop_table("profile_link")
    op.drop_index(op.f("ix_not_same_profile_id"), table_name="not_same")
    op.drop_table("not_same")
    op.drop_index(op.f("ix_profile_word_profile_id"), table_name="profile_word")
    op.drop_table("profile_word")
    op.drop_index(op.f("ix_profile_tag_profile_id"), table_name="profile_tag")
    op.drop_table("profile_tag")
    op.drop_table("tag")
    op.drop_index(op.f("ix_profile_sort_key_id"), table_name="profile")
    op.drop_index(op.f("ix_profile_name_key_birth_date"), table_name="profile")
    op.drop_index(op.f("ix_profile_origin_id"), table_name="profile")
    op.drop_index(op.f("ix_profile_language_id"), table_name="profile")
    op.drop_index(op.f("ix_profile_email_key_id"), table_name="profile")
    op.drop_index(op.f("ix_profile_created_at_id"), table_name="profile")
    op.drop_table("profile")
    op.drop_table("own_field")
