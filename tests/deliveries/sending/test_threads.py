"""A thread goes out part after part; whatever happens between two parts, none goes out twice."""

from decimal import Decimal

import pytest

from channels import Accepts, ErrorKind, Feature, Limit, Operation, Price, Scope, Sent
from channels.clock import FileClock
from tests.support.crash import Workers
from tests.support.deliveries import begin, fault, states, threaded
from tests.support.factories import make_delivery
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, sending
from webapp.deliveries.control import delete_post, stop
from webapp.deliveries.counts import figures_of
from webapp.deliveries.drafts import copying
from webapp.deliveries.models import (
    Attempt,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Held,
    Message,
    MessageState,
    PartMedia,
)
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.services.limits import quota
from webapp.services.models import Service

pytestmark = pytest.mark.usefixtures("takes_threads")

TEXTS = ["One.", "Two.", "Three."]
# At least all that a slice of one thread of three parts has.
COMMITS = range(1, 24)


@pytest.fixture
def thread(runtime: Runtime, network: FakeNetwork, service: Service) -> Delivery:
    return begin(runtime, threaded(runtime, service))


@pytest.fixture
def workers(runtime: Runtime, clock: FileClock, thread: Delivery) -> Workers:
    return Workers(runtime, clock, thread)


def message(runtime: Runtime, delivery: Delivery) -> Message:
    runtime.session.expire_all()
    return runtime.session.query(Message).filter_by(delivery_id=delivery.id).one()


def attempts(runtime: Runtime) -> list[tuple[int, str | None, str | None]]:
    rows = runtime.session.query(Attempt).order_by(Attempt.id)
    return [(row.position, row.outcome and row.outcome.value, row.remote_id) for row in rows]


def used(runtime: Runtime, service: Service) -> int:
    runtime.session.expire_all()
    return quota.usage(runtime, service, Operation.POST)[0].used


def test_each_part_answers_the_one_before(runtime: Runtime, network: FakeNetwork, thread: Delivery):
    sending.send_batch(runtime, thread.id)

    found = message(runtime, thread)
    assert network.posts == TEXTS
    assert network.replies == [None, "p0", "p1"]
    assert (found.state.value, found.parts_sent, found.remote_id) == ("sent", 3, "p0")
    assert attempts(runtime) == [(0, "sent", "p0"), (1, "sent", "p1"), (2, "sent", "p2")]
    assert len(set(network.keys)) == 3
    assert all(len(key) == 32 for key in network.keys)


def test_a_channel_that_takes_no_threads_refuses_before_anything_is_sent(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.accepts = Accepts()

    delivery = threaded(runtime, service)

    assert delivery.state is DeliveryState.REJECTED
    assert "not_taken" in [item["code"] for item in delivery.analysis["findings"]]


def with_a_picture(runtime: Runtime, draft: Delivery, at: int) -> Delivery:
    picture = PartMedia(position=0, sha256="a" * 64, mime="image/png", bytes=3, alt="A door")
    draft.variants[0].parts[at].media.append(picture)
    runtime.session.commit()
    return draft


def test_a_picture_that_nothing_keeps_is_refused(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.accepts = Accepts(features={*network.accepts.features, Feature.MEDIA})
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)
    analysis.start(runtime, with_a_picture(runtime, draft, 0).id)

    delivery = analysis.analyse(runtime, draft.id)

    codes = [item["code"] for item in delivery.analysis["findings"]]
    assert delivery.state is DeliveryState.REJECTED
    assert "media_missing" in codes
    assert "not_taken" not in codes


def test_a_thread_of_which_a_file_is_missing_waits_whole_until_somebody_acts(
    runtime: Runtime, network: FakeNetwork, thread: Delivery
):
    network.accepts = Accepts(features={*network.accepts.features, Feature.MEDIA})
    sending.send_batch(runtime, with_a_picture(runtime, thread, 2).id)

    held = runtime.session.get_one(Delivery, thread.id, populate_existing=True)
    assert network.posts == []
    assert message(runtime, thread).state is MessageState.PENDING
    assert (held.state, held.wait_code) == (DeliveryState.PAUSED, Held.FAILURES)


def test_every_commit_of_a_thread_is_tried(workers: Workers):
    assert workers.slice() in COMMITS


@pytest.mark.parametrize("at", COMMITS)
def test_a_crash_after_any_commit_loses_no_part_and_sends_none_twice(
    workers: Workers, network: FakeNetwork, at: int
):
    workers.slice(at=at, happens=workers.crash)

    workers.others_finish()

    assert workers.states() == ["sent"]
    assert network.posts == TEXTS
    assert network.replies == [None, "p0", "p1"]


@pytest.mark.parametrize("at", COMMITS)
def test_a_worker_held_up_after_any_commit_sends_no_part_again(
    workers: Workers, network: FakeNetwork, at: int
):
    workers.slice(at=at, happens=workers.others_finish)

    workers.finish()
    assert workers.states() == ["sent"]
    assert network.posts == TEXTS


@pytest.mark.parametrize("lost", range(3))
def test_an_answer_that_is_lost_is_found_and_the_thread_goes_on_behind_it(
    workers: Workers, network: FakeNetwork, lost: int
):
    network.after = [None] * lost + [fault(ErrorKind.UNKNOWN)]
    workers.slice()
    assert workers.states() == ["unknown"]

    workers.others_finish()

    assert workers.states() == ["sent"]
    assert network.posts == TEXTS
    assert network.replies == [None, "p0", "p1"]


@pytest.mark.parametrize("kind", [ErrorKind.TEMPORARY, ErrorKind.LIMITED, ErrorKind.UNKNOWN])
def test_a_part_that_never_arrived_is_tried_again_where_it_stands(
    workers: Workers, network: FakeNetwork, kind: ErrorKind
):
    network.before = [None, fault(kind, "busy")]
    workers.slice()
    assert network.posts == TEXTS[:1]

    workers.others_finish()

    assert workers.states() == ["sent"]
    assert network.posts == TEXTS


def test_a_thread_that_was_refused_half_way_is_no_rest_for_a_copy(
    runtime: Runtime, network: FakeNetwork, thread: Delivery
):
    network.before = [None, fault(ErrorKind.PERMANENT)]
    sending.send_batch(runtime, thread.id)

    found = message(runtime, thread)
    assert (found.state.value, found.parts_sent) == ("failed", 1)
    assert runtime.session.get_one(Delivery, thread.id).state is DeliveryState.FINISHED
    with pytest.raises(Conflict):
        copying.send_to_the_rest(runtime, thread.id)


def test_one_that_is_stopped_half_way_is_no_rest_either(
    runtime: Runtime, network: FakeNetwork, thread: Delivery
):
    network.before = [None, fault(ErrorKind.TEMPORARY)]
    sending.send_batch(runtime, thread.id)
    stop(runtime, thread.id)

    assert message(runtime, thread).state.value == "cancelled"
    assert copying.number_left(runtime, runtime.session.get_one(Delivery, thread.id)) == 0


def test_no_part_goes_out_where_the_limit_has_no_room_for_all(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    limit = Limit(operation=Operation.POST, scope=Scope.ACCOUNT, seconds=900, cap=4)
    network.limits = [limit]
    first = begin(runtime, threaded(runtime, service))
    second = begin(runtime, threaded(runtime, service, ["Four.", "Five."]))

    sending.send_batch(runtime, first.id)
    sending.send_batch(runtime, second.id)

    assert network.posts == TEXTS
    assert states(runtime, second) == ["pending"]


def test_a_thread_for_which_a_limit_never_has_room_is_refused(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    limit = Limit(operation=Operation.POST, scope=Scope.ACCOUNT, seconds=900, cap=2)
    network.limits = [limit]

    delivery = threaded(runtime, service)

    assert delivery.state is DeliveryState.REJECTED
    assert "thread_too_long" in [item["code"] for item in delivery.analysis["findings"]]


def test_the_turns_of_parts_that_were_not_tried_are_given_back(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    limit = Limit(operation=Operation.POST, scope=Scope.ACCOUNT, seconds=900, cap=5)
    network.limits = [limit]
    delivery = begin(runtime, threaded(runtime, service))
    network.before = [None, fault(ErrorKind.PERMANENT)]

    sending.send_batch(runtime, delivery.id)

    assert used(runtime, service) == 2


def test_each_part_is_charged_and_a_budget_must_hold_all_of_them(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.prices = [Price(operation=Operation.POST, amount=Decimal("0.01"), label="Posts")]
    service.monthly_budget = Decimal("0.03")
    runtime.session.commit()
    first, second = (begin(runtime, threaded(runtime, service, texts)) for texts in (TEXTS, ["4"]))

    sending.send_batch(runtime, first.id)
    sending.send_batch(runtime, second.id)

    runtime.session.expire_all()
    assert first.analysis["cost"] == "0.03"
    assert figures_of(runtime, [first.id])[first.id].cost == Decimal("0.03")
    assert network.posts == TEXTS
    assert second.wait_code == "budget"


def test_a_thread_is_deleted_from_its_end(runtime: Runtime, network: FakeNetwork, thread: Delivery):
    sending.send_batch(runtime, thread.id)

    delete_post.take_back(runtime, thread.id, message(runtime, thread).id)

    assert network.posts == ["", "", ""]
    taken = runtime.session.query(Attempt.taken_back_at).all()
    assert all(row[0] for row in taken)


def test_what_a_late_answer_claims_may_be_no_other_part(
    runtime: Runtime, network: FakeNetwork, thread: Delivery
):
    """The second part is lost, and what is found for it is what the first one is already."""
    network.after = [None, fault(ErrorKind.UNKNOWN)]
    sending.send_batch(runtime, thread.id)
    network.answer = Sent(remote_id="p0")
    runtime.session.query(Message).update({"due_at": runtime.now()})
    runtime.session.commit()

    sending.send_batch(runtime, thread.id)

    assert states(runtime, thread) == ["unknown"]
    assert network.posts == TEXTS[:2]
