"""Somebody about whom an instance knows all that it can know."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from channels import EventKind, InboundMessage, Wish
from tests.support.deliveries import begin, proved
from tests.support.factories import make_delivery, make_service, make_subscription
from tests.support.fakes import FakeNetwork, person
from webapp.audience.consents import recording
from webapp.audience.inbox import reader
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import analysis, sending
from webapp.deliveries.drafts import copying, editing
from webapp.deliveries.models import ChannelEvent, Delivery, DeliveryKind, FollowUp
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# Nothing else of an instance holds these.
WORDS = ("zerlinde", "quastenfink", "z90210z", "tintenklecks", "wunderlich-handschlag", "sofarot")


@dataclass(frozen=True, kw_only=True)
class Known:
    """The person, the account that knows them, and a delivery to them and to others."""

    visitor: Visitor
    service: Service
    to_all: Delivery


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime, inbox_read_at=None)


def _hear(runtime: Runtime, service: Service, network: FakeNetwork) -> None:
    """Let the person write, and agree."""
    who = person(1, remote_id="z90210z", handle="quastenfink", name="Zerlinde Quastenfink")
    at = runtime.now() - timedelta(hours=1)
    said = {"text": "Is there a tintenklecks?"}, {"text": "YES", "wish": Wish.OPT_IN}
    network.inbound = [
        InboundMessage(remote_id=f"n{number}", person=who, received_at=at, **more)
        for number, more in enumerate(said)
    ]
    reader.read_new(runtime, service)


@pytest.fixture
def known(runtime: Runtime, service: Service, network: FakeNetwork) -> Known:
    """Zerlinde Quastenfink: wrote, agreed, was written to, alone and with others."""
    _hear(runtime, service, network)
    visitor = runtime.session.query(Visitor).filter_by(remote_id="z90210z").one()
    tie = runtime.session.query(Subscription).filter_by(visitor_id=visitor.id).one()
    agreed = recording.Agreement(proof="wunderlich-handschlag at the fair", purpose="News")
    recording.record_opt_in(runtime, tie.id, agreed)
    make_subscription(runtime, service)
    proof_account = make_service(
        runtime, internal_name="atelier_proof", remote_id="2", is_test=True
    )
    draft = make_delivery(runtime, service, proof_service_id=proof_account.id)
    draft.proof_visitor_id = visitor.id
    runtime.session.commit()
    proved(runtime, draft)
    _send(runtime, draft)
    alone = editing.NewDelivery(
        kind=DeliveryKind.DIRECT,
        channel="fake",
        label="To Zerlinde Quastenfink",
        service_ids=[service.id],
        recipient_id=visitor.id,
    )
    own = editing.create(runtime, alone)
    text = editing.DeliveryChanges(content="The sofarot sofa is yours. {opt_out_line}")
    _send(runtime, editing.edit(runtime, own.id, text))
    again = copying.duplicate(runtime, own.id)
    analysis.start(runtime, again.id)
    analysis.analyse(runtime, again.id)
    named = {"field": "username", "op": "is", "value": "Quastenfink"}
    make_delivery(runtime, service, filters=[{"not": named}, {"any": [named]}])
    promise = {"service_id": service.id, "visitor_id": visitor.id, "delivery_id": draft.id}
    runtime.session.add_all([_event(runtime, service), FollowUp(**promise, at=runtime.now())])
    runtime.session.commit()
    return Known(visitor=visitor, service=service, to_all=draft)


def _send(runtime: Runtime, delivery: Delivery) -> None:
    analysis.start(runtime, delivery.id)
    begin(runtime, analysis.analyse(runtime, delivery.id))
    sending.send_batch(runtime, delivery.id)


def _event(runtime: Runtime, service: Service) -> ChannelEvent:
    """A report about the person that could not be applied."""
    now = runtime.now()
    told = {"remote_id": "z90210z", "handle": "quastenfink", "name": "Zerlinde"}
    return ChannelEvent(
        service_id=service.id,
        event_id="e1",
        kind=EventKind.FOLLOWED,
        happened_at=now,
        received_at=now,
        due_at=now,
        details={"person": told},
    )
