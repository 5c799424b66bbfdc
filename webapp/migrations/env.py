"""Runs migrations on the connection that `webapp.kernel.schema` hands over."""

from typing import Any, Literal

from alembic import context

from webapp.kernel.db import Base, Json, UtcDateTime
from webapp.kernel.schema import load_models


def render(kind: str, item: Any, imports: Any) -> str | Literal[False]:
    """Write our own column types by what the database stores, so that migrations stand alone."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, type(Json)):
        imports.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


load_models()
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
