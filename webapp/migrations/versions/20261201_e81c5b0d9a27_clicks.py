"""clicks.

Revises: e7b20c5f8a14
"""

import sqlalchemy as sa
from alembic import op

revision = "e81c5b0d9a27"
down_revision = "e7b20c5f8a14"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=255)
TABLES = (
    "click_mark",
    "tracking_choice",
    "link_domain",
    "tracking_refusal",
    "delivery_link",
    "tracked_link",
    "click_count",
    "conversion",
    "click",
    "personal_address",
)


def _kind() -> sa.Enum:
    """Return the column type of who followed a link; each table has a constraint of its own."""
    return sa.Enum(
        "person", "fetcher", name="clickkind", native_enum=False, create_constraint=True, length=24
    )


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "click_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_click", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_click_mark")),
    )
    op.create_table(
        "tracking_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("names_people", sa.Boolean(), nullable=False),
        sa.Column("campaign", sa.Boolean(), nullable=False),
        sa.Column("click_ids", sa.Boolean(), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        sa.Column("substitute", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_choice")),
    )
    op.create_table(
        "link_domain",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("address", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_link_domain_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_link_domain")),
    )
    op.create_table(
        "tracking_refusal",
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_tracking_refusal_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visitor_id", name=op.f("pk_tracking_refusal")),
    )
    op.create_table(
        "delivery_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", WORD, nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_link_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_link")),
        sa.UniqueConstraint(
            "delivery_id", "digest", name=op.f("uq_delivery_link_delivery_id_digest")
        ),
    )
    op.create_table(
        "tracked_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_tracked_link_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracked_link")),
        sa.UniqueConstraint(
            "delivery_id", "digest", name=op.f("uq_tracked_link_delivery_id_digest")
        ),
    )
    op.create_table(
        "click_count",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.Column("newcomers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["tracked_link.id"],
            name=op.f("fk_click_count_link_id_tracked_link"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_click_count_service_id_service")
        ),
        sa.PrimaryKeyConstraint(
            "link_id", "service_id", "hour", "kind", name=op.f("pk_click_count")
        ),
    )
    op.create_index(
        op.f("ix_click_count_service_id_hour"), "click_count", ["service_id", "hour"], unique=False
    )
    op.create_table(
        "conversion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("click_key", sa.BigInteger(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("reference", WORD, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", WORD, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["tracked_link.id"],
            name=op.f("fk_conversion_link_id_tracked_link"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversion")),
        sa.UniqueConstraint(
            "click_key", "kind", "reference", name=op.f("uq_conversion_click_key_kind_reference")
        ),
    )
    op.create_index(op.f("ix_conversion_link_id"), "conversion", ["link_id"], unique=False)
    op.create_table(
        "click",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("rule", WORD, server_default="", nullable=False),
        sa.Column("first_on_link", sa.Integer(), nullable=False),
        sa.Column("first_in_delivery", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["tracked_link.id"],
            name=op.f("fk_click_link_id_tracked_link"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_click_message_id_message"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_click_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_click_visitor_id_visitor"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_click")),
        sa.UniqueConstraint("key", name=op.f("uq_click_key")),
    )
    op.create_index(op.f("ix_click_at"), "click", ["at"], unique=False)
    op.create_index(op.f("ix_click_link_id_id"), "click", ["link_id", "id"], unique=False)
    op.create_index(
        "ix_click_message_id",
        "click",
        ["message_id", "link_id"],
        unique=False,
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_click_visitor_id",
        "click",
        ["visitor_id", "at"],
        unique=False,
        sqlite_where=sa.text("visitor_id IS NOT NULL"),
        postgresql_where=sa.text("visitor_id IS NOT NULL"),
    )
    op.create_table(
        "personal_address",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["tracked_link.id"],
            name=op.f("fk_personal_address_link_id_tracked_link"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_personal_address_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("link_id", "message_id", name=op.f("pk_personal_address")),
    )
    op.create_index(
        op.f("ix_personal_address_message_id"), "personal_address", ["message_id"], unique=False
    )
    # What went out before this has no link that counts.
    op.add_column(
        "delivery",
        sa.Column("counts_clicks", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.execute("UPDATE delivery SET counts_clicks = false WHERE confirmed_at IS NOT NULL")


def downgrade() -> None:
    """Go back to the old shape; short links that went out lead nowhere then."""
    op.drop_column("delivery", "counts_clicks")
    for table in reversed(TABLES):
        op.drop_table(table)
