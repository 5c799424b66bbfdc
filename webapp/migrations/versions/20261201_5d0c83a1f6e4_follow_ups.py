"""follow-ups: the one message after a yes.

Revises: 3c7ad91b52e6
"""

import sqlalchemy as sa
from alembic import op

revision = "5d0c83a1f6e4"
down_revision = "3c7ad91b52e6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""
    for name in ("continuous", "follows_imports"):
        column = sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column("delivery", column)
    op.create_index(
        "ix_delivery_continuous",
        "delivery",
        ["continuous"],
        sqlite_where=sa.text("continuous"),
        postgresql_where=sa.text("continuous"),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_follow_up_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_follow_up_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_follow_up_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint(
            "service_id", "visitor_id", name=op.f("uq_follow_up_service_id_visitor_id")
        ),
    )
    for name in ("visitor_id", "delivery_id", "at"):
        op.create_index(op.f(f"ix_follow_up_{name}"), "follow_up", [name])


def downgrade() -> None:
    """Go back to the old shape; what follows a yes ends once its messages are out.

    Its drafts are then to everybody who agreed, and have to be analysed before they are confirmed.
    """
    op.execute(
        "UPDATE delivery SET resume_at = confirmed_at "
        "WHERE continuous AND state = 'sending' AND resume_at IS NULL"
    )
    op.drop_table("follow_up")
    op.drop_index("ix_delivery_continuous", "delivery")
    for name in ("follows_imports", "continuous"):
        op.drop_column("delivery", name)
