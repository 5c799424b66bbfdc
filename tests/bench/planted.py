"""What Fanfare does with many people at once, who are planted instead of read from a network."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from tests.bench.gauge import Gauge
from tests.bench.holds import watched
from tests.bench.order import Order
from webapp.audience.bulk import name_columns
from webapp.audience.models import Subscription, Visitor
from webapp.audience.visitors import export, people
from webapp.deliveries import analysis, sending
from webapp.deliveries.approval import confirm
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Audience, Delivery
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import csv
from webapp.services.models import Service

BLOCK = 10_000
GIVEN = ("Léa", "Noah", "Søren", "Priya", "Lucía", "Chiara", "Zofia")
FAMILY = ("Moreau", "Ellis", "Lindström", "García", "Ricci", "Novák")


def plant(runtime: Runtime, order: Order) -> Gauge:
    """Write so many followers of the account, every second of whom accepts messages."""
    service = runtime.session.scalars(select(Service)).one()
    with (gauge := Gauge()).running():
        for first in range(1, order.count + 1, BLOCK):
            numbers = range(first, min(first + BLOCK, order.count + 1))
            runtime.session.execute(insert(Visitor), [_visitor(runtime, n) for n in numbers])
            rows = [_tie(runtime, service, number) for number in numbers]
            runtime.session.execute(insert(Subscription), rows)
            runtime.session.commit()
    gauge.count = order.count
    db.session.remove()
    return gauge


def _visitor(runtime: Runtime, number: int) -> dict[str, Any]:
    name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[number % len(FAMILY)]}"
    return {
        "id": number,
        "kind": "x",
        "remote_id": str(10**18 + number),
        "origin": "sync",
        **name_columns.columns(f"{name.split()[1].lower()}_{number}", name),
        "follower_count": number * 7919 % 100_003,
        "verified": number % 50 == 0,
        "accepts_messages": number % 2 == 0,
        "folder_id": 1,
        # A page of people is seen at one moment.
        "first_seen_at": runtime.now() - timedelta(seconds=number // 1_000),
        "seen_at": runtime.now(),
    }


def _tie(runtime: Runtime, service: Service, number: int) -> dict[str, Any]:
    return {"service_id": service.id, "visitor_id": number, "followed_at": runtime.now()}


def sheet(runtime: Runtime, order: Order) -> Gauge:
    """Write the list of visitors as CSV, as a browser would be sent it."""
    zone = runtime.zone
    with (gauge := Gauge()).running(), Path(os.devnull).open("w", encoding="utf-8") as file:
        file.writelines(csv.lines(export.columns(zone.key), rows_of(runtime), zone))
    gauge.count = order.count
    db.session.remove()
    return gauge


def rows_of(runtime: Runtime) -> Any:
    """Return the rows of everybody, the most followed first, as the page lists them."""
    return export.rows(runtime, people.Query())


def confirmed(runtime: Runtime, _order: Order, draft: Delivery) -> Gauge:
    """Confirm a delivery to every follower, and write all its messages as a worker does."""
    delivery = editing.accept_everyone(runtime, draft.id)
    analysis.start(runtime, delivery.id)
    delivery = analysis.analyse(runtime, delivery.id)
    codes = [item["code"] for item in analysis.warnings(delivery)]
    with (gauge := Gauge()).running(), watched(db.engine) as hold:
        delivery = confirm.confirm(runtime, delivery.id, codes)
        while not delivery.is_written:
            sending.send_batch(runtime, delivery.id)
            runtime.session.refresh(delivery)
            runtime.session.commit()
    gauge.count, gauge.held = delivery.analysis["matched"], hold.longest
    db.session.remove()
    return gauge


def analyse(runtime: Runtime, order: Order, draft: Delivery) -> Gauge:
    """Analyse a delivery to every follower."""
    changes = editing.DeliveryChanges(audience=Audience.EVERYONE)
    delivery = editing.edit(runtime, draft.id, changes)
    analysis.start(runtime, delivery.id)
    with (gauge := Gauge()).running():
        found = analysis.analyse(runtime, delivery.id)
    if found.analysis["matched"] != order.count:
        raise RuntimeError(f"The analysis found {found.analysis}")
    gauge.count = order.count
    db.session.remove()
    return gauge
