"""The month's budget of an account: no message goes out that might pass it.

A direct message takes its own price and that of the inbox, where it is listed and read once more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from channels import Price
from webapp.deliveries.costs import inbox_cost
from webapp.deliveries.costs.pricing import variant_of
from webapp.deliveries.costs.reckoning import Counts, count
from webapp.deliveries.costs.wave_limit import Wait
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.models import Delivery, Message
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING, Notice
from webapp.services import costs
from webapp.services.models import Service
from webapp.services.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a message costs by itself, what listening for answers costs with it, what is left.

    `open` is what the account's other messages may cost that are sent now or not settled yet.
    """

    service: Service
    own: Decimal
    listening: Decimal
    left: Decimal
    open: Decimal

    @property
    def need(self) -> Decimal:
        """All that the message may cost."""
        return self.own + self.listening


def bill(
    delivery: Delivery,
    terms: Terms,
    prices: Sequence[Price | None],
    counts: Counts,
    uploads: Sequence[Price | None] = (),
) -> Bill | None:
    """Reckon what the parts of a message may cost, and what is uploaded for them.

    Nothing is returned where the account has no budget.
    """
    service = terms.service
    if service.monthly_budget is None:
        return None
    inbox = terms.inbox_price
    open_of_kinds = (
        number * (_dearest(terms.prices, kind) + (inbox if kind.listens else costs.NOTHING))
        for kind, number in counts.unsettled.items()
    )
    return Bill(
        service=service,
        own=sum((price.amount for price in (*prices, *uploads) if price), costs.NOTHING),
        listening=inbox * (len(prices) + counts.unread)
        if inbox_cost.listens(delivery)
        else costs.NOTHING,
        left=service.monthly_budget - counts.spent,
        open=sum(open_of_kinds, costs.NOTHING),
    )


def _dearest(prices: Iterable[Price], kind: DeliveryKind) -> Decimal:
    """Return the highest price of a message of a kind: a text is not looked at again."""
    found = (item.amount for item in prices if item.operation == kind.operation)
    return max(found, default=costs.NOTHING)


def used_up(found: Bill | None) -> Notice:
    """Return why, when less of the budget is left than a message costs; else nothing."""
    if found is None or not found.need or found.need <= found.left:
        return NOTHING
    name = found.service.shown_name
    code = "budget_for_listening" if found.own <= found.left else "budget_spent"
    return Notice(code, name=name)


def refuses(
    runtime: Runtime, delivery: Delivery, message: Message | InHand, texts: Sequence[str]
) -> Notice:
    """Return why these parts cannot be paid just now, asking for everything anew; else nothing."""
    terms, operation = Terms(runtime, message.service), delivery.kind.operation
    prices = [terms.price(operation, variant_of(runtime, delivery, text)) for text in texts]
    return used_up(bill(delivery, terms, prices, count(runtime, delivery, message)))


def taken_until(runtime: Runtime, found: Bill | None) -> Wait | None:
    """Return when to ask again while messages under way may still take what is left."""
    if found is None or not found.need or found.need + found.open <= found.left:
        return None
    soon = runtime.now() + timedelta(seconds=runtime.settings.reconcile_after_seconds)
    return soon, Notice("budget_under_way")
