"""keep why something is held, failed or was noted as a code with its values."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "a9c1d5e83f27"
down_revision = "c27e5f91d0b4"
branch_labels = None
depends_on = None

BATCH = 500
SENTENCES = {
    "delivery": "held_by",
    "service": "fault",
    "run": "reason",
    "run_entry": "text",
    "message": "said",
    "attempt": "said",
}
SAID_IN_AUDIT = {"delivery.hold": "why", "service.state": "fault"}


def upgrade() -> None:
    """Keep what was a sentence as the value of the code `legacy`."""

    make = "json_object" if op.get_bind().dialect.name == "sqlite" else "json_build_object"
    op.execute("UPDATE delivery SET held_code = 'legacy' WHERE held_by <> '' AND held_code = ''")
    op.execute("UPDATE run SET started_by = '' WHERE started_by = 'schedule'")
    for table, column in SENTENCES.items():
        kept = f"{make}('code', 'legacy', 'values', {make}('text', {column}))"
        op.execute(
            f"UPDATE {table} SET {column} = CAST({kept} AS TEXT) WHERE {column} <> ''"
        )
    _documents("service", "checks", _checks)
    _documents("service", "account", _lacks)
    _documents("run", "place", _place)
    _documents("audit_entry", "detail", _detail, "action", *SAID_IN_AUDIT)


def _legacy(text):
    return {"code": "legacy", "values": {"text": text}} if isinstance(text, str) and text else text


def _checks(found):
    named = ("label", "detail", "fix")
    return [item | {name: _legacy(item.get(name, "")) for name in named} for item in found]


def _lacks(account):
    lacks = account.get("lacks")
    kept = {"lacks": {name: _legacy(why) for name, why in lacks.items()}} if lacks else {}
    return account | kept


def _place(place):
    late = [item | {"why": _legacy(item.get("why", ""))} for item in place.get("late", ())]
    unread = [_legacy(why) for why in place.get("unread", ())]
    return place | ({"late": late} if late else {}) | ({"unread": unread} if unread else {})


def _detail(detail):
    said = {name: _legacy(detail[name]) for name in SAID_IN_AUDIT.values() if name in detail}
    return detail | said


def _documents(table, column, change, named="", *names):
    """Change documents a batch at a time, so that memory stays flat."""
    document = sa.JSON().with_variant(JSONB(), "postgresql")
    columns = [sa.column("id"), sa.column(column, document)]
    rows = sa.table(table, *columns, *([sa.column(named)] if named else []))
    known = sa.select(rows.c.id, rows.c[column]).order_by(rows.c.id).limit(BATCH)
    if named:
        known = known.where(rows.c[named].in_(names))
    changed = sa.update(rows).where(rows.c.id == sa.bindparam("row"))
    changed = changed.values({column: sa.bindparam("found", type_=document)})
    last = 0
    while found := op.get_bind().execute(known.where(rows.c.id > last)).all():
        last = found[-1][0]
        made = [{"row": row, "found": change(kept)} for row, kept in found if kept]
        made = [item for item in made if item["found"] != dict(found)[item["row"]]]
        if made:
            op.get_bind().execute(changed, made)


def downgrade() -> None:
    """Go back to texts: what has a code without words of its own is told by the code."""

    for table, column in SENTENCES.items():
        rows = sa.table(table, sa.column("id"), sa.column(column))
        query = sa.select(rows.c.id, rows.c[column]).where(rows.c[column] != "")
        for row, kept in op.get_bind().execute(query).all():
            told = sa.update(rows).where(rows.c.id == row).values({column: _told(kept)})
            op.get_bind().execute(told)


def _told(kept):
    notice = json.loads(kept)
    text = notice["values"].get("text")
    return text if isinstance(text, str) else notice["code"]
