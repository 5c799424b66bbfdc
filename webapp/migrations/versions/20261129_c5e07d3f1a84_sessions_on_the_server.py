"""sessions on the server."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "c5e07d3f1a84"
down_revision = "5c8e1b7a40d3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape: whoever is logged in logs in once more."""

    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stays", sa.Boolean(), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"],
            ["operator.id"],
            name=op.f("fk_login_session_operator_id_operator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    op.create_index(
        op.f("ix_login_session_operator_id_address"), "login_session", ["operator_id", "address"]
    )
    op.create_index(op.f("ix_login_session_seen_at"), "login_session", ["seen_at"])
    op.drop_column("operator", "session_token")


def downgrade() -> None:
    """Go back to the old shape; each operator gets a token that no browser has."""

    token = sa.Column("session_token", sa.String(length=255), nullable=False, server_default="")
    op.add_column("operator", token)
    operators = sa.table("operator", sa.column("id"), sa.column("session_token"))
    connection = op.get_bind()
    for number in connection.scalars(sa.select(operators.c.id)).all():
        made = operators.update().where(operators.c.id == number)
        connection.execute(made.values(session_token=secrets.token_urlsafe(24)))
    op.drop_index(op.f("ix_login_session_seen_at"), table_name="login_session")
    op.drop_index(op.f("ix_login_session_operator_id_address"), table_name="login_session")
    op.drop_table("login_session")
