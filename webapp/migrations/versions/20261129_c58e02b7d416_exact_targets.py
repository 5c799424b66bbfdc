"""exact targets."""

import sqlalchemy as sa
from alembic import op

revision = "c58e02b7d416"
down_revision = "c5e07d3f1a84"
branch_labels = None
depends_on = None

# Both databases take a reference with its column, and SQLite in no other way.
COLUMNS = (
    "rest_of_id INTEGER CONSTRAINT fk_delivery_rest_of_id_delivery REFERENCES delivery (id)",
    "origin_id INTEGER CONSTRAINT fk_delivery_origin_id_delivery REFERENCES delivery (id)",
)


def upgrade() -> None:
    """Go to the new shape: a delivery to one person, or to those another did not reach."""

    one = sa.Column("personal", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("delivery", one)
    for column in COLUMNS:
        op.execute(f"ALTER TABLE delivery ADD COLUMN {column}")
    op.create_index(op.f("ix_delivery_origin_id"), "delivery", ["origin_id"])
    op.create_table(
        "delivery_recipient",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_recipient_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_delivery_recipient_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_delivery_recipient")),
    )
    op.create_index(
        op.f("ix_delivery_recipient_visitor_id"), "delivery_recipient", ["visitor_id"]
    )


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_table("delivery_recipient")
    op.drop_index(op.f("ix_delivery_origin_id"), table_name="delivery")
    for column in ("origin_id", "rest_of_id", "personal"):
        op.drop_column("delivery", column)
