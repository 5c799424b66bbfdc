"""What a message costs: charged to its service; its delivery keeps it with its counters."""

from decimal import Decimal

from webapp.deliveries.costs.pricing import variant_of
from webapp.deliveries.sending.call import Call
from webapp.kernel.runtime import Runtime


def charge(runtime: Runtime, call: Call) -> Decimal:
    """Charge an attempt that was accepted and return its cost; the caller commits."""
    variant = call.variant
    if variant is None:
        variant = variant_of(runtime, call.delivery, call.attempt.text)
    return call.client.charge(call.delivery.kind.operation, variant=variant)
