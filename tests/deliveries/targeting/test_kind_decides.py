"""A direct message whose person or subscription is gone is written to nobody, and is no post."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from channels import ErrorKind, NotSent, Operation, Sent
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, proved, ready, states
from tests.support.fakes import FakeNetwork
from webapp.audience import consent
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import proofs, sending
from webapp.deliveries.models import (
    Attempt,
    Audience,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
)
from webapp.deliveries.queries import log
from webapp.deliveries.sending import call, claims
from webapp.kernel.runtime import Runtime
from webapp.services.client import Client

GONE = {"person": Visitor, "subscription": Subscription}


def erase(runtime: Runtime, what: type[Visitor] | type[Subscription]) -> None:
    """Erase the first person, or subscription; the database empties what refers to it."""
    first = select(what.id).order_by(what.id).limit(1).scalar_subquery()
    if what is Visitor:
        first = select(Subscription.visitor_id).order_by(Subscription.id).limit(1).scalar_subquery()
    runtime.session.execute(
        delete(what).where(what.id == first).execution_options(synchronize_session=False)
    )
    runtime.session.commit()
    runtime.session.expire_all()


def reasons(runtime: Runtime, delivery: Delivery) -> list[str]:
    runtime.session.expire_all()
    rows = runtime.session.query(Message).filter_by(delivery_id=delivery.id)
    return [row.reason for row in rows.order_by(Message.id)]


@pytest.mark.parametrize(
    "content", ["Hi {first_name|there}, it is May.", "Dear {full_name}, it is May."]
)
@pytest.mark.parametrize("audience", [*Audience])
@pytest.mark.parametrize("what", GONE.values(), ids=GONE)
def test_whoever_is_erased_after_confirming_gets_nothing_and_nobody_reads_it(
    runtime: Runtime, network: FakeNetwork, service, what, audience, content
):
    delivery = begin(runtime, ready(runtime, service, content=f"{content} {{opt_out_line}}"))
    delivery.audience = audience
    erase(runtime, what)

    sending.send_batch(runtime, delivery.id)

    assert network.posts == []
    became = zip(states(runtime, delivery), reasons(runtime, delivery), strict=True)
    assert sorted(became) == [("ignored", "erased"), ("sent", ""), ("sent", "")]
    assert delivery.state is DeliveryState.FINISHED


def test_the_gate_says_no_where_it_has_nothing_to_look_at(runtime: Runtime):
    assert consent.reason_not(None, None) == "erased"


def test_a_call_without_its_person_is_not_made(runtime: Runtime, network: FakeNetwork, service):
    delivery = begin(runtime, ready(runtime, service, people=1))
    message = claims.read(runtime, claims.claim_next(runtime, delivery.id)).message
    attempt = call.open_attempt(runtime, message, "Hi")

    client = Client(runtime, message.service)
    result = call.make(
        runtime,
        call.Call(delivery=delivery, message=message, attempt=attempt, person=None, client=client),
    )

    assert (result.kind, result.code) == (ErrorKind.PERMANENT, "erased")
    assert (network.posts, network.directs) == ([], [])


@pytest.fixture
def unknown(runtime: Runtime, network: FakeNetwork, clock: FileClock, service) -> Delivery:
    """One whose only message got no answer and is due to be asked about."""
    network.after = [fault(ErrorKind.UNKNOWN)]
    delivery = begin(runtime, ready(runtime, service, people=1))
    sending.send_batch(runtime, delivery.id)
    assert states(runtime, delivery) == ["unknown"]
    clock.advance(timedelta(seconds=runtime.settings.reconcile_after_seconds))
    return delivery


def test_an_open_outcome_of_an_erased_person_is_asked_as_no_post(
    runtime: Runtime, network: FakeNetwork, unknown: Delivery
):
    network.answer = Sent(remote_id="a post of these words")
    erase(runtime, Visitor)

    sending.send_batch(runtime, unknown.id)

    assert network.asked == []
    assert states(runtime, unknown) == ["ignored"]
    assert reasons(runtime, unknown) == ["erased_unknown"]
    assert runtime.session.query(Attempt).one().outcome == "unknown"
    assert unknown.state is DeliveryState.FINISHED


def test_an_open_outcome_is_asked_as_a_direct_message_where_the_subscription_is_gone(
    runtime: Runtime, network: FakeNetwork, unknown: Delivery
):
    network.answer = NotSent()
    erase(runtime, Subscription)

    sending.send_batch(runtime, unknown.id)

    [asked] = network.asked
    assert asked.operation is Operation.DIRECT
    assert asked.person is not None
    assert reasons(runtime, unknown) == ["erased"]
    assert len(network.directs) == 1


def test_a_proof_goes_to_its_account_and_to_nobody_once_that_is_erased(
    runtime: Runtime, network: FakeNetwork, draft, proof_account
):
    draft.proof_service_id = proof_account.id
    runtime.session.commit()
    assert proved(runtime, draft).state is DeliveryState.FINISHED
    assert [remote_id for remote_id, _text in network.directs] == ["2"]
    again = proofs.send_proof(runtime, draft.id)
    reader = Visitor.remote_id == proof_account.remote_id
    runtime.session.execute(delete(Visitor).where(reader))
    runtime.session.commit()
    runtime.session.expire_all()

    sending.send_batch(runtime, again.id)

    assert (network.posts, len(network.directs)) == ([], 1)
    assert states(runtime, again) == ["ignored"]
    assert again.wait_reason == "Erased meanwhile"


def test_the_log_names_no_account_in_place_of_an_erased_person(runtime: Runtime, service):
    delivery = begin(runtime, ready(runtime, service, people=1))
    erase(runtime, Visitor)

    [line] = log.export(runtime, delivery.id)

    assert (line["recipient"], line["name"]) == ("", "")


def test_a_post_needs_no_person(runtime: Runtime, network: FakeNetwork, service):
    delivery = begin(runtime, ready(runtime, service, people=0, kind=DeliveryKind.POST))

    sending.send_batch(runtime, delivery.id)

    assert len(network.posts) == 1
