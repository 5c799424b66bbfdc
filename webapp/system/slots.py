"""What templates of lower domains may show of higher ones, without importing them."""

from dataclasses import dataclass

from flask import Flask, g
from sqlalchemy import func, select

from webapp.audience import people
from webapp.audience.growth import Growth, growth
from webapp.deliveries import spending
from webapp.deliveries.models import Delivery, DeliveryService
from webapp.kernel.words import _
from webapp.services.models import Service
from webapp.system import defaults


def init(app: Flask) -> None:
    """Offer the functions to every template."""
    app.jinja_env.globals.update(
        growth_of=growth_of,
        counts_of=counts_of,
        costs_by_delivery=costs_by_delivery,
        about_workflow=about_workflow,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much belongs to a service."""

    subscribers: int
    deliveries: int


def counts_of(service: Service) -> Counts:
    """Count the followers and the deliveries of a service."""
    deliveries = (
        select(func.count(Delivery.id))
        .join(DeliveryService, DeliveryService.delivery_id == Delivery.id)
        .where(DeliveryService.service_id == service.id, Delivery.parent_id.is_(None))
    )
    return Counts(
        subscribers=people.followers(g.runtime, service.id),
        deliveries=g.runtime.session.scalar(deliveries) or 0,
    )


def growth_of(service: Service) -> Growth:
    """Return how the followers of a service changed."""
    return growth(g.runtime, service)


def about_workflow(job: str) -> str:
    """Say in a line what a workflow of the core does; empty for one that a plugin brings."""
    return {
        defaults.SYNCHRONISE: _("Followers become visitors; who wrote is noted"),
        defaults.CHECK_CREDENTIALS: _("Keys, tokens, permissions and credit of every account"),
        defaults.CLEAN_UP: _("Old messages, journals and audit entries leave"),
    }.get(job, "")


def costs_by_delivery(service: Service) -> list[spending.Line]:
    """Return what each delivery of a service cost this month."""
    return spending.by_delivery(g.runtime, service)
