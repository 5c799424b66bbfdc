"""Hints for SQLite reach the database and choose the index."""

import pytest

from webapp.audience.models import Visitor
from webapp.audience.visitors import paging
from webapp.audience.visitors.matching import Scope
from webapp.kernel.runtime import Runtime


def plan(runtime: Runtime, statement: object) -> str:
    """What SQLite says it will do."""
    compiled = statement.compile(runtime.session.get_bind())
    values = tuple(compiled.params[name] for name in compiled.positiontup)
    connection = runtime.session.connection()
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
    return "\n".join(row.detail for row in rows)


def of_folder(words: str) -> Scope:
    """Who is in a folder and has a name or username that begins with some words."""
    own = [Visitor.folder_id == 1]
    return Scope(own=own, on_subscription=[], service_ids=[], tied=False, rare=False, words=words)


@pytest.mark.parametrize("sort", sorted(paging.SORTS))
def test_a_list_of_many_is_read_along_the_index_of_its_sort(runtime: Runtime, sort: str):
    scope = of_folder("an" if sort in {"friends", "first_seen"} else "")
    parts = list(paging.walked(scope, sort, descending=True).parts(None))
    index = f"ix_visitor_{paging.SORTS[sort].key}_id"

    compiled = str(parts[0].compile(runtime.session.get_bind()))

    on_sqlite = runtime.session.get_bind().dialect.name == "sqlite"
    assert (f"INDEXED BY {index}" in compiled) is on_sqlite
    if on_sqlite:
        said = plan(runtime, parts[0])
        assert f"USING INDEX {index}" in said
        assert "TEMP B-TREE" not in said


@pytest.mark.parametrize(("sort", "key"), [("name", "name_key"), ("username", "handle_key")])
def test_who_is_named_is_read_from_a_range_of_the_order_and_a_range_of_words(
    runtime: Runtime, sort: str, key: str
):
    source = paging.walked(of_folder("an"), sort, descending=True)

    (part,) = source.parts(paging.Edge(value="anna", id=1), most=21)

    if runtime.session.get_bind().dialect.name == "sqlite":
        said = plan(runtime, part)
        assert f"USING INDEX ix_visitor_{key}_id ({key}>? AND {key}<?)" in said
        assert "SEARCH visitor_word USING PRIMARY KEY (word>? AND word<?)" in said
        assert "SEARCH visitor USING INTEGER PRIMARY KEY (rowid=?)" in said
        assert "SCAN visitor" not in said
