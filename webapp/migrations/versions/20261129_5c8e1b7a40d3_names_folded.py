"""find people by any word of their name, without accents; keep the name they are greeted by."""

import sqlalchemy as sa
from alembic import op

from webapp.audience.greetings import first_name
from webapp.audience.names import LONGEST, fold, shown, words_of

revision = "5c8e1b7a40d3"
down_revision = "a1d4c7e93b52"
branch_labels = None
depends_on = None

BATCH = 500
KEY = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")
NAMES = ("handle", "name", "handle_key", "name_key", "first_name")


def upgrade() -> None:
    """Go to the new shape, with what the names of everybody known say."""

    op.add_column(
        "visitor", sa.Column("first_name", sa.String(255), nullable=False, server_default="")
    )
    op.create_table(
        "visitor_word",
        sa.Column("word", KEY, nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_visitor_word_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "visitor_id", name=op.f("pk_visitor_word")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_visitor_word_visitor_id"), "visitor_word", ["visitor_id"])
    _fill()


def _fill() -> None:
    """Rewrite the names of everybody, a batch at a time, so that memory stays flat."""
    visitor = sa.table("visitor", *(sa.column(name) for name in ("id", *NAMES)))
    known = sa.select(visitor.c.id, visitor.c.handle, visitor.c.name)
    last = 0
    while rows := _read(known.where(visitor.c.id > last).order_by(visitor.c.id).limit(BATCH)):
        last = rows[-1][0]
        _rewrite(visitor, [(key, _names(handle, name)) for key, handle, name in rows])


def _read(query: sa.Select) -> list[sa.Row]:
    return list(op.get_bind().execute(query))


def _names(handle: str, name: str) -> dict[str, str]:
    handle, name = shown(handle), shown(name)
    found = (handle, name, fold(handle), fold(name), first_name(name))
    return dict(zip(NAMES, (text[:LONGEST] for text in found), strict=True))


def _rewrite(visitor: sa.TableClause, rows: list[tuple[int, dict[str, str]]]) -> None:
    changed = sa.update(visitor).where(visitor.c.id == sa.bindparam("key"))
    changed = changed.values({name: sa.bindparam(f"new_{name}") for name in NAMES})
    op.get_bind().execute(
        changed,
        [{"key": key} | {f"new_{name}": text for name, text in found.items()} for key, found in rows],
    )
    words = [
        {"visitor_id": key, "word": word}
        for key, found in rows
        for word in words_of(found["handle_key"], found["name_key"])
    ]
    if words:
        table = sa.table("visitor_word", sa.column("visitor_id"), sa.column("word"))
        op.get_bind().execute(sa.insert(table), words)


def downgrade() -> None:
    """Go back to the old shape; keys without accents are found by it just as well."""

    op.drop_index(op.f("ix_visitor_word_visitor_id"), table_name="visitor_word")
    op.drop_table("visitor_word")
    op.drop_column("visitor", "first_name")
