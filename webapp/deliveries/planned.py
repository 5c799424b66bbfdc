"""What the analysis of a delivery foretold of its cost, the same on every page."""

from decimal import Decimal

from webapp.deliveries.models import Delivery


def cost(delivery: Delivery) -> Decimal | None:
    """Return what all its messages were expected to cost in US dollars; `None` if not known."""
    return _amount(delivery, "cost")


def listens(delivery: Delivery) -> Decimal | None:
    """Return the least that listening for STOP costs beside; `None` where nothing is charged."""
    return _amount(delivery, "listens")


def _amount(delivery: Delivery, name: str) -> Decimal | None:
    told = delivery.analysis.get(name)
    return Decimal(str(told)) if told is not None else None
