"""What a message costs: charged to its service; its delivery keeps it with its counters."""

from decimal import Decimal
from typing import Any

from webapp.deliveries.costs.pricing import variant_of
from webapp.deliveries.sending.call import Call
from webapp.kernel.runtime import Runtime
from webapp.services import costs


def charge(runtime: Runtime, call: Call) -> Decimal:
    """Charge an attempt that was accepted and return its cost; the caller commits."""
    return call.client.charge(call.delivery.kind.operation, variant=_variant(runtime, call))


def charging(runtime: Runtime, call: Call) -> tuple[Any, dict[str, Any], Decimal]:
    """Return what charges an attempt that was accepted, with its values, and its cost."""
    client, operation = call.client, call.delivery.kind.operation
    price = client.terms.price(operation, _variant(runtime, call))
    return costs.charging_of(runtime, client.service, operation, price)


def _variant(runtime: Runtime, call: Call) -> str:
    known = call.variant
    return variant_of(runtime, call.delivery, call.attempt.text) if known is None else known
