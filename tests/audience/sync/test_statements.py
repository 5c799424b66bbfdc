"""How much a page of a synchronisation asks of the database, whatever its size."""

from decimal import Decimal

import pytest
from sqlalchemy import event

from channels import Limit, Operation, Price, Scope
from tests.support.fakes import FakeNetwork
from tests.support.sync import crowd, work
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime

# Of so many pages, what every run does once tells nothing.
FEW, MANY = 4, 10
# Some of these are said to PostgreSQL alone: not to wait for the disk, and to let nobody be erased.
MOST = 14
TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


def asked(runtime: Runtime, network: FakeNetwork, workflow, pages: int) -> int:
    """Count what a run of so many pages says to the database, after one that read the same."""
    network.people = crowd(3 * pages)
    work(runtime, workflow)
    found: list[str] = []

    def executed(_connection, _cursor, statement: str, *_more: object) -> None:
        if not statement.startswith(TRANSACTION):
            found.append(statement)

    event.listen(db.engine, "after_cursor_execute", executed)
    work(runtime, workflow)
    event.remove(db.engine, "after_cursor_execute", executed)
    return len(found)


@pytest.mark.usefixtures("small_pages", "service")
def test_a_page_of_known_people_takes_few_statements(
    runtime: Runtime, network: FakeNetwork, workflow
):
    read = Operation.AUDIENCE
    network.prices = [Price(operation=read, amount=Decimal("0.01"), label="Read")]
    network.limits = [Limit(operation=read, scope=Scope.ACCOUNT, seconds=900, cap=300)]
    few = asked(runtime, network, workflow, FEW)

    many = asked(runtime, network, workflow, MANY)

    assert (many - few) / (MANY - FEW) <= MOST
