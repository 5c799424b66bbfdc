"""What templates of lower domains may show of higher ones, without importing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Flask, g
from sqlalchemy import func, select

from webapp.audience import timeline
from webapp.audience.growth import Growth, growth
from webapp.audience.models import Subscription, Visitor
from webapp.audience.sync import SYNCHRONISE, estimate
from webapp.audience.timeline import Event
from webapp.audience.visitors import people
from webapp.deliveries import reasons
from webapp.deliveries.control import disconnecting
from webapp.deliveries.models import Delivery, DeliveryService
from webapp.deliveries.queries import costs, results
from webapp.deliveries.queries.person_timeline import received
from webapp.kernel.text.formats import local
from webapp.services.models import Service
from webapp.system.setup import suggested_workflows
from webapp.workflows import asking
from webapp.workflows.models import Workflow


def init(app: Flask) -> None:
    """Offer the functions to every template."""
    app.jinja_env.globals.update(
        growth_of=growth_of,
        results_of=results_of,
        counts_of=counts_of,
        costs_by_delivery=costs_by_delivery,
        sync_costs=sync_costs,
        needed_by=needed_by,
        charging_channel=charging_channel,
        objections_to=objections_to,
        timeline_of=timeline_of,
        reason_in_words=reasons.short,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much belongs to a service; nobody knows its subscribers before they were read."""

    subscribers: int | None
    deliveries: int
    unknown: int


def counts_of(service: Service) -> Counts:
    """Count the followers and the deliveries of a service."""
    deliveries = (
        select(func.count(Delivery.id))
        .join(DeliveryService, DeliveryService.delivery_id == Delivery.id)
        .where(DeliveryService.service_id == service.id, Delivery.listed())
    )
    return Counts(
        subscribers=people.followers(g.runtime, service.id) if service.audience_known_at else None,
        deliveries=g.runtime.session.scalar(deliveries) or 0,
        unknown=disconnecting.unknown(g.runtime, service),
    )


def growth_of(service: Service) -> Growth:
    """Return how the followers of a service changed."""
    return growth(g.runtime, service)


def results_of(service: Service) -> list[results.Result]:
    """Return what came of the deliveries of a service that ended last."""
    return results.recent(g.runtime, service=service)


def sync_costs(workflow: Workflow) -> list[estimate.Estimate]:
    """Return what a run of a workflow costs each account; empty where nothing is charged."""
    if workflow.job != SYNCHRONISE:
        return []
    return estimate.of_workflow(g.runtime, workflow)


def objections_to(workflow: Workflow) -> Sequence[str]:
    """Return which budgets a run of a workflow would pass, a sentence for each account."""
    return asking.objections(g.runtime, workflow)


def needed_by(service: Service) -> list[suggested_workflows.Offer]:
    """Return the workflows that an account needs and nobody started."""
    return suggested_workflows.offers(g.runtime, service)


def charging_channel(workflow: Workflow) -> str:
    """Return the channel that charges while a plugin's workflow runs; empty where none does."""
    return suggested_workflows.charging(g.runtime, workflow)


def costs_by_delivery(service: Service) -> list[costs.Line]:
    """Return what each delivery of a service cost this month."""
    return costs.by_delivery(g.runtime, service)


def timeline_of(
    visitor: Visitor, subscriptions: Sequence[Subscription], group: str = ""
) -> list[tuple[date, list[Event]]]:
    """Return all that happened with a person by day of the operator's zone, newest first."""
    found = timeline.newest_first(
        [*received(g.runtime, visitor), *timeline.events(g.runtime, visitor, subscriptions)]
    )
    shown = [event for event in found if not group or event.group == group]
    days = groupby(shown, key=lambda event: local(event.at).date())
    return [(day, list(events)) for day, events in days]
