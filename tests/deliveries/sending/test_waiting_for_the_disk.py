"""On a server, too, an attempt is on the disk before its call; its outcome keeps nobody waiting."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from tests.support.deliveries import sent, states
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# What stands last in the transaction of each.
LAST = {"INSERT INTO attempt": "attempt", "INSERT INTO message_count": "outcome"}


@pytest.fixture
def waits() -> Iterator[list[tuple[str, str]]]:
    """How the transaction of each attempt and each outcome is committed, in their order."""
    found: list[tuple[str, str]] = []

    def begun(connection) -> None:
        # The server of the tests lets nobody wait.
        connection.connection.driver_connection.execute("SET LOCAL synchronous_commit = on")

    def executed(connection, _cursor, statement: str, *_more: object) -> None:
        name = next((name for words, name in LAST.items() if statement.startswith(words)), None)
        if name is not None:
            driver = connection.connection.driver_connection
            row = driver.execute("SHOW synchronous_commit").fetchone()
            found.append((name, row[0]))

    heard = {"begin": begun, "after_cursor_execute": executed}
    for name, listener in heard.items():
        event.listen(db.engine, name, listener)
    yield found
    for name, listener in heard.items():
        event.remove(db.engine, name, listener)


@pytest.mark.several_writers
def test_the_attempts_wait_for_the_disk_and_the_outcomes_do_not(
    runtime: Runtime, service: Service, waits: list[tuple[str, str]]
):
    delivery = sent(runtime, service, people=2)

    assert {*states(runtime, delivery)} == {"sent"}
    assert waits[-4:] == [("attempt", "on"), ("outcome", "off")] * 2
