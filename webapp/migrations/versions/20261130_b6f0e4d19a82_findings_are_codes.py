"""keep what an analysis found, and what its limits are called, as codes with their values."""

import re
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "b6f0e4d19a82"
down_revision = "a9c1d5e83f27"
branch_labels = None
depends_on = None

BATCH = 500
# How times stood in sentences that were kept.
TIME = re.compile(r"\u27e6(\d{4}-\d\d-\d\dT[\d:.]+\+00:00)\u27e7")
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Keep what was a sentence as the value of the code `legacy`."""

    _change(_codes)


def downgrade() -> None:
    """Go back to texts: what has a code without words of its own is told by the code."""

    _change(_texts)


def _change(change):
    """Change the analyses a batch at a time, so that memory stays flat."""
    rows = sa.table("delivery", sa.column("id"), sa.column("analysis", DOCUMENT))
    known = sa.select(rows.c.id, rows.c.analysis).order_by(rows.c.id).limit(BATCH)
    changed = sa.update(rows).where(rows.c.id == sa.bindparam("row"))
    changed = changed.values(analysis=sa.bindparam("found", type_=DOCUMENT))
    last = 0
    while found := op.get_bind().execute(known.where(rows.c.id > last)).all():
        last = found[-1][0]
        made = [{"row": row, "found": _each(kept, change)} for row, kept in found if kept]
        if made:
            op.get_bind().execute(changed, made)


def _each(analysis, change):
    found = [item | {"text": change(item.get("text", ""))} for item in analysis.get("findings", ())]
    plan = analysis.get("forecast")
    if plan:
        limits = [item | {"label": change(item["label"])} for item in plan.get("limits", ())]
        plan = plan | {"limits": limits}
    return analysis | {"findings": found} | ({"forecast": plan} if plan else {})


def _codes(text):
    if not isinstance(text, str):
        return text
    return {"code": "legacy", "values": {"text": TIME.sub(_in_words, text)}}


def _in_words(found):
    return f"{datetime.fromisoformat(found[1]):%Y-%m-%d %H:%M} UTC"


def _texts(kept):
    if not isinstance(kept, dict):
        return kept
    text = kept.get("values", {}).get("text")
    return text if isinstance(text, str) else kept.get("code", "")
