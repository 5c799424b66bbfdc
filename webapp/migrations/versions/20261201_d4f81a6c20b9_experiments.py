"""experiments: the plan by which texts are judged.

Revises: c3d9a17e5f40
"""

import sqlalchemy as sa
from alembic import op

revision = "d4f81a6c20b9"
down_revision = "c3d9a17e5f40"
branch_labels = None
depends_on = None


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    """Go to the new shape."""
    op.create_table(
        "experiment_plan",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("held_out", sa.Integer(), nullable=False),
        sa.Column("metric", _word("metric", "clicked", "converted", "wrote"), nullable=False),
        sa.Column("within_hours", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("matters", sa.Integer(), nullable=False),
        sa.Column("stop", _word("stoprule", "end", "shown"), nullable=False),
        sa.CheckConstraint(
            "held_out >= 0 AND held_out < 100", name=op.f("ck_experiment_plan_held_out_share")
        ),
        sa.CheckConstraint("within_hours > 0", name=op.f("ck_experiment_plan_within_positive")),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_experiment_plan_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_experiment_plan")),
    )


def downgrade() -> None:
    """Go back to the old shape; variants stay, without a plan."""
    op.drop_table("experiment_plan")
