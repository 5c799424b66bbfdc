"""What is written before a call to the network is on the disk before the call begins."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.support.deliveries import sent, states
from webapp.deliveries import kinds
from webapp.deliveries.kinds import DeliveryKind
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# As SQLite numbers it: commits wait for the disk.
FULL = 2


@pytest.fixture
def database_url(blank_sqlite: Path, tmp_path: Path) -> str:
    """A file of SQLite in every run, since PostgreSQL waits for the disk by itself."""
    path = tmp_path / "fanfare.sqlite3"
    path.write_bytes(blank_sqlite.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def waits(runtime: Runtime) -> Iterator[list[int]]:
    """How the transaction of each attempt is committed, in their order."""
    found: list[int] = []

    def executed(connection, _cursor, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO attempt"):
            driver = connection.connection.driver_connection
            found.append(driver.execute("PRAGMA synchronous").fetchone()[0])

    event.listen(db.engine, "after_cursor_execute", executed)
    yield found
    event.remove(db.engine, "after_cursor_execute", executed)


@pytest.mark.parametrize("kind", kinds.EVERY)
def test_each_attempt_waits_for_the_disk(
    runtime: Runtime, waits: list[int], service: Service, kind: DeliveryKind
):
    delivery = sent(runtime, service, people=3 * (kind is DeliveryKind.DIRECT), kind=kind)

    assert {*states(runtime, delivery)} == {"sent"}
    assert waits == [FULL] * len(states(runtime, delivery))
