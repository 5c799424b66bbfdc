"""The figures of posts day by day."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from webapp.deliveries.models import (
    Delivery,
    DeliveryService,
    Message,
    MessageState,
    PostMetric,
)
from webapp.kernel.runtime import Runtime

Key = tuple[date, str]


def of_delivery(runtime: Runtime, delivery: Delivery) -> dict[date, dict[str, int]]:
    """Return the figures of all posts of a delivery together, on each day one was read.

    A figure of a day is unknown where it was not read of each post that was out by then.
    """
    rows = runtime.session.execute(
        _read(Message.delivery_id == delivery.id).with_only_columns(
            PostMetric.message_id, PostMetric.day, PostMetric.figure, PostMetric.value
        )
    )
    each: dict[Key, dict[int, int]] = defaultdict(dict)
    posts: set[int] = set()
    for message, day, name, value in rows:
        each[day, name][message] = value
        posts.add(message)
    found: dict[date, dict[str, int]] = {}
    for (day, name), values in each.items():
        known = found.setdefault(day, {})
        if len(values) == len(posts):
            known[name] = sum(values.values())
    return found


def of_those_before(
    runtime: Runtime, delivery: Delivery, figure: str, most: int
) -> list[Mapping[int, int]]:
    """Return a figure of the deliveries of the same kind before, by their age in days."""
    accounts = select(DeliveryService.service_id).where(DeliveryService.delivery_id == delivery.id)
    shared = select(DeliveryService.delivery_id).where(DeliveryService.service_id.in_(accounts))
    earlier = (
        select(Delivery.id)
        .where(
            Delivery.listed(),
            Delivery.kind == delivery.kind,
            Delivery.started_at < delivery.started_at,
            Delivery.id.in_(shared),
        )
        .order_by(Delivery.started_at.desc(), Delivery.id.desc())
        .limit(most)
    )
    ids = runtime.session.scalars(earlier).all()
    wanted = _read(Message.delivery_id.in_(ids), PostMetric.figure == figure)
    days: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for key, day, value in runtime.session.execute(
        wanted.with_only_columns(Message.delivery_id, PostMetric.day, PostMetric.value)
    ):
        days[key][day] += value
    return [
        {(day - min(one)).days: value for day, value in one.items()} for one in days.values() if one
    ]


def _read(*conditions: Any) -> Select[Any]:
    return (
        select(PostMetric)
        .join(Message, Message.id == PostMetric.message_id)
        .where(Message.state == MessageState.SENT, Message.taken_back_at.is_(None), *conditions)
        .order_by(PostMetric.day)
    )
