"""What a message costs: charged to its service; its delivery keeps it with its counters."""

from decimal import Decimal

from webapp.deliveries.costs.pricing import price_of
from webapp.deliveries.sending.call import Call
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service


def charge(runtime: Runtime, call: Call) -> Decimal:
    """Charge an attempt that was accepted and return its cost; the caller commits.

    The channel is asked for the price where nobody knows it.
    """
    delivery = call.delivery
    service = runtime.session.get_one(Service, call.message.service_id)
    known = call.priced
    price = known.price if known else price_of(runtime, delivery, service, call.attempt.text)
    return costs.charge_at(runtime, service, delivery.kind.operation, price)
