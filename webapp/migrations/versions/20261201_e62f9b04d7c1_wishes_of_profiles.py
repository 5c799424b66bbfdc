"""let a wish to be erased be about a profile.

Revises: b07e5d92c3a8
"""

import sqlalchemy as sa
from alembic import op

revision = "e62f9b04d7c1"
down_revision = "b07e5d92c3a8"
branch_labels = None
depends_on = None

KEY = "fk_erasure_wish_profile_id_profile"
INDEX = "ix_erasure_wish_profile_id"


def upgrade() -> None:
    """Let a wish name a profile; no table names a wish, so SQLite may make this one anew."""
    with op.batch_alter_table("erasure_wish") as batch:
        batch.add_column(sa.Column("profile_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(KEY), "profile", ["profile_id"], ["id"], ondelete="SET NULL")
    op.create_index(op.f(INDEX), "erasure_wish", ["profile_id"])


def downgrade() -> None:
    """Take it away; wishes about profiles name nobody then."""
    op.drop_index(op.f(INDEX), table_name="erasure_wish")
    with op.batch_alter_table("erasure_wish") as batch:
        batch.drop_constraint(op.f(KEY), type_="foreignkey")
        batch.drop_column("profile_id")
