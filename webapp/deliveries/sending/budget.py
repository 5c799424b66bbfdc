"""The month's budget of an account: no message goes out that might pass it.

A direct message takes its own price and that of the inbox, where it is listed and read once more.
"""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select

from webapp.deliveries.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
    MessageState,
)
from webapp.deliveries.prices import price_of
from webapp.deliveries.sending import unread
from webapp.deliveries.sending.waves import Wait
from webapp.kernel.notices import NOTHING, Notice
from webapp.kernel.runtime import Runtime
from webapp.services import costs


def used_up(runtime: Runtime, delivery: Delivery, message: Message, text: str) -> Notice:
    """Return why, when less of the budget is left than this message costs; else nothing."""
    if not _fault(runtime, delivery, message, text):
        return NOTHING
    # The operator may have raised it since this slice began.
    runtime.session.refresh(message.service, ["monthly_budget"])
    return _fault(runtime, delivery, message, text)


def _fault(runtime: Runtime, delivery: Delivery, message: Message, text: str) -> Notice:
    left = costs.budget_left(runtime, message.service)
    if left is None:
        return NOTHING
    own = _own(runtime, delivery, message, text)
    need = own + unread.cost(runtime, delivery, message)
    if not need or need <= left:
        return NOTHING
    name = message.service.shown_name
    return Notice("budget_for_listening" if own <= left else "budget_spent", name=name)


def _own(runtime: Runtime, delivery: Delivery, message: Message, text: str) -> Decimal:
    price = price_of(runtime, delivery, message.service, text)
    return price.amount if price else costs.NOTHING


def taken_until(runtime: Runtime, delivery: Delivery, message: Message, text: str) -> Wait | None:
    """Return when to ask again while messages under way may still take what is left.

    A claim is committed before the budget is looked at, so of two workers that claim at once one
    at least sees the other's claim.
    """
    if message.service.monthly_budget is None:
        return None
    need = _own(runtime, delivery, message, text) + unread.cost(runtime, delivery, message)
    # Before what is spent: a message that ends in between is then counted twice, never not at all.
    under_way = _under_way(runtime, message)
    left = costs.budget_left(runtime, message.service)
    if left is None or not need or need + under_way <= left:
        return None
    soon = runtime.now() + timedelta(seconds=runtime.settings.settle_seconds)
    return soon, Notice("budget_under_way")


def _under_way(runtime: Runtime, message: Message) -> Decimal:
    """Return what the account's other messages may cost that are sent now or not settled yet."""
    unsettled = (MessageState.SENDING, MessageState.UNKNOWN)
    rows = runtime.session.execute(
        select(Delivery.kind, func.count(Message.id))
        .join(Message, Message.delivery_id == Delivery.id)
        .where(
            Delivery.id.in_(unread.deliveries_of(message)),
            Delivery.state != DeliveryState.FINISHED,
            Message.service_id == message.service_id,
            Message.state.in_(unsettled),
            Message.id != message.id,
        )
        .group_by(Delivery.kind)
    )
    dearest = _dearest(runtime, message)
    return sum((dearest.get(kind, costs.NOTHING) * count for kind, count in rows), costs.NOTHING)


def _dearest(runtime: Runtime, message: Message) -> dict[DeliveryKind, Decimal]:
    """Return the highest price of a message of each kind: a text is not looked at again."""
    prices = costs.prices(runtime, message.service)
    found = {
        kind: max(
            (item.amount for item in prices if item.operation == kind.operation),
            default=costs.NOTHING,
        )
        for kind in DeliveryKind
    }
    found[DeliveryKind.DIRECT] += unread.price(runtime, message)
    return found
