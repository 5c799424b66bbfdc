"""What a message costs: charged to its service, and kept with its delivery."""

from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import bindparam, update

from webapp.deliveries.costs.pricing import price_of
from webapp.deliveries.models import Delivery
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
    cost = costs.charge_at(runtime, service, delivery.kind.operation, price)
    if cost:
        runtime.session.execute(_adding(), {"b_delivery": delivery.id, "b_cost": cost})
    return cost


@cache
def _adding() -> Any:
    return (
        update(Delivery)
        .where(Delivery.id == bindparam("b_delivery"))
        .values(cost=Delivery.cost + bindparam("b_cost", type_=Delivery.cost.type))
        .execution_options(synchronize_session=False)
    )
