"""What the analysis of a delivery foretold of its cost, the same on every page until it is over."""

from decimal import Decimal

from webapp.deliveries.models import Delivery


def cost(delivery: Delivery) -> Decimal | None:
    """Return what all its messages were expected to cost; `None` if not known."""
    return _amount(delivery, "cost")


def listens(delivery: Delivery) -> Decimal | None:
    """Return the least that listening for STOP costs beside; `None` where nothing is charged.

    Nothing is foretold of a delivery that is over.
    """
    return None if delivery.finished_at else _amount(delivery, "listens")


def listened(delivery: Delivery) -> Decimal | None:
    """Return what listening for STOP did cost a delivery that is over; `None` where not known.

    Nothing was paid for one that ended before the inbox was read again: whatever reads it next pays
    for what it sent, so that nothing is told as $0.00.
    """
    return (delivery.listening_cost or None) if delivery.finished_at else None


def listed_later(delivery: Delivery) -> bool:
    """Tell whether a delivery ended before anything it sent was listed, and charged once more."""
    unpaid = delivery.listening_cost is not None and not delivery.listening_cost
    return bool(delivery.finished_at and unpaid and _amount(delivery, "listens"))


def _amount(delivery: Delivery, name: str) -> Decimal | None:
    told = delivery.analysis.get(name)
    return Decimal(str(told)) if told is not None else None
