"""Failures are told by when they happened, also once their messages left."""

from datetime import timedelta

import pytest
from alembic import command
from flask.testing import FlaskClient
from sqlalchemy import create_engine, delete, select

from channels import ChannelError, ErrorKind
from channels.clock import FileClock
from tests.reports.conftest import rows
from tests.support.deliveries import sent
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.deliveries import control, failures
from webapp.deliveries.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    FailureQuarter,
    Message,
    MessageState,
)
from webapp.kernel import schema
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

DAY = timedelta(days=1)
REFUSAL = ChannelError("No.", kind=ErrorKind.PERMANENT, code="not_permitted")


@pytest.fixture
def failed(runtime: Runtime, network: FakeNetwork, service: Service) -> Delivery:
    """A delivery of which two messages failed, and one went out."""
    network.before = [REFUSAL, REFUSAL, None]
    return sent(runtime, service, people=3)


def kept(runtime: Runtime) -> list[tuple[str, str, int]]:
    runtime.session.rollback()
    columns = (FailureQuarter.state, FailureQuarter.reason, FailureQuarter.number)
    wanted = select(*columns).where(FailureQuarter.number != 0).order_by(*columns)
    return [tuple(row) for row in runtime.session.execute(wanted)]


def by_day(admin: FlaskClient, service: Service) -> list[list[str]]:
    sheet = admin.get(f"/reports/failed.csv?days=7&account={service.id}").text
    return [list(row.values())[1:] for row in rows(sheet)[-2:]]


def test_a_day_tells_what_failed_on_it_whenever_the_delivery_began(
    runtime: Runtime,
    network: FakeNetwork,
    clock: FileClock,
    admin: FlaskClient,
    service: Service,
    failed: Delivery,
):
    network.before = [REFUSAL]
    sent(runtime, service, kind=DeliveryKind.POST, people=0, content="Spring.")
    clock.advance(DAY)
    row = runtime.session.scalars(select(Message).where(Message.state == MessageState.SENT)).one()
    delivery = runtime.session.get_one(Delivery, failed.id)
    row.state, delivery.state = MessageState.PENDING, DeliveryState.PAUSED
    runtime.session.commit()
    control.stop(runtime, delivery.id)
    before = by_day(admin, service)
    runtime.session.rollback()
    runtime.session.execute(delete(Message))
    runtime.session.commit()

    assert before == by_day(admin, service) == [["3", "0", "0"], ["0", "1", "0"]]
    reasons = rows(admin.get(f"/reports/failures.csv?days=7&account={service.id}").text)
    assert [list(row.values())[:2] for row in reasons] == [
        ["failed/not_permitted", "3"],
        ["cancelled/stopped_half_way", "1"],
    ]


def test_what_turns_out_to_be_sent_failed_no_more(runtime: Runtime, failed: Delivery):
    assert kept(runtime) == [("failed", "not_permitted", 2)]
    number = runtime.session.scalars(
        select(Message.id).where(Message.state == MessageState.FAILED)
    ).first()

    failures.undo(runtime, number or 0, ("failed", "not_permitted"))
    runtime.session.commit()

    assert kept(runtime) == [("failed", "not_permitted", 1)]


def test_a_proof_counts_nowhere(runtime: Runtime, failed: Delivery):
    proof = runtime.session.get_one(Delivery, failed.id)
    other = make_service(runtime, internal_name="other")
    proof.parent_id, proof.number = sent(runtime, other, people=1).id, 1
    runtime.session.commit()

    failures.count(runtime, (proof.id, other.id), ("failed", "lost"))
    runtime.session.commit()

    assert kept(runtime) == [("failed", "not_permitted", 2)]


@pytest.mark.parametrize("messages", ["kept", "gone"])
def test_what_failed_before_is_told_by_messages_and_else_by_their_delivery(
    runtime: Runtime, database_url: str, failed: Delivery, messages: str
):
    engine = create_engine(database_url)
    if messages == "gone":
        runtime.session.execute(delete(Message))
        runtime.session.commit()
    runtime.session.close()
    with engine.begin() as connection:
        command.downgrade(schema._config(connection), "a86f2e90c4d3-1")

    schema.upgrade(engine)

    assert kept(runtime) == [("failed", "not_permitted", 2)]
    engine.dispose()
