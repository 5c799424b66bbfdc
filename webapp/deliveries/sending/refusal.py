"""Asks the consent gate again right before a call: much may have happened since the analysis."""

from typing import TypeVar

from webapp.audience import house
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import rest
from webapp.deliveries.models import Audience, Delivery, DeliveryKind, Message
from webapp.kernel.runtime import Runtime

Row = TypeVar("Row", Visitor, Subscription)


def refusal(runtime: Runtime, delivery: Delivery, message: Message) -> str:
    """Return the code of why a message must not go out; empty where it may."""
    if rest.got_it(runtime, delivery, message):
        return "reached"
    if delivery.kind is DeliveryKind.POST:
        return ""
    visitor = _fresh(runtime, Visitor, message.visitor_id)
    if delivery.is_proof:
        # It goes to an account of the house, which has no subscription; but to nobody else.
        return "" if visitor else "erased"
    tie = _fresh(runtime, Subscription, message.subscription_id)
    code = house.reason_not(runtime, tie, visitor)
    everyone = delivery.audience is Audience.EVERYONE
    return "" if code == "no_consent" and everyone else code


def _fresh(runtime: Runtime, kind: type[Row], key: int | None) -> Row | None:
    """Return a row as it stands in the database now; nothing where it was erased."""
    if key is None:
        return None
    return runtime.session.get(kind, key, populate_existing=True)
