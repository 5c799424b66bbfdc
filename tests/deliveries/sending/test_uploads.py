"""What a post shows is on the network before it; no crash or refusal sends it bare or twice."""

from datetime import timedelta
from decimal import Decimal

import pytest

from channels import ErrorKind, Limit, MediaState, Operation, Price, RemoteMedia, Scope
from channels.clock import FileClock
from tests.support.deliveries import fault, states
from tests.support.fakes import FakeNetwork
from tests.support.media import expect_whole, illustrated, takes_pictures
from webapp.deliveries import sending
from webapp.deliveries.counts import figures_of
from webapp.deliveries.models import (
    Delivery,
    DeliveryState,
    MediaUpload,
    Message,
    UploadState,
)
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.limits import quota
from webapp.services.models import Service

PRICE = Price(operation=Operation.UPLOAD, amount=Decimal("0.015"), label="Uploads")


@pytest.fixture
def post(runtime: Runtime, network: FakeNetwork, service: Service) -> Delivery:
    """A thread of two parts, each with a picture, that is about to go out."""
    takes_pictures(network)
    return illustrated(runtime, service)


def uploads(runtime: Runtime) -> list[str]:
    runtime.session.expire_all()
    return [row.state.value for row in runtime.session.query(MediaUpload).order_by(MediaUpload.id)]


def test_all_pictures_are_uploaded_before_the_first_part_goes_out(
    runtime: Runtime, network: FakeNetwork, post: Delivery
):
    seen = list[int]()
    network.before = [lambda: seen.append(len(network.files))]

    sending.send_batch(runtime, post.id)

    assert seen == [2]
    assert network.shown == [[("m0", "A door")], [("m1", "A door")]]
    assert (states(runtime, post), uploads(runtime)) == (["sent"], ["ready", "ready"])


@pytest.mark.parametrize(
    ("planned", "state", "reason", "upload"),
    [
        (fault(ErrorKind.PERMANENT), "failed", "refused", "failed"),
        (fault(ErrorKind.TEMPORARY, "busy"), "pending", "busy", "planned"),
        (fault(ErrorKind.SENDER), "pending", "", "planned"),
        (fault(ErrorKind.LIMITED), "pending", "", "planned"),
        (fault(ErrorKind.UNKNOWN), "pending", "upload_unknown", "unknown"),
        (fault(ErrorKind.TEMPORARY, never_sent=True), "pending", "", "planned"),
        (RuntimeError("A bug of the plugin."), "pending", "upload_unknown", "unknown"),
    ],
    ids=["refused", "busy", "sender", "limited", "lost", "unreachable", "bug"],
)
def test_a_failed_upload_sends_nothing_and_its_message_is_not_lost(
    runtime: Runtime,
    network: FakeNetwork,
    clock: FileClock,
    post: Delivery,
    planned: Exception,
    state: str,
    reason: str,
    upload: str,
):
    network.before_upload = [None, planned]

    sending.send_batch(runtime, post.id)

    message = runtime.session.query(Message).populate_existing().one()
    assert network.posts == []
    assert (message.state.value, message.reason) == (state, reason)
    assert uploads(runtime) == ["ready", upload]
    assert quota.usage(runtime, message.service, Operation.POST) == []
    if state == "pending":
        delivery = runtime.session.get_one(Delivery, post.id)
        delivery.state = DeliveryState.SENDING
        runtime.session.commit()
        clock.advance(timedelta(hours=2))
        sending.send_batch(runtime, post.id)
        # What is on the network already is not uploaded once more.
        assert uploads(runtime).count("ready") == 2
        expect_whole(network)


def test_a_lost_answer_to_an_upload_is_no_second_post(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, post: Delivery
):
    network.after_upload = [fault(ErrorKind.UNKNOWN)]
    sending.send_batch(runtime, post.id)
    clock.advance(timedelta(hours=2))

    sending.send_batch(runtime, post.id)

    assert uploads(runtime) == ["unknown", "planned", "ready"] or len(network.files) == 3
    expect_whole(network)


def test_nobody_waits_for_a_network_that_processes(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, post: Delivery
):
    ask_at = runtime.now() + timedelta(seconds=30)
    waits = RemoteMedia(remote_id="m0", state=MediaState.PROCESSING, ask_at=ask_at)
    network.answers = [waits]

    sending.send_batch(runtime, post.id)

    message = runtime.session.query(Message).populate_existing().one()
    assert (message.reason, message.due_at, message.tries) == ("media_processing", ask_at, 0)
    assert (network.posts, uploads(runtime)) == ([], ["processing", "ready"])

    clock.advance(timedelta(seconds=31))
    sending.send_batch(runtime, post.id)
    expect_whole(network)


def test_what_the_network_could_not_process_fails_the_message_in_its_words(
    runtime: Runtime, network: FakeNetwork, post: Delivery
):
    network.answers = [RemoteMedia(remote_id="m0", state=MediaState.FAILED, said="Bad codec.")]

    sending.send_batch(runtime, post.id)

    message = runtime.session.query(Message).populate_existing().one()
    assert (message.state.value, message.reason) == ("failed", "media_refused")
    assert str(message.said) == "Bad codec."
    assert network.posts == []


def test_an_upload_takes_step_after_step_and_goes_on_where_it_stood(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, post: Delivery
):
    half = RemoteMedia(remote_id="m0", state=MediaState.UNFINISHED, mark="append:1")
    network.answers = [half]
    network.before_upload = [None, fault(ErrorKind.TEMPORARY, "busy")]
    sending.send_batch(runtime, post.id)
    assert uploads(runtime) == ["unfinished", "planned"]

    clock.advance(timedelta(hours=2))
    sending.send_batch(runtime, post.id)

    assert (len(network.files), network.steps) == (2, 4)
    expect_whole(network)


def test_what_expired_meanwhile_is_uploaded_again(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, post: Delivery
):
    soon = runtime.now() + timedelta(hours=1)
    network.answers = [RemoteMedia(remote_id="m0", expires_at=soon)]
    network.before = [fault(ErrorKind.TEMPORARY, "busy")]
    sending.send_batch(runtime, post.id)
    clock.advance(timedelta(hours=2))

    sending.send_batch(runtime, post.id)

    assert len(network.files) == 3
    assert network.posts == ["One.", "Two."]
    assert network.shown[0] == [("m2", "A door")]


def test_what_the_network_knows_no_more_is_uploaded_again(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, post: Delivery
):
    network.before = [fault(ErrorKind.TEMPORARY, "media_gone")]
    sending.send_batch(runtime, post.id)
    clock.advance(timedelta(hours=2))

    sending.send_batch(runtime, post.id)

    assert (len(network.files), network.posts) == (4, ["One.", "Two."])


def test_a_spent_limit_of_uploads_keeps_the_post_waiting(
    runtime: Runtime, network: FakeNetwork, post: Delivery
):
    network.limits = [
        Limit(operation=Operation.UPLOAD, scope=Scope.ACCOUNT, seconds=900, cap=1),
        Limit(operation=Operation.POST, scope=Scope.ACCOUNT, seconds=900, cap=9),
    ]

    sending.send_batch(runtime, post.id)

    delivery = runtime.session.get_one(Delivery, post.id, populate_existing=True)
    assert (len(network.files), network.posts, delivery.wait_code) == (1, [], "limit")
    used = [item.used for item in quota.usage(runtime, delivery.services[0], Operation.POST)]
    assert used == [0]


def test_each_upload_is_charged_once_and_the_delivery_costs_it(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service
):
    takes_pictures(network)
    network.prices = [PRICE]
    post = illustrated(runtime, service)
    assert Decimal(str(post.analysis["cost"])) == Decimal("0.03")
    network.before_upload = [None, fault(ErrorKind.TEMPORARY, "busy")]

    sending.send_batch(runtime, post.id)
    assert costs.spent_this_month(runtime, service) == Decimal("0.03")

    clock.advance(timedelta(hours=2))
    sending.send_batch(runtime, post.id)

    expect_whole(network)
    assert costs.spent_this_month(runtime, service) == Decimal("0.03")
    assert figures_of(runtime, [post.id])[post.id].cost == Decimal("0.03")


def test_a_budget_that_does_not_hold_the_uploads_sends_nothing(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    takes_pictures(network)
    network.prices = [PRICE]
    post = illustrated(runtime, service)
    service.monthly_budget = Decimal("0.02")
    runtime.session.commit()

    sending.send_batch(runtime, post.id)

    delivery = runtime.session.get_one(Delivery, post.id, populate_existing=True)
    assert (network.files, network.posts, delivery.wait_code) == ([], [], "budget")


def test_the_network_is_asked_for_the_very_picture_that_a_try_named(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, post: Delivery
):
    network.after = [fault(ErrorKind.UNKNOWN)]
    sending.send_batch(runtime, post.id)
    clock.advance(timedelta(hours=1))
    sending.send_batch(runtime, post.id)

    assert network.asked[0].media == {"m0"}
    expect_whole(network)
    assert UploadState.UNKNOWN.value not in uploads(runtime)
