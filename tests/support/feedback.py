"""What networks tell in tests: a network that signs with one word, and what is left of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from channels import (
    ChannelContext,
    ChannelError,
    ErrorKind,
    Event,
    EventKind,
    EventRequest,
    Received,
)
from tests.support.counters import counters_of, messages_of
from webapp.audience.models import Subscription
from webapp.deliveries import feedback
from webapp.deliveries.counts import figures_of
from webapp.deliveries.models import ChannelEvent, Delivery, EventOutcome, Message
from webapp.kernel.runtime import Runtime
from webapp.services.connection import event_address
from webapp.services.models import Service


@dataclass
class FakeEvents:
    """A network that signs with one word, and tells what a test lays out."""

    told: list[Event] = field(default_factory=list)
    fault: ChannelError | None = None

    def read(self, _context: ChannelContext, request: EventRequest) -> Received:
        if self.fault is not None:
            raise self.fault
        if request.headers.get("signature") != "good":
            raise ChannelError("Forged.", kind=ErrorKind.PERMANENT, code="forged")
        return Received(events=tuple(self.told), answer=request.query.get("challenge", ""))


def told(runtime: Runtime, service: Service, events: FakeEvents, *news: Event) -> None:
    """Let the network tell something, and apply it."""
    events.told = list(news)
    token = event_address.address_of(runtime, service).rpartition("/")[2]
    request = EventRequest(body=b"{}", headers={"signature": "good"})
    feedback.receive(runtime, "fake", token, request)
    feedback.apply_events(runtime, service.id)
    runtime.session.expire_all()


def event(runtime: Runtime, kind: EventKind, **more: Any) -> Event:
    values = {"event_id": f"{kind.value}-1", "at": runtime.now(), "message_id": "d0"} | more
    return Event(kind=kind, **values)


def outcomes(runtime: Runtime) -> Sequence[EventOutcome | None]:
    return runtime.session.scalars(select(ChannelEvent.outcome).order_by(ChannelEvent.id)).all()


def arrivals(runtime: Runtime, delivery: Delivery) -> list[str]:
    rows = select(Message.arrival).where(Message.delivery_id == delivery.id).order_by(Message.id)
    return list(runtime.session.scalars(rows))


def counted(runtime: Runtime, delivery: Delivery) -> tuple[int, ...]:
    assert counters_of(runtime, delivery.id) == messages_of(runtime, delivery.id)
    found = figures_of(runtime, [delivery.id])[delivery.id].arrivals
    return tuple(found[name] for name in ("accepted", "delivered", "bounced"))


def first(runtime: Runtime, delivery: Delivery) -> tuple[Message, Subscription]:
    message = runtime.session.scalars(
        select(Message).where(Message.delivery_id == delivery.id, Message.remote_id == "d0")
    ).one()
    subscription = runtime.session.get_one(Subscription, message.subscription_id)
    return message, subscription
