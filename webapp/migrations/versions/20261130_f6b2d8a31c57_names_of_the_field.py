"""call columns and a table by the names of the field."""

import sqlalchemy as sa
from alembic import op

revision = "f6b2d8a31c57"
down_revision = "c60d9f27ab18"
branch_labels = None
depends_on = None

COLUMNS = (
    ("service_secret", "locked", "ciphertext"),
    ("service_state", "locked", "ciphertext"),
    ("visitor", "friends", "follower_count"),
    ("delivery", "held_by", "wait_reason"),
    ("delivery", "held_code", "wait_code"),
    ("run", "place", "checkpoint"),
)
INDEXES = (("heard",), ("visitor_id",), ("service_id", "received_at"))
WORD = sa.String(length=255)
MOMENT = sa.DateTime(timezone=True)
KEPT = (
    "id, service_id, visitor_id, remote_id, text, wish, settled, settled_by, settled_at, "
    "received_at, heard, read_at"
)
# Numbers go on behind those of the rows that came along.
GO_ON = """
    SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id))
    FROM {table} HAVING max(id) IS NOT NULL
"""


def upgrade() -> None:
    """Go to the new names."""
    for table, old, new in COLUMNS:
        _rename(table, old, new)
    _index_again("friends", "follower_count")
    _move("inbound_note", "received_message")


def downgrade() -> None:
    """Go back to the old names."""
    for table, old, new in COLUMNS:
        _rename(table, new, old)
    _index_again("follower_count", "friends")
    _move("received_message", "inbound_note")


def _rename(table: str, old: str, new: str) -> None:
    """Rename a column in so many words.

    Alembic would write the whole table anew on SQLite, and lose by cascade what belongs to its rows.
    """
    op.execute(f'ALTER TABLE "{table}" RENAME COLUMN {old} TO {new}')


def _index_again(old: str, new: str) -> None:
    op.drop_index(f"ix_visitor_{old}_id", table_name="visitor")
    op.create_index(f"ix_visitor_{new}_id", "visitor", [new, "id"])


def _move(old: str, new: str) -> None:
    """Move the messages into a table whose constraints have the new name, too.

    Nothing belongs to these rows.
    """
    op.create_table(
        new,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", WORD, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wish", WORD, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("settled", WORD, nullable=False, server_default=""),
        sa.Column("settled_by", WORD, nullable=False, server_default=""),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("heard", WORD, nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f(f"fk_{new}_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f(f"fk_{new}_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{new}")),
        sa.UniqueConstraint(
            "service_id", "remote_id", name=op.f(f"uq_{new}_service_id_remote_id")
        ),
    )
    op.execute(f"INSERT INTO {new} ({KEPT}) SELECT {KEPT} FROM {old}")
    op.drop_table(old)
    for columns in INDEXES:
        op.create_index(op.f(f"ix_{new}_{'_'.join(columns)}"), new, [*columns])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(GO_ON.format(table=new))
