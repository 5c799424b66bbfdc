"""What one direct message costs the database, with a budget, a wave and limits to mind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import event

from channels import Limit, Operation, Scope
from tests.support.deliveries import begin, ready, states
from tests.support.fakes import FakeNetwork, direct_limit, direct_price
from webapp.deliveries import sending
from webapp.kernel.db import db, dialect_of
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

MORE = 10
# By database: statements and commits. On a server an outcome is one statement, and what an attempt
# waits for is a transaction of its own. Secrets are read once in a slice, while the row of the
# account says that they are the same.
MOST = {"sqlite": (10, 2), "postgresql": (7, 3)}


@dataclass
class Counted:
    """What was asked of a database."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def counting() -> Iterator[Counted]:
    """Count what is asked of the database; beginning and ending a transaction is no statement."""
    found = Counted()

    def executed(_connection, _cursor, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            found.statements.append(statement)

    def committed(_connection) -> None:
        found.commits += 1

    event.listen(db.engine, "before_cursor_execute", executed)
    event.listen(db.engine, "commit", committed)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", executed)
        event.remove(db.engine, "commit", committed)


def sent(runtime: Runtime, service: Service, people: int) -> Counted:
    """Send a delivery to so many people more and return what the slice cost."""
    delivery = begin(runtime, ready(runtime, service, people, wave_size=100))
    with counting() as found:
        sending.send_batch(runtime, delivery.id)
    assert {*states(runtime, delivery)} == {"sent"}
    return found


def test_a_message_takes_few_statements_and_commits(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.prices = [direct_price("0.015")]
    network.limits = [
        direct_limit(1_000),
        Limit(operation=Operation.DIRECT, scope=Scope.APP, seconds=86_400, cap=1_000),
    ]
    service.monthly_budget = Decimal(100)
    runtime.session.commit()
    sent(runtime, service, 1)  # It opens the windows.

    few, many = sent(runtime, service, 2), sent(runtime, service, MORE)

    statements, commits = MOST[dialect_of(runtime.session)]
    assert len(many.statements) - len(few.statements) <= statements * MORE
    assert many.commits - few.commits <= commits * MORE
