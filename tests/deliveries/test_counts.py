"""The figures of a delivery stay true with every change, and clean-up takes none of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, func, select, text, update
from sqlalchemy.orm import Session

from channels import ErrorKind
from channels.clock import FileClock
from tests.support.counters import counters_of, messages_of
from tests.support.deliveries import begin, fault, ready, sent
from tests.support.factories import make_delivery, make_service, make_workflow
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.deliveries import analysis, control, counters, sending
from webapp.deliveries.approval import rescheduling
from webapp.deliveries.control import delete_post
from webapp.deliveries.counts import Figures, by_reason, figures_of
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind, Message, MessageCount, MessageState
from webapp.deliveries.sending import claims
from webapp.kernel.db import db, dialect_of
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


def test_no_page_counts_messages(runtime: Runtime, service: Service):
    delivery = sent(runtime, service)
    asked: list[str] = []
    engine = runtime.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    assert figures(runtime, delivery).sent == 3
    assert not any("count(" in statement for statement in asked)


def test_a_message_in_hand_is_told_apart_from_what_waits(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    delivery = begin(runtime, ready(runtime, service, 3))
    claims.claim_next(runtime, delivery.id)
    runtime.session.commit()

    found = figures(runtime, delivery)
    assert (found.counts["pending"], found.counts["sending"], found.to_go) == (2, 1, 3)


def test_what_becomes_known_later_is_counted_then(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service
):
    network.after = [fault(ErrorKind.UNKNOWN)]
    delivery = sent(runtime, service, 2)
    control.stop(runtime, delivery.id)
    assert figures(runtime, delivery).counts["unknown"] == 1

    clock.advance(timedelta(minutes=10))
    sending.send_batch(runtime, delivery.id)

    assert figures(runtime, delivery).counts["unknown"] == 0
    assert counters_of(runtime, delivery.id) == messages_of(runtime, delivery.id)


def test_a_stopped_delivery_keeps_what_went_out_and_what_did_not(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.limits = [direct_limit(1)]
    delivery = control.stop(runtime, sent(runtime, service).id)

    assert counters_of(runtime, delivery.id) == {("sent", ""): 1, ("cancelled", "stopped"): 2}


def test_a_post_taken_back_is_counted_beyond_clean_up(
    runtime: Runtime, network: FakeNetwork, clock: FileClock
):
    delivery = published(runtime, make_service(runtime), make_service(runtime))
    message = runtime.session.scalars(select(Message)).first()
    assert message is not None
    delete_post.take_back(runtime, delivery.id, message.id)
    clean_up(runtime, clock)

    found = figures(runtime, delivery)
    assert (found.sent, found.stands) == (2, 1)


def test_what_failed_is_told_by_reason_beyond_clean_up(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service
):
    network.before = [fault(ErrorKind.PERMANENT, code) for code in ("gone", "not_permitted")]
    network.before += [fault(ErrorKind.PERMANENT, "gone")]
    delivery = sent(runtime, service, 4)
    clean_up(runtime, clock)

    found = by_reason(runtime, delivery.id, MessageState.FAILED)
    assert found == [("gone", 2), ("not_permitted", 1)]


def test_a_draft_again_has_no_counters(runtime: Runtime, clock: FileClock, service: Service):
    at = clock.now() + timedelta(days=1)
    delivery = begin(runtime, ready(runtime, service, 2, scheduled_at=at))
    assert counters_of(runtime, delivery.id) == {("pending", ""): 2}

    rescheduling.unschedule(runtime, delivery.id)

    assert counters_of(runtime, delivery.id) == {}


def test_a_recount_mends_what_is_wrong_and_leaves_what_was_cleaned_up(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service
):
    old = sent(runtime, service, 2)
    clean_up(runtime, clock)
    wrong = sent(runtime, service, 1)
    spoilt = update(MessageCount).where(MessageCount.delivery_id == wrong.id)
    runtime.session.execute(spoilt.values(number=7))
    runtime.session.execute(
        delete(MessageCount).where(
            MessageCount.delivery_id == wrong.id, MessageCount.state != "sent"
        )
    )
    runtime.session.commit()

    assert counters.recount_all(runtime) == (1, 1)

    assert counters_of(runtime, wrong.id) == messages_of(runtime, wrong.id) == {("sent", ""): 3}
    assert counters_of(runtime, old.id) == {("sent", ""): 2}


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

    assert counters_of(runtime, delivery.id) == messages_of(runtime, delivery.id)


def test_one_statement_counts_all_that_comes_of_a_message(
    runtime: Runtime, network: FakeNetwork, service: Service, monkeypatch
):
    """So workers take counters in one order, and none waits for what another one holds."""
    directs, asked = runtime.registry.get("fake").directs, list[set[str]]()
    send, adding = directs.send, counters.adding
    directs.send = lambda *given: replace(send(*given), accepted=True)
    delivery = begin(runtime, ready(runtime, service, 2))

    def counted(runtime, delivery_id, changes):
        asked.append({state for state, _reason in changes})
        return adding(runtime, delivery_id, changes)

    monkeypatch.setattr(counters, "adding", counted)
    sending.send_batch(runtime, delivery.id)

    assert asked == [{"pending", "sent", "accepted"}] * 2
    assert counters_of(runtime, delivery.id) == messages_of(runtime, delivery.id)


def test_the_first_of_a_reason_is_counted_while_somebody_holds_the_delivery(
    runtime: Runtime, service: Service
):
    """Who stops it waits for its counters, so whoever counts must not wait for it."""
    delivery = begin(runtime, ready(runtime, service, 2))
    on_sqlite = dialect_of(runtime.session) == "sqlite"
    editing.locked(runtime, delivery.id)
    if on_sqlite:
        # There whoever writes is alone, and holds the whole database.
        runtime.session.commit()
    with Session(db.engine) as session:
        if not on_sqlite:
            session.execute(text("SET LOCAL lock_timeout = 1000"))
        other = replace(runtime, session=session)
        counters.moved(other, delivery.id, (("pending", ""), ("failed", "gone")))
        session.commit()
    runtime.session.rollback()

    assert counters_of(runtime, delivery.id) == {("pending", ""): 1, ("failed", "gone"): 1}


def test_what_a_failure_means_for_the_person_is_written_before_it_is_counted(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    """Who sends holds a person and waits for counters; nobody may wait the other way round."""
    network.before = [fault(ErrorKind.PERMANENT, "not_permitted")]
    delivery, asked = begin(runtime, ready(runtime, service, 1)), list[str]()
    engine = runtime.session.get_bind().engine

    def executed(_connection, _cursor, statement: str, *_more: object) -> None:
        asked.append(" ".join(statement.split()[:3]))

    event.listen(engine, "before_cursor_execute", executed)
    sending.send_batch(runtime, delivery.id)
    event.remove(engine, "before_cursor_execute", executed)

    assert asked.count("INSERT INTO message_count") == 1
    assert asked.index("UPDATE subscription SET") < asked.index("INSERT INTO message_count")
