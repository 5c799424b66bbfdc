"""Money is exact on both databases, however many amounts are added up."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from channels import Operation
from tests.support.deliveries import sent
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork, direct_price
from webapp.deliveries.counts import figures_of
from webapp.deliveries.models import Attempt
from webapp.kernel import schema
from webapp.kernel.runtime import Runtime
from webapp.services import costs

BEFORE = "e3b90f47c2a8"
AMOUNTS = sa.text(
    "SELECT service.monthly_budget, charge.amount, delivery.cost, attempt.cost FROM service"
    " JOIN charge ON charge.service_id = service.id AND charge.operation = 'direct'"
    " CROSS JOIN delivery CROSS JOIN attempt LIMIT 1"
)
AMOUNTS_NOW = sa.text(
    "SELECT service.monthly_budget, charge.amount, message_count.cost, attempt.cost FROM service"
    " JOIN charge ON charge.service_id = service.id AND charge.operation = 'direct'"
    " CROSS JOIN message_count CROSS JOIN attempt WHERE message_count.state = 'sent' LIMIT 1"
)
PRICES = st.integers(0, 10**7).map(lambda n: Decimal(n) / 10**6)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prices=st.lists(PRICES, min_size=1, max_size=12), times=st.integers(1, 10**6))
def test_sums_of_many_prices_are_exact(
    runtime: Runtime, network: FakeNetwork, prices: list[Decimal], times: int
):
    service, other = make_service(runtime), make_service(runtime)

    for price in prices:
        network.prices = [direct_price(str(price))]
        costs.charge(runtime, service, Operation.DIRECT, count=times)
        costs.charge(runtime, other, Operation.DIRECT)
    runtime.session.commit()

    assert costs.spent_this_month(runtime, service) == sum(prices) * times
    assert costs.spent_this_month(runtime, other) == sum(prices)


def test_a_budget_that_is_spent_to_the_last_part_of_a_cent_has_nothing_left(
    runtime: Runtime, network: FakeNetwork
):
    network.prices = [direct_price("0.0001")]
    service = make_service(runtime, monthly_budget=Decimal("0.3"))

    for _time in range(3):
        costs.charge(runtime, service, Operation.DIRECT, count=1_000)

    assert costs.budget_left(runtime, service) == 0
    stored = runtime.session.execute(sa.text("SELECT amount FROM charge")).scalar()
    assert (stored, type(stored)) == (300_000, int)


def test_a_part_of_a_millionth_is_refused(runtime: Runtime):
    with pytest.raises(StatementError, match="six decimals"):
        make_service(runtime, monthly_budget=Decimal("0.0000001"))


def test_the_migration_keeps_every_amount_and_every_row_there_and_back(
    runtime: Runtime, network: FakeNetwork, database_url: str
):
    network.prices = [direct_price("0.015")]
    delivery = sent(runtime, make_service(runtime, monthly_budget=Decimal("4.635")))
    number, rows = delivery.id, runtime.session.query(Attempt).count()
    runtime.session.close()
    engine = sa.create_engine(database_url)

    with engine.begin() as connection:
        command.downgrade(schema._config(connection), BEFORE)
        assert _amounts(connection) == ["4.6350", "0.0450", "0.0450", "0.0150"]
    schema.upgrade(engine)

    with engine.connect() as connection:
        found = connection.execute(AMOUNTS_NOW).one()
    assert list(found) == [4_635_000, 45_000, 45_000, 15_000]
    assert figures_of(runtime, [number])[number].cost == Decimal("0.045")
    assert runtime.session.query(Attempt).count() == rows == 3
    engine.dispose()


def _amounts(connection: sa.Connection) -> list[str]:
    found = connection.execute(AMOUNTS).one()
    return [f"{Decimal(str(amount)):.4f}" for amount in found]
