"""Which deliveries a report is about, as the SELECT that its other statements hold."""

from typing import Any

from sqlalchemy import Select, select

from webapp.deliveries.models import Delivery, DeliveryService
from webapp.reports.period import Period
from webapp.services.models import Service


def began(service: Service, period: Period) -> Select[Any]:
    """Select the deliveries of an account that began in some days."""
    within = (Delivery.started_at >= period.begins, Delivery.started_at < period.ends)
    return every(service, *within)


def every(service: Service, *conditions: Any) -> Select[Any]:
    """Select the deliveries of an account that began at all, but for proofs."""
    columns = (Delivery.id, Delivery.label, Delivery.family, Delivery.kind_name)
    every: Any = (*columns, Delivery.started_at)
    return (
        select(*every)
        .join(DeliveryService, DeliveryService.delivery_id == Delivery.id)
        .where(DeliveryService.service_id == service.id, Delivery.listed(), *conditions)
        .where(Delivery.started_at.is_not(None))
    )
