"""The figures of a delivery stay true: they are kept when it ends, and clean-up takes none."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from channels import ErrorKind
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, ready, sent
from tests.support.factories import make_delivery, make_service, make_workflow
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.deliveries import analysis, control, sending
from webapp.deliveries.control import delete_post
from webapp.deliveries.counts import TAKEN_BACK, Figures, figures_of
from webapp.deliveries.models import Delivery, DeliveryCount, DeliveryKind, Message, MessageState
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.system.tasks import retention
from webapp.workflows import control as workflows
from webapp.workflows import runs

YEAR = timedelta(days=366)


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


def figures(runtime: Runtime, delivery: Delivery) -> Figures:
    runtime.session.expire_all()
    return figures_of(runtime, [delivery.id])[delivery.id]


def counted(runtime: Runtime, delivery: Delivery) -> Counter[str]:
    """Count the messages themselves."""
    rows = select(Message.state).where(Message.delivery_id == delivery.id)
    return Counter(state.value for state in runtime.session.scalars(rows))


def kept(runtime: Runtime, delivery: Delivery) -> dict[str, int]:
    rows = select(DeliveryCount).where(DeliveryCount.delivery_id == delivery.id)
    return {row.state: row.number for row in runtime.session.scalars(rows)}


def clean_up(runtime: Runtime, clock: FileClock) -> None:
    """Remove all that is old, in batches, a year later."""
    clock.advance(YEAR)
    workflow = make_workflow(runtime, job="clean_up", kind="", next_run_at=None)
    workflows.run_now(runtime, workflow.id)
    for run_id in workflows.due(runtime):
        runs.go_on(runtime, run_id, retention.step)
    assert runtime.session.scalar(select(func.count(Message.id))) == 0


def published(runtime: Runtime, *services: Service) -> Delivery:
    draft = make_delivery(runtime, *services, kind=DeliveryKind.POST)
    analysis.start(runtime, draft.id)
    delivery = begin(runtime, analysis.analyse(runtime, draft.id))
    sending.send_batch(runtime, delivery.id)
    return delivery


def test_clean_up_leaves_the_figures_as_they_were(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service, monkeypatch
):
    monkeypatch.setattr(retention, "BATCH", 2)
    network.before = [None, fault(ErrorKind.PERMANENT)]
    delivery = sent(runtime, service, 5)
    before = figures(runtime, delivery)
    clean_up(runtime, clock)

    assert figures(runtime, delivery) == before
    assert (before.sent, before.total, before.counts["failed"]) == (4, 5, 1)


def test_clean_up_keeps_what_stayed_unknown_for_ever(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service
):
    network.before = [fault(ErrorKind.UNKNOWN)]
    delivery = control.stop(runtime, sent(runtime, service, 2, wave_size=1).id)
    before = figures(runtime, delivery)
    clean_up(runtime, clock)

    assert figures(runtime, delivery).counts == before.counts
    assert before.counts["unknown"] + before.counts["cancelled"] == 2


def test_what_is_over_is_not_counted_again(runtime: Runtime, service: Service):
    delivery = sent(runtime, service)
    asked: list[str] = []
    engine = runtime.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    assert figures(runtime, delivery).sent == 3
    assert not any("message" in statement for statement in asked)


def test_what_is_open_is_counted_until_it_is_known(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service
):
    network.after = [fault(ErrorKind.UNKNOWN)]
    delivery = sent(runtime, service, 2)
    control.stop(runtime, delivery.id)
    assert figures(runtime, delivery).counts["unknown"] == 1
    assert kept(runtime, delivery) == {}

    clock.advance(timedelta(minutes=10))
    sending.send_batch(runtime, delivery.id)

    assert figures(runtime, delivery).counts["unknown"] == 0
    assert sum(kept(runtime, delivery).values()) == 2


def test_a_stopped_delivery_keeps_what_went_out_and_what_did_not(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.limits = [direct_limit(1)]
    delivery = control.stop(runtime, sent(runtime, service).id)

    assert kept(runtime, delivery) == {"sent": 1, "cancelled": 2}


def test_a_post_taken_back_changes_what_was_kept(
    runtime: Runtime, network: FakeNetwork, clock: FileClock
):
    delivery = published(runtime, make_service(runtime), make_service(runtime))
    message = runtime.session.scalars(select(Message)).first()
    assert message is not None
    delete_post.take_back(runtime, delivery.id, message.id)
    clean_up(runtime, clock)

    found = figures(runtime, delivery)
    assert (found.sent, found.stands) == (2, 1)
    assert kept(runtime, delivery)[TAKEN_BACK] == 1


@pytest.mark.parametrize("kind", ErrorKind)
@pytest.mark.parametrize("stops", [False, True])
def test_the_figures_are_those_of_the_messages_however_it_ends(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service, kind, *, stops: bool
):
    network.before = [None, fault(kind), fault(kind)]
    delivery = begin(runtime, ready(runtime, service, 4))
    for _step in range(4):
        sending.send_batch(runtime, delivery.id)
        clock.advance(timedelta(hours=2))
    if stops and delivery.state.value not in ("finished", "stopped"):
        control.stop(runtime, delivery.id)
    found = figures(runtime, delivery)

    assert Counter(found.counts) - Counter() == counted(runtime, delivery)
    assert set(kept(runtime, delivery)) <= {state.value for state in MessageState}
