"""Reads a draft as the composer left it, and knows the addresses of its pages."""

from webapp.deliveries import editing
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime


def fresh(runtime: Runtime, delivery: Delivery) -> Delivery:
    """Read a delivery anew, and leave the database to the next request."""
    runtime.session.rollback()
    found = editing.get(runtime, delivery.id)
    runtime.session.commit()
    return found


def address(delivery: Delivery, more: str = "compose") -> str:
    return f"/deliveries/{delivery.id}/{more}"
