"""Hints are written where they are asked for, and no other engine of the process is changed."""

import pytest
from sqlalchemy import column, create_engine, select, table

from webapp.kernel.db.hints import HINTING

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("address", "said"),
    [(HINTING, "FROM person NOT INDEXED"), ("sqlite", "FROM person")],
)
def test_a_hint_is_written_by_the_engine_that_asks_for_it(address: str, said: str):
    engine, person = create_engine(f"{address}://"), table("person", column("name"))

    text = str(select(person).with_hint(person, "NOT INDEXED", "sqlite").compile(engine))

    assert " ".join(text.split()) == f"SELECT person.name {said}"
    assert engine.dialect.name == "sqlite"
    assert engine.dialect.supports_statement_cache
