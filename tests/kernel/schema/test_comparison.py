"""What differs from the models is named; what stands beside them harms nobody."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from webapp.kernel import schema
from webapp.kernel.schema import comparison


@pytest.fixture
def engine(new_database: str) -> Iterator[Engine]:
    engine = create_engine(new_database)
    schema.upgrade(engine)
    yield engine
    engine.dispose()


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


DIFFERENT = {
    "ALTER TABLE delivery DROP COLUMN removed_at": "the column delivery.removed_at is missing",
    "DROP TABLE own_word": "the table own_word is missing",
    "DROP INDEX ix_subscription_doubted": (
        "ix_subscription_doubted of the table subscription is missing"
    ),
    "CREATE UNIQUE INDEX one_label ON delivery (label)": (
        "one_label refuses rows that this version writes"
    ),
    "ALTER TABLE delivery ADD COLUMN theirs INTEGER NOT NULL DEFAULT 0": "",
    "ALTER TABLE delivery ADD COLUMN theirs INTEGER": "",
    "CREATE TABLE theirs (id INTEGER)": "",
    "CREATE INDEX theirs ON delivery (label)": "",
}


@pytest.mark.parametrize("statement", DIFFERENT)
def test_a_difference_is_named_unless_it_harms_nothing(engine: Engine, statement: str):
    assert comparison.faults(engine) == []

    run(engine, statement)

    said = DIFFERENT[statement]
    assert comparison.faults(engine) == ([said] if said else [])


def test_a_column_of_another_type_is_named(engine: Engine):
    run(
        engine,
        "ALTER TABLE delivery DROP COLUMN wait_code",
        "ALTER TABLE delivery ADD COLUMN wait_code INTEGER NOT NULL DEFAULT 0",
    )

    assert comparison.faults(engine) == ["the column delivery.wait_code has another type"]


def test_what_was_mended_is_no_difference_any_more(engine: Engine):
    run(engine, "DROP INDEX ix_subscription_doubted")
    assert comparison.faults(engine)

    run(
        engine,
        "CREATE INDEX ix_subscription_doubted ON subscription (service_id, visitor_id)"
        " WHERE doubted_at IS NOT NULL",
    )

    assert comparison.faults(engine) == []


def test_nothing_is_compared_again_while_nothing_changes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    comparison.faults(engine)
    monkeypatch.setattr(comparison, "_compared", lambda _connection: pytest.fail("compared again"))

    assert comparison.faults(engine) == []
