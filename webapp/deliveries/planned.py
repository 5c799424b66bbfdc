"""What the analysis of a delivery foretold of its cost, the same on every page until it is over."""

from decimal import Decimal

from webapp.deliveries.models import Delivery


def cost(delivery: Delivery) -> Decimal | None:
    """Return what all its messages were expected to cost in US dollars; `None` if not known."""
    return _amount(delivery, "cost")


def listens(delivery: Delivery) -> Decimal | None:
    """Return the least that listening for STOP costs beside; `None` where nothing is charged.

    Nothing is foretold of a delivery that is over.
    """
    return None if delivery.finished_at else _amount(delivery, "listens")


def listened(delivery: Delivery) -> Decimal | None:
    """Return what listening for STOP did cost a delivery that is over; `None` where not known."""
    if not delivery.finished_at or not (delivery.listening_cost or _amount(delivery, "listens")):
        return None
    return delivery.listening_cost


def _amount(delivery: Delivery, name: str) -> Decimal | None:
    told = delivery.analysis.get(name)
    return Decimal(str(told)) if told is not None else None
