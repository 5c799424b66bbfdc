"""A sandbox goes whole and alone: real accounts, their people and deliveries stay."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.support.factories import make_delivery, make_service, make_subscription, make_visitor
from webapp.audience.models import ReceivedMessage, Subscription, Visitor, VisitorWord
from webapp.deliveries.models import Attempt, Delivery, DeliveryState, Message, MessageState
from webapp.kernel.audit import AuditEntry
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service, ServiceSecret
from webapp.system.setup import sandbox_removal


def count(runtime: Runtime, model: type) -> int:
    return runtime.session.scalar(select(func.count()).select_from(model)) or 0


def sandboxed(runtime: Runtime, handle: str = "trial") -> Service:
    service = make_service(runtime, internal_name=handle)
    service.is_sandbox = True
    runtime.session.commit()
    return service


def log(runtime: Runtime, service: Service, state: DeliveryState) -> Delivery:
    """A delivery that one message of went out, with its attempt."""
    tie = make_subscription(runtime, service)
    delivery = make_delivery(runtime, service)
    delivery.state = state
    message = Message(
        delivery_id=delivery.id,
        service_id=service.id,
        kind=delivery.kind,
        visitor_id=tie.visitor_id,
        subscription_id=tie.id,
        recipient=f"{tie.visitor_id}",
        state=MessageState.PENDING if state is DeliveryState.SENDING else MessageState.SENT,
        changed_at=runtime.now(),
    )
    runtime.session.add(message)
    runtime.session.flush()
    runtime.session.add(
        Attempt(message_id=message.id, number=1, text="Hi", started_at=runtime.now())
    )
    note = ReceivedMessage(
        service_id=service.id,
        visitor_id=tie.visitor_id,
        remote_id=f"n{message.id}",
        text="Hello",
        received_at=runtime.now(),
        read_at=runtime.now(),
    )
    runtime.session.add(note)
    runtime.session.commit()
    return delivery


def test_everything_of_the_sandbox_goes_and_nothing_else(runtime: Runtime):
    real, trial = make_service(runtime, internal_name="real"), sandboxed(runtime)
    kept = log(runtime, real, DeliveryState.FINISHED)
    rehearsed = log(runtime, trial, DeliveryState.FINISHED)
    rest = make_delivery(runtime, trial)
    rest.rest_of_id = rest.origin_id = rehearsed.id
    both = make_visitor(runtime)
    make_subscription(runtime, real, both)
    make_subscription(runtime, trial, both)

    found = sandbox_removal.remove(runtime)

    assert (found.accounts, found.people, found.deliveries) == (1, 1, 2)
    assert runtime.session.scalars(select(Service.id)).all() == [real.id]
    assert runtime.session.scalars(select(Delivery.id)).all() == [kept.id]
    assert [count(runtime, table) for table in (Message, Attempt, ReceivedMessage)] == [1, 1, 1]
    assert count(runtime, Visitor) == 2
    assert set(runtime.session.scalars(select(Subscription.service_id))) == {real.id}
    assert count(runtime, ServiceSecret) == 1
    assert set(runtime.session.scalars(select(VisitorWord.visitor_id))) == set(
        runtime.session.scalars(select(Visitor.id))
    )
    actions = runtime.session.scalars(select(AuditEntry.action)).all()
    assert "service.remove_sandbox" in actions


def test_an_account_that_a_real_delivery_was_proved_on_keeps_its_row_without_keys(
    runtime: Runtime,
):
    real, trial = make_service(runtime, internal_name="real"), sandboxed(runtime)
    delivery = make_delivery(runtime, real)
    delivery.proof_service_id = trial.id
    runtime.session.commit()

    sandbox_removal.remove(runtime)

    row = runtime.session.get(Service, trial.id, populate_existing=True)
    assert row is not None
    assert row.removed_at is not None
    assert runtime.session.get(Delivery, delivery.id) is not None


def test_nothing_is_taken_from_under_a_delivery_that_goes_out(runtime: Runtime):
    trial = sandboxed(runtime)
    delivery = log(runtime, trial, DeliveryState.SENDING)

    with pytest.raises(Conflict, match="has something left to send"):
        sandbox_removal.remove(runtime)

    assert runtime.session.get(Delivery, delivery.id) is not None
    assert count(runtime, ServiceSecret) == 1


def test_without_a_sandbox_there_is_nothing_to_remove(runtime: Runtime):
    make_service(runtime)

    with pytest.raises(NotFound):
        sandbox_removal.remove(runtime)


def test_an_admin_sees_what_will_go_before_it_does(runtime: Runtime, admin: FlaskClient):
    log(runtime, sandboxed(runtime), DeliveryState.FINISHED)

    before = admin.get("/sandbox/remove").text
    after = admin.post("/sandbox/remove", follow_redirects=True).text

    assert "Deliveries, with their logs" in before
    assert "The sandbox is removed" in after
    assert count(runtime, Service) == 0


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER, Role.MARKETER])
def test_nobody_else_removes_it(
    runtime: Runtime, client_as: Callable[[Role], FlaskClient], role: Role
):
    sandboxed(runtime)

    assert client_as(role).post("/sandbox/remove").status_code == 403
    assert count(runtime, Service) == 1


@pytest.mark.parametrize("path", ["/services", "/", "/audience/visitors", "/deliveries"])
def test_an_account_of_the_sandbox_is_marked_wherever_its_handle_stands(
    runtime: Runtime, admin: FlaskClient, path: str
):
    trial = sandboxed(runtime, "ateliernord")
    log(runtime, trial, DeliveryState.SENDING)

    page = admin.get(path).text

    assert "@ateliernord (sandbox)" in page
    assert page.count("@ateliernord") == page.count("@ateliernord (sandbox)")
