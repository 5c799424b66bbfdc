"""keep what it takes to undo a merge of two profiles.

Revises: 4a8e2c60f9d7
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b07e5d92c3a8"
down_revision = "4a8e2c60f9d7"
branch_labels = None
depends_on = None

WORD = sa.String(length=255)
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Keep both profiles as they were."""
    op.create_table('profile_merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('gone_id', sa.Integer(), nullable=False),
    sa.Column('before', JSON, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('merged_at', MOMENT, nullable=False),
    sa.Column('merged_by', WORD, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_profile_merge'))
    )
    op.create_index(op.f('ix_profile_merge_gone_id'), 'profile_merge', ['gone_id'], unique=False)
    op.create_index(op.f('ix_profile_merge_kept_id'), 'profile_merge', ['kept_id'], unique=False)
    op.create_index(op.f('ix_profile_merge_merged_at'), 'profile_merge', ['merged_at'], unique=False)


def downgrade() -> None:
    """Forget them: merges stay as they are."""
    op.drop_index(op.f('ix_profile_merge_merged_at'), table_name='profile_merge')
    op.drop_index(op.f('ix_profile_merge_kept_id'), table_name='profile_merge')
    op.drop_index(op.f('ix_profile_merge_gone_id'), table_name='profile_merge')
    op.drop_table('profile_merge')
