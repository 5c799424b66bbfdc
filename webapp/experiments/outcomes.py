"""Keeps that readers did what counts before the rows leave by which that is known.

Clicks and words go with a person who is erased, and with the clean-up, which takes what people
wrote half a year after it came, and clicks after a year: long before the last message of a delivery
that goes out over months. What is kept names messages, and nobody. So no figure ever falls.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select, union

from webapp.deliveries.models import Delivery, ExperimentPlan, Message, Metric
from webapp.experiments import ledger
from webapp.experiments.models import ExperimentOutcome, ExperimentStop
from webapp.kernel.db import insert_into
from webapp.kernel.runtime import Runtime

BY_CLICKS = (Metric.CLICKED, Metric.CONVERTED)


def keep_of_person(runtime: Runtime, deliveries: Iterable[Delivery], visitor_id: int) -> None:
    """Keep what somebody did who is about to be erased; the caller commits."""
    for delivery in deliveries:
        own = ledger.of_visitor(visitor_id)
        _keep(runtime, delivery, Metric, own)
        _keep_stops(runtime, delivery, own)


def keep_words(runtime: Runtime, before: datetime) -> None:
    """Keep that people wrote, or wanted no more, whose words are from before a moment."""
    for delivery in _begun(runtime, before):
        _keep(runtime, delivery, [Metric.WROTE], ledger.wrote_by(before))
        _keep_stops(runtime, delivery, ledger.wrote_by(before))


def keep_clicks(runtime: Runtime, before: datetime) -> None:
    """Keep that people clicked, and what followed, where a click is from before a moment."""
    for delivery in _begun(runtime, before):
        _keep(runtime, delivery, BY_CLICKS, ledger.clicked_by(before))


def number(runtime: Runtime, delivery: Delivery) -> int:
    """Return of how many people it is only kept what they did: their clicks or words left."""
    kept = union(select(ExperimentOutcome.message_id), select(ExperimentStop.message_id)).subquery()
    rows = select(func.count()).select_from(kept).join(Message, Message.id == kept.c.message_id)
    return runtime.session.scalar(rows.where(Message.delivery_id == delivery.id)) or 0


def _begun(runtime: Runtime, before: datetime) -> list[Delivery]:
    """Return the experiments that began before a moment, and still have messages.

    What somebody did before the first message has nothing to do with it.
    """
    there = exists().where(Message.delivery_id == Delivery.id)
    rows = (
        select(Delivery)
        .join(ExperimentPlan, ExperimentPlan.delivery_id == Delivery.id)
        .where(Delivery.started_at < before, there)
    )
    return list(runtime.session.scalars(rows))


def _keep(
    runtime: Runtime, delivery: Delivery, metrics: Iterable[Metric], which: ledger.Which
) -> None:
    rows = [
        {"message_id": number, "metric": metric, "at": doer.did}
        for metric in metrics
        for number, doer in ledger.doing(runtime, delivery, metric, which).items()
    ]
    if not rows:
        return
    insert: Any = insert_into(runtime.session, ExperimentOutcome.__table__)
    # What leaves later may have been done earlier: an old click, of which a report came late.
    earlier = insert.excluded.at < ExperimentOutcome.at
    keep = insert.on_conflict_do_update(
        index_elements=["message_id", "metric"], set_={"at": insert.excluded.at}, where=earlier
    )
    runtime.session.execute(keep, rows)


def _keep_stops(runtime: Runtime, delivery: Delivery, which: ledger.Which) -> None:
    insert = insert_into(runtime.session, ExperimentStop.__table__)
    stops = insert.from_select(["message_id"], ledger.stops(delivery, which))
    runtime.session.execute(stops.on_conflict_do_nothing())
