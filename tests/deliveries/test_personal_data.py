"""What deliveries hold of a person leaves with them, and what they hold of others stays."""

from collections.abc import Callable

import pytest

from channels import EventKind
from tests.support.deliveries import begin, proved, ready
from tests.support.factories import make_delivery, make_service, make_subscription, make_visitor
from tests.support.fakes import FakeNetwork
from tests.support.traces import rows_with
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import sending
from webapp.deliveries.control import delete
from webapp.deliveries.drafts import editing
from webapp.deliveries.feedback import applying
from webapp.deliveries.models import Attempt, ChannelEvent, DeliveryKind, EventOutcome, Message
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.privacy import erasing, wishes
from webapp.services.models import Service


def erased(runtime: Runtime, visitor: Visitor) -> None:
    wish = wishes.ask(runtime, visitor.id)
    erasing.erase(runtime, wish.id, visitor.handle)


@pytest.fixture
def tie(runtime: Runtime, service: Service) -> Subscription:
    who = make_visitor(runtime, remote_id="z90210z", handle="quastenfink", name="Zerlinde")
    return make_subscription(runtime, service, who)


def bounce(runtime: Runtime, message: Message, **more) -> None:
    """Note that a network told why a message came back, in words that name its reader."""
    now = runtime.now()
    told = notices.of("550 5.1.1 <quastenfink@example.org> is unknown")
    runtime.session.add(
        ChannelEvent(
            service_id=message.service_id,
            event_id="b1",
            kind=EventKind.BOUNCED,
            happened_at=now,
            received_at=now,
            due_at=now,
            message_id=message.remote_id,
            said=told,
            **more,
        )
    )
    runtime.session.commit()


def written_to(runtime: Runtime, service: Service) -> Message:
    """Send a message to everybody there is, who is one."""
    delivery = begin(runtime, ready(runtime, service, 0))
    sending.send_batch(runtime, delivery.id)
    return runtime.session.query(Message).filter_by(delivery_id=delivery.id).one()


@pytest.mark.parametrize("outcome", [None, EventOutcome.FAILED])
def test_the_words_of_a_bounce_leave_with_whom_they_name(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    tie: Subscription,
    outcome: EventOutcome | None,
):
    at = runtime.now() if outcome else None
    nobody = {"person": None, "reply": None}
    message = written_to(runtime, service)
    bounce(runtime, message, details=nobody, applied_at=at, outcome=outcome)

    erased(runtime, tie.visitor)

    assert rows_with(runtime, "quastenfink") == []


def test_the_words_of_a_bounce_stand_with_the_message_alone_once_it_is_applied(
    runtime: Runtime, service: Service, network: FakeNetwork, tie: Subscription
):
    message = written_to(runtime, service)
    bounce(runtime, message, details={"person": None, "reply": None})

    applying.apply_events(runtime, service.id)

    runtime.session.expire_all()
    event = runtime.session.query(ChannelEvent).one()
    assert (event.outcome, event.said) == (EventOutcome.APPLIED, "")
    assert "550 5.1.1" in runtime.session.get_one(Message, message.id).said
    erased(runtime, tie.visitor)
    assert rows_with(runtime, "quastenfink") == []


def test_nothing_tells_of_a_personal_draft_that_was_removed_before_its_person(
    runtime: Runtime, service: Service, tie: Subscription
):
    draft = editing.create(
        runtime,
        editing.NewDelivery(
            kind=DeliveryKind.DIRECT,
            channel="fake",
            label="To Zerlinde",
            service_ids=[service.id],
            recipient_id=tie.visitor_id,
        ),
    )
    delete.remove(runtime, draft.id)

    erased(runtime, tie.visitor)

    assert rows_with(runtime, "zerlinde") == []


@pytest.fixture
def prove(runtime: Runtime, service: Service, network: FakeNetwork) -> Callable[[Visitor], int]:
    """Send a proof that is filled with the data of a person."""
    account = make_service(runtime, internal_name="atelier_proof", remote_id="2", is_test=True)

    def sent(who: Visitor) -> int:
        draft = make_delivery(runtime, service, proof_service_id=account.id)
        draft.proof_visitor_id = who.id
        runtime.session.commit()
        return proved(runtime, draft).id

    return sent


def text_of(runtime: Runtime, delivery_id: int) -> str:
    runtime.session.expire_all()
    found = runtime.session.query(Attempt.text).join(Message, Attempt.message_id == Message.id)
    return found.filter(Message.delivery_id == delivery_id).one()[0]


def test_a_short_name_takes_no_other_proof_along(
    runtime: Runtime, service: Service, prove: Callable[[Visitor], int], tie: Subscription
):
    short = make_subscription(
        runtime, service, make_visitor(runtime, handle="er", name="Er", first_name="Er")
    ).visitor
    other, own = prove(tie.visitor), prove(short)
    assert "er" in text_of(runtime, other)

    erased(runtime, short)

    assert text_of(runtime, other) != ""
    assert text_of(runtime, own) == ""


def test_a_proof_that_shows_a_former_name_is_emptied(
    runtime: Runtime, prove: Callable[[Visitor], int], tie: Subscription
):
    own = prove(tie.visitor)
    before = tie.visitor.first_name or tie.visitor.name
    assert before in text_of(runtime, own)
    tie.visitor.name = tie.visitor.first_name = "Somebody"
    runtime.session.commit()

    erased(runtime, tie.visitor)

    assert text_of(runtime, own) == ""
