"""Uploads that end half done or late, and files that are not what was approved."""

from datetime import timedelta
from decimal import Decimal

import pytest

from channels import ErrorKind, MediaState, RemoteMedia
from channels.clock import FileClock
from tests.deliveries.sending.test_uploads import PRICE, post, uploads
from tests.support.deliveries import begin, fault, states
from tests.support.factories import make_delivery, make_subscriptions
from tests.support.fakes import FakeNetwork
from tests.support.media import expect_whole, illustrated, show, takes_pictures
from webapp.audience.models import Subscription
from webapp.deliveries import analysis, control, sending
from webapp.deliveries.counts import figures_of
from webapp.deliveries.models import Delivery, DeliveryState, Message
from webapp.deliveries.variants import seal
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.media import store
from webapp.services import costs
from webapp.services.models import Service

__all__ = ["post"]


def test_a_file_that_changed_on_the_disk_is_not_what_was_approved(
    runtime: Runtime, network: FakeNetwork, post: Delivery
):
    shown = post.media[1][0]
    path = runtime.settings.var / store.FOLDER / shown.sha256[:2] / shown.sha256
    path.write_bytes(b"?" * shown.bytes)

    sending.send_batch(runtime, post.id)

    message = runtime.session.query(Message).populate_existing().one()
    assert (network.posts, len(network.files)) == ([], 1)
    assert (message.state.value, message.reason) == ("failed", "media_missing")


def test_a_file_that_was_cut_short_holds_the_post_until_it_is_back(
    runtime: Runtime, network: FakeNetwork, post: Delivery
):
    shown = post.media[1][0]
    path = runtime.settings.var / store.FOLDER / shown.sha256[:2] / shown.sha256
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    sending.send_batch(runtime, post.id)

    held = runtime.session.get_one(Delivery, post.id, populate_existing=True)
    assert (network.posts, network.files) == ([], [])
    assert held.state is DeliveryState.PAUSED
    assert "bring it back" in str(notices.of(held.wait_reason)).lower()

    path.write_bytes(whole)
    control.resume(runtime, post.id)
    sending.send_batch(runtime, post.id)

    assert (states(runtime, post), len(network.posts)) == (["sent"], 2)


@pytest.mark.parametrize("state", [MediaState.UNFINISHED, MediaState.PROCESSING])
def test_an_upload_that_ended_half_done_begins_anew(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, post: Delivery, state: MediaState
):
    now = runtime.now()
    ends, ask_at = now + timedelta(hours=1), now + timedelta(seconds=1)
    half = RemoteMedia(remote_id="m0", state=state, expires_at=ends, ask_at=ask_at, mark="more")
    network.answers = [half]
    network.before_upload = [None, fault(ErrorKind.TEMPORARY, "busy")]
    sending.send_batch(runtime, post.id)
    clock.advance(timedelta(hours=2))

    sending.send_batch(runtime, post.id)

    expect_whole(network)
    assert network.shown[0] == [("m1", "A door")]


def test_a_later_step_that_the_network_knows_no_more_begins_anew(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, post: Delivery
):
    network.answers = [RemoteMedia(remote_id="m0", state=MediaState.UNFINISHED, mark="more")]
    network.before_upload = [None, fault(ErrorKind.TEMPORARY, "media_gone")]
    sending.send_batch(runtime, post.id)
    assert uploads(runtime) == ["failed", "planned"]
    clock.advance(timedelta(hours=2))

    sending.send_batch(runtime, post.id)

    expect_whole(network)


def test_a_network_that_processes_for_ever_is_not_asked_as_often_as_a_worker_can(
    runtime: Runtime, network: FakeNetwork, post: Delivery
):
    now = runtime.now()
    waits = RemoteMedia(remote_id="m0", state=MediaState.PROCESSING, ask_at=now)
    network.answers = [waits] * 50

    sending.send_batch(runtime, post.id)

    message = runtime.session.query(Message).populate_existing().one()
    assert len(network.answers) >= 46
    assert (network.posts, message.state.value) == ([], "pending")
    assert message.due_at > now


@pytest.mark.parametrize(("taken", "costs_then"), [(False, "0"), (True, "0.03")])
def test_a_refused_picture_costs_what_the_network_took_and_the_others_nothing(
    runtime: Runtime, network: FakeNetwork, service: Service, *, taken: bool, costs_then: str
):
    takes_pictures(network)
    network.prices = [PRICE]
    post = illustrated(runtime, service)
    network.before_upload = [fault(ErrorKind.PERMANENT)]
    if taken:
        half = RemoteMedia(remote_id="m1", state=MediaState.UNFINISHED, mark="more")
        network.answers = [RemoteMedia(remote_id="m0"), half]
        network.before_upload = [None, None, *network.before_upload]

    sending.send_batch(runtime, post.id)

    assert states(runtime, post) == ["failed"]
    assert costs.spent_this_month(runtime, service) == Decimal(costs_then)
    assert figures_of(runtime, [post.id])[post.id].cost == Decimal(costs_then)


def test_a_file_that_may_not_be_read_keeps_its_message_waiting_and_costs_nothing_more(
    runtime: Runtime,
    network: FakeNetwork,
    clock: FileClock,
    post: Delivery,
    monkeypatch: pytest.MonkeyPatch,
):
    def refused(*_given: object) -> None:
        raise PermissionError(13, "refused")

    with monkeypatch.context() as other_user:
        other_user.setattr(store, "opened", refused)
        sending.send_batch(runtime, post.id)
    message = runtime.session.query(Message).populate_existing().one()
    assert (message.state.value, message.reason) == ("pending", "media_unreadable")
    assert uploads(runtime) == ["planned", "planned"]
    clock.advance(timedelta(hours=2))

    sending.send_batch(runtime, post.id)

    expect_whole(network)
    assert uploads(runtime) == ["ready", "ready"]


def test_an_upload_without_an_answer_says_nothing_about_the_person(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    takes_pictures(network)
    make_subscriptions(runtime, service, 1)
    draft = show(runtime, make_delivery(runtime, service), 0)
    draft.content_hash = seal(draft)
    runtime.session.commit()
    analysis.start(runtime, draft.id)
    analysis.analyse(runtime, draft.id)
    network.before_upload = [fault(ErrorKind.UNKNOWN)]

    sending.send_batch(runtime, begin(runtime, draft).id)

    message = runtime.session.query(Message).populate_existing().one()
    assert message.reason == "upload_unknown"
    assert runtime.session.query(Subscription).one().soft_failures == 0
