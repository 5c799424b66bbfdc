"""Hints for SQLite reach the database and choose the index."""

import pytest
from sqlalchemy import text

from webapp.audience import matching, paging
from webapp.audience.matching import Scope
from webapp.audience.models import Visitor
from webapp.kernel.runtime import Runtime


def plan(runtime: Runtime, statement: object) -> str:
    """What SQLite says it will do."""
    compiled = statement.compile(runtime.session.get_bind(), compile_kwargs={"literal_binds": True})
    rows = runtime.session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))
    return "\n".join(row.detail for row in rows)


@pytest.mark.parametrize("sort", sorted(paging.SORTS))
def test_a_list_of_many_is_read_along_the_index_of_its_sort(runtime: Runtime, sort: str):
    own = [Visitor.folder_id == 1, *matching.named("an")]
    scope = Scope(own=own, on_subscription=[], service_ids=[], tied=False, rare=False)
    parts = list(paging.walked(scope, sort, descending=True).parts(None))
    index = f"ix_visitor_{paging.SORTS[sort].key}_id"

    compiled = str(parts[0].compile(runtime.session.get_bind()))

    on_sqlite = runtime.session.get_bind().dialect.name == "sqlite"
    assert (f"INDEXED BY {index}" in compiled) is on_sqlite
    if on_sqlite:
        said = plan(runtime, parts[0])
        assert f"USING INDEX {index}" in said
        assert "TEMP B-TREE" not in said
