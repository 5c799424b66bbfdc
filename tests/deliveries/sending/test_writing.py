"""A large delivery: workers write its messages, and nothing goes out before all are written."""

from datetime import timedelta

import pytest
from sqlalchemy import true, update

from channels.clock import FileClock
from tests.support.counters import counters_of, messages_of
from tests.support.crash import Workers
from tests.support.deliveries import begin, ready
from tests.support.factories import make_subscription, make_subscriptions
from tests.support.fakes import FakeNetwork
from tests.support.stretches import PEOPLE, STRETCH
from webapp.deliveries import analysis, control, counts, sending
from webapp.deliveries.approval import rescheduling
from webapp.deliveries.control import disconnecting
from webapp.deliveries.drafts import copying
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.deliveries.queries.activity import Doing
from webapp.deliveries.queries.overview import overview
from webapp.deliveries.sending import claims, writing
from webapp.kernel import leases
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

pytestmark = pytest.mark.usefixtures("short_stretches")

# More than a worker makes from its lease to its release.
COMMITS = range(1, 9)


@pytest.fixture
def delivery(runtime: Runtime, service: Service) -> Delivery:
    """A delivery of which the first stretch is written."""
    return begin(runtime, ready(runtime, service, people=PEOPLE))


def refresh(runtime: Runtime, delivery: Delivery) -> None:
    """Look at a delivery again, and keep nobody waiting."""
    runtime.session.refresh(delivery)
    runtime.session.commit()


@pytest.fixture
def workers(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, delivery: Delivery
) -> Workers:
    return Workers(runtime, clock, delivery)


def test_nothing_goes_out_before_all_messages_are_written(
    runtime: Runtime, network: FakeNetwork, workers: Workers, delivery: Delivery
):
    with workers.worker() as own:
        assert sending.due(own) == [delivery.id]
        leased = leases.take(own, Delivery, delivery.id, "leader", true())
        assert leased
        assert sending.to_help(own) == []
        assert claims.claim_next(leased, delivery.id) is None
        own.session.rollback()
    workers.help()
    assert network.directs == []

    workers.others_finish()

    assert workers.states() == ["sent"] * PEOPLE
    assert len({*network.directs}) == PEOPLE


@pytest.mark.parametrize("at", COMMITS)
def test_a_worker_killed_at_any_commit_loses_nobody_and_writes_nobody_twice(
    runtime: Runtime, network: FakeNetwork, workers: Workers, delivery: Delivery, at: int
):
    workers.slice(at=at, happens=workers.crash)
    assert counters_of(runtime, delivery.id) == messages_of(runtime, delivery.id)
    runtime.session.commit()

    workers.others_finish()

    assert workers.states() == ["sent"] * PEOPLE
    assert len({*network.directs}) == PEOPLE


@pytest.mark.parametrize("at", COMMITS)
def test_a_worker_that_was_overtaken_at_any_commit_changes_nothing_any_more(
    network: FakeNetwork, workers: Workers, at: int
):
    workers.slice(at=at, happens=workers.others_finish)
    workers.finish()

    assert workers.states() == ["sent"] * PEOPLE
    assert len({*network.directs}) == PEOPLE


def test_a_worker_writes_nothing_more_of_what_is_another_ones_by_then(
    runtime: Runtime, workers: Workers, delivery: Delivery
):
    def another_takes() -> None:
        with workers.worker() as own:
            own.session.execute(update(Delivery).values(leased_until=None))
            assert leases.take(own, Delivery, delivery.id, "another", true())

    workers.slice(at=2, happens=another_takes)

    assert len(workers.states()) == 2 * STRETCH
    refresh(runtime, delivery)
    assert delivery.lease_token == "another"


def one_stretch_a_slice(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    patience = timedelta(seconds=workers.runtime.settings.batch_seconds)
    monkeypatch.setattr(writing, "give_way", lambda _session: workers.clock.pass_time(patience))


def test_a_slice_ends_in_its_time_and_the_next_one_goes_on(
    runtime: Runtime, workers: Workers, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
):
    one_stretch_a_slice(workers, monkeypatch)

    workers.slice()

    assert len(workers.states()) == 2 * STRETCH
    refresh(runtime, delivery)
    assert (delivery.state, delivery.lease_token) == (DeliveryState.SENDING, "")
    with workers.worker() as own:
        assert sending.due(own) == [delivery.id]


def test_a_delivery_is_not_over_while_people_wait_for_their_message(
    runtime: Runtime, service: Service, clock: FileClock, monkeypatch: pytest.MonkeyPatch
):
    for number in range(PEOPLE):
        opted_out = runtime.now() if number < PEOPLE - 1 else None
        make_subscription(runtime, service, opted_out_at=opted_out)
    delivery = begin(runtime, ready(runtime, service, people=0))
    workers = Workers(runtime, clock, delivery)

    one_stretch_a_slice(workers, monkeypatch)

    workers.slice()

    assert workers.states() == ["ignored"] * STRETCH * 2
    refresh(runtime, delivery)
    assert delivery.state is DeliveryState.SENDING
    workers.finish()
    assert sorted(workers.states()) == ["ignored"] * (PEOPLE - 1) + ["sent"]


def test_of_a_stopped_delivery_the_rest_is_written_as_stopped(
    runtime: Runtime, service: Service, network: FakeNetwork, workers: Workers, delivery: Delivery
):
    control.stop(runtime, delivery.id)
    now = counts.figures_of(runtime, [delivery.id])[delivery.id]
    assert (now.to_go, now.counts["cancelled"]) == (0, PEOPLE)
    seen = overview(runtime, delivery)
    assert (seen.left, seen.live, seen.progress.written) == (0, True, STRETCH)
    with pytest.raises(Conflict, match="still being written"):
        copying.send_to_the_rest(runtime, delivery.id)
    runtime.session.commit()

    workers.slice(at=2, happens=workers.crash)
    assert workers.states() == ["cancelled"] * STRETCH * 2
    workers.others_finish()
    workers.finish()

    assert workers.states() == ["cancelled"] * PEOPLE
    assert counters_of(runtime, delivery.id) == {("cancelled", "stopped"): PEOPLE}
    assert network.directs == []
    refresh(runtime, delivery)
    copy = copying.send_to_the_rest(runtime, delivery.id)
    analysis.start(runtime, copy.id)
    assert analysis.analyse(runtime, copy.id).analysis["eligible"] == PEOPLE


def test_what_is_paused_is_not_written_and_goes_on_when_it_is_resumed(
    runtime: Runtime, network: FakeNetwork, workers: Workers, delivery: Delivery
):
    control.pause(runtime, delivery.id)
    with workers.worker() as own:
        assert sending.due(own) == []
    workers.slice()
    assert len(workers.states()) == STRETCH

    control.resume(runtime, delivery.id)
    workers.finish()

    assert workers.states() == ["sent"] * PEOPLE


def test_a_pause_is_kept_by_the_worker_that_writes(
    runtime: Runtime, workers: Workers, delivery: Delivery
):
    def pause() -> None:
        with workers.worker() as own:
            control.pause(own, delivery.id)

    workers.slice(at=2, happens=pause)

    assert len(workers.states()) == 2 * STRETCH
    refresh(runtime, delivery)
    assert (delivery.state, delivery.lease_token) == (DeliveryState.PAUSED, "")


def test_what_begins_later_is_written_at_once_and_sent_at_its_time(
    runtime: Runtime, service: Service, network: FakeNetwork, clock: FileClock
):
    at = runtime.now() + timedelta(days=1)
    delivery = begin(runtime, ready(runtime, service, people=PEOPLE, scheduled_at=at))
    workers = Workers(runtime, clock, delivery)

    for _slice in range(2):
        workers.slice()

    assert workers.states() == ["pending"] * PEOPLE
    refresh(runtime, delivery)
    assert (delivery.state, delivery.resume_at) == (DeliveryState.SCHEDULED, at)
    workers.clock.pass_time(timedelta(days=1))
    workers.finish()
    assert workers.states() == ["sent"] * PEOPLE


def test_what_begins_later_is_not_over_before_its_time_though_nobody_is_left(
    runtime: Runtime, service: Service, clock: FileClock
):
    make_subscriptions(runtime, service, STRETCH, opted_out_at=runtime.now())
    last = make_subscription(runtime, service)
    at = runtime.now() + timedelta(days=1)
    delivery = begin(runtime, ready(runtime, service, people=0, scheduled_at=at))
    last.opted_out_at = runtime.now()
    workers = Workers(runtime, clock, delivery)

    workers.slice()

    assert workers.states() == ["ignored"] * (STRETCH + 1)
    refresh(runtime, delivery)
    assert (delivery.state, delivery.resume_at) == (DeliveryState.SCHEDULED, at)


def test_what_is_taken_back_before_all_is_written_is_a_draft_without_messages(
    runtime: Runtime, service: Service, network: FakeNetwork, clock: FileClock
):
    at = runtime.now() + timedelta(days=1)
    delivery = begin(runtime, ready(runtime, service, people=PEOPLE, scheduled_at=at))
    workers = Workers(runtime, clock, delivery)

    def take_back() -> None:
        with workers.worker() as own:
            rescheduling.unschedule(own, delivery.id)

    workers.slice(at=2, happens=take_back)

    assert workers.states() == []
    refresh(runtime, delivery)
    assert (delivery.state, delivery.unwritten_after) == (DeliveryState.DRAFT, None)
    with workers.worker() as own:
        assert sending.due(own) == []
    analysis.start(runtime, delivery.id)
    begin(runtime, analysis.analyse(runtime, delivery.id))
    workers.clock.pass_time(timedelta(days=1))
    workers.finish()
    assert workers.states() == ["sent"] * PEOPLE


def test_an_account_stays_while_messages_of_it_are_written(
    runtime: Runtime, service: Service, clock: FileClock
):
    for number in range(PEOPLE):
        opted_out = runtime.now() if number < PEOPLE - 1 else None
        make_subscription(runtime, service, opted_out_at=opted_out)
    delivery = begin(runtime, ready(runtime, service, people=0))

    with pytest.raises(Conflict, match="something left to send"):
        disconnecting.disconnect(runtime, service.id)

    runtime.session.rollback()
    control.stop(runtime, delivery.id)
    disconnecting.disconnect(runtime, service.id)
    workers = Workers(runtime, clock, delivery)
    workers.finish()
    workers.finish()
    assert sorted(workers.states()) == ["cancelled"] + ["ignored"] * (PEOPLE - 1)


def test_the_page_tells_how_far_writing_is(runtime: Runtime, workers: Workers, delivery: Delivery):
    seen = overview(runtime, delivery)
    assert seen.activity
    assert (seen.activity.doing, seen.progress.written) == (Doing.WRITING, STRETCH)
    assert (seen.progress.to_go, seen.poll_interval) == (PEOPLE, 2)
    runtime.session.commit()

    workers.slice()

    refresh(runtime, delivery)
    seen = overview(runtime, delivery)
    assert seen.activity
    assert (seen.activity.doing, seen.progress.written) == (Doing.SENDING, None)
