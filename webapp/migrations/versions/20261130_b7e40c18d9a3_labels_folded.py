"""find deliveries and accounts by their label without accents, as people are found."""

import sqlalchemy as sa
from alembic import op

from webapp.kernel.folding import fold

revision = "b7e40c18d9a3"
down_revision = "6d1c9e52b7f4"
branch_labels = None
depends_on = None

BATCH = 500
# What each table is found by.
NAMES = {"delivery": ("label",), "service": ("label", "internal_name")}


def upgrade() -> None:
    """Go to the new shape, with the key of every label."""

    for table, names in NAMES.items():
        op.add_column(
            table, sa.Column("search_key", sa.Text(), nullable=False, server_default="")
        )
        _fill(table, names)


def _fill(table: str, names: tuple[str, ...]) -> None:
    """Write the keys a batch at a time, so that memory stays flat."""
    rows = sa.table(table, *(sa.column(name) for name in ("id", "search_key", *names)))
    known = sa.select(rows.c.id, *(rows.c[name] for name in names)).order_by(rows.c.id).limit(BATCH)
    changed = sa.update(rows).where(rows.c.id == sa.bindparam("row"))
    changed = changed.values(search_key=sa.bindparam("found"))
    last = 0
    while found := op.get_bind().execute(known.where(rows.c.id > last)).all():
        last = found[-1][0]
        keys = [{"row": row, "found": fold(" ".join(texts))} for row, *texts in found]
        op.get_bind().execute(changed, keys)


def downgrade() -> None:
    """Go back to the old shape."""

    for table in NAMES:
        op.drop_column(table, "search_key")
