"""Messages that look like a refusal: nobody is messaged through one, and an operator decides."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from channels import Wish
from tests.support.factories import (
    actions,
    make_delivery,
    make_service,
    make_subscription,
    make_visitor,
)
from tests.support.fakes import FakeNetwork, wrote
from tests.support.sync import subscription
from webapp.audience import consent, doubts
from webapp.audience.inbox import reader
from webapp.audience.models import ReceivedMessage, Subscription
from webapp.deliveries.targeting import target
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime, inbox_read_at=None)


def hear(runtime: Runtime, network: FakeNetwork, service: Service, *said: str) -> Subscription:
    """What one person wrote, a minute apart; the channel knows YES alone."""
    for text in said:
        number = len(network.inbound)
        wish = Wish.OPT_IN if text == "YES" else None
        at = runtime.now() + timedelta(minutes=number)
        network.inbound.append(wrote(number, text, at, wish=wish, who=1))
    reader.read_new(runtime, service)
    return subscription(runtime, service, "r1")


def gate(row: Subscription) -> str:
    return consent.reason_not(row, row.visitor)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (["STOP"], "wrote_stop"),
        (["Leave me alone"], "wrote_stop"),
        (["Not interested"], "in_doubt"),
        (["Hello", "Not interested"], "in_doubt"),
        (["Not interested", "Hello"], "in_doubt"),
        (["Not interested", "YES"], ""),
        (["YES", "Not interested"], "in_doubt"),
        (["Not interested", "STOP", "YES"], ""),
    ],
)
def test_words_that_look_like_a_refusal_keep_the_gate_shut(
    runtime: Runtime, network: FakeNetwork, service, said: list[str], reason: str
):
    row = hear(runtime, network, service, *said)

    assert gate(row) == reason
    first = next((n for n, text in enumerate(said) if text in ("Hello", "YES")), None)
    wrote_at = network.inbound[first].received_at if first is not None else None
    assert row.wrote_first_at == wrote_at


def test_a_channel_that_takes_a_refusal_for_an_agreement_is_not_believed(
    runtime: Runtime, network: FakeNetwork, service
):
    network.inbound = [wrote(1, "No thanks", runtime.now(), wish=Wish.OPT_IN, who=1)]
    reader.read_new(runtime, service)

    row = subscription(runtime, service, "r1")
    assert (gate(row), row.opted_in_at) == ("in_doubt", None)


def test_a_stop_that_only_the_channel_knows_is_one(runtime: Runtime, network: FakeNetwork, service):
    network.inbound = [wrote(1, "#42", runtime.now(), wish=Wish.STOP, who=1)]
    reader.read_new(runtime, service)

    assert gate(subscription(runtime, service, "r1")) == "wrote_stop"


def test_an_operator_decides_that_somebody_refused(runtime: Runtime, network: FakeNetwork, service):
    row = hear(runtime, network, service, "Not interested", "Who gave you my name? Spam!")
    shown = doubts.waiting(runtime, 8)
    assert [found.note.text for found in shown] == ["Who gave you my name? Spam!"]

    doubts.settle(runtime, row.id, shown[0].note.id, is_stop=True)

    assert gate(row) == "wrote_stop"
    assert doubts.waiting(runtime, 8) == []
    settled = {note.settled for note in runtime.session.scalars(select(ReceivedMessage))}
    assert settled == {"stop"}
    assert actions(runtime)[-1] == "subscription.doubt_is_stop"


def test_somebody_is_held_until_each_message_in_doubt_was_read(
    runtime: Runtime, network: FakeNetwork, service
):
    row = hear(runtime, network, service, "Not interested", "Is this spam? Tell me more!")

    for text in ("Is this spam? Tell me more!", "Not interested"):
        (shown,) = doubts.waiting(runtime, 8)
        assert shown.note.text == text
        assert gate(row) == "in_doubt"
        doubts.settle(runtime, row.id, shown.note.id, is_stop=False)

    assert gate(row) == ""
    assert doubts.waiting(runtime, 8) == []
    settled = {note.settled for note in runtime.session.scalars(select(ReceivedMessage))}
    assert settled == {"other"}
    assert actions(runtime)[-2:] == ["subscription.doubt_is_none"] * 2


def test_nothing_is_decided_about_what_nobody_read(runtime: Runtime, network: FakeNetwork, service):
    row = hear(runtime, network, service, "Not interested")
    read = doubts.waiting(runtime, 8)[0].note.id
    hear(runtime, network, service, "No thanks, this is spam")

    with pytest.raises(Conflict, match="wrote again"):
        doubts.settle(runtime, row.id, read, is_stop=False)
    doubts.settle(runtime, row.id, None, is_stop=True)
    with pytest.raises(Conflict, match="in doubt any more"):
        doubts.settle(runtime, row.id, None, is_stop=False)

    assert gate(row) == "wrote_stop"


def test_who_is_in_doubt_is_left_out_of_a_target_with_that_reason(runtime: Runtime, service):
    row = make_subscription(runtime, service, make_visitor(runtime), doubted_at=runtime.now())

    reason = target.reason(make_delivery(runtime, service))
    code = select(reason).select_from(Subscription).join(Subscription.visitor)

    assert runtime.session.scalar(code.where(Subscription.id == row.id)) == "in_doubt"
