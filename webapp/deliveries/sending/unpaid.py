"""Pauses what waits for its time and cannot be paid any more, instead of when that time comes.

A synchronisation, another delivery or a lowered budget may take the money while it waits. Its page
promised an end until then, and nobody was told.
"""

from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy import Select, exists, select

from channels import ChannelError
from webapp.deliveries import variants
from webapp.deliveries.costs import budget
from webapp.deliveries.models import (
    Delivery,
    DeliveryService,
    DeliveryState,
    Held,
    Message,
    MessageState,
)
from webapp.deliveries.sending import outcomes
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING, Notice
from webapp.services import costs
from webapp.services.models import Service

WAITING = (DeliveryState.SENDING, DeliveryState.RETRYING)


def suspend(runtime: Runtime) -> None:
    """Pause every delivery that waits in this month for what its account cannot pay; commits."""
    found = runtime.session.scalars(_waiting(runtime)).all()
    for delivery in found:
        why = next(_faults(runtime, delivery), NOTHING)
        if why:
            outcomes.suspend(runtime, delivery, why, Held.BUDGET)
    runtime.session.commit()


def _waiting(runtime: Runtime) -> Select[Delivery]:
    """Select what waits with an account that has a budget, unless a worker is at it.

    What waits until the next month has the budget of that one.
    """
    limited = exists().where(
        DeliveryService.delivery_id == Delivery.id,
        DeliveryService.service_id == Service.id,
        Service.monthly_budget.is_not(None),
    )
    query = select(Delivery).where(
        Delivery.state.in_(WAITING),
        Delivery.resume_at > runtime.now(),
        Delivery.resume_at < costs.next_month(runtime),
        Delivery.wait_code != Held.BUDGET,
        Delivery.leased_until.is_(None),
        limited,
    )
    locked = query.with_for_update(skip_locked=True, of=Delivery)
    return locked.execution_options(populate_existing=True)


def _faults(runtime: Runtime, delivery: Delivery) -> Iterator[Notice]:
    """Yield a sentence for each account that cannot pay the next message of the delivery."""
    for service in delivery.services:
        message = runtime.session.scalar(
            select(Message)
            .where(
                Message.delivery_id == delivery.id,
                Message.service_id == service.id,
                Message.state == MessageState.PENDING,
            )
            .limit(1)
        )
        if message is None:
            continue
        # A plugin that cannot tell its prices is met when the message would go out.
        with suppress(ChannelError):
            why = budget.refuses(runtime, delivery, message, _left(delivery, message))
            if why:
                yield why


def _left(delivery: Delivery, message: Message) -> list[str]:
    """Return the parts of a message that are not out yet, which go out together or not at all."""
    parts = variants.of_message(delivery, message.variant_id).parts
    return [part.text for part in parts[message.parts_sent :]]
