"""Writes the messages of a delivery, one for each recipient, in one statement of any size."""

from typing import Any

from sqlalchemy import String, case, cast, literal

from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import counters, variants
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.deliveries.targeting import target
from webapp.kernel.db import insert_into
from webapp.kernel.runtime import Runtime


def prepare(runtime: Runtime, delivery: Delivery) -> None:
    """Write the messages and count them; doing so again adds none. The caller commits."""
    runtime.session.flush()  # Bulk statements read what was changed before.
    if delivery.kind.to_people:
        _one_for_each_person(runtime, delivery)
    else:
        _one_for_each_account(runtime, delivery)
    counters.recount(runtime, delivery.id)


def _one_for_each_account(runtime: Runtime, delivery: Delivery) -> None:
    rows = [
        {
            **_same_for_all(runtime, delivery),
            "service_id": service.id,
            "variant_id": variants.chosen(delivery, service.id),
            "recipient": f"service:{service.id}",
            "state": MessageState.PENDING,
            "reason": "",
        }
        for service in delivery.services
    ]
    insert = insert_into(runtime.session, Message.__table__)
    runtime.session.execute(insert.on_conflict_do_nothing(), rows)


def _one_for_each_person(runtime: Runtime, delivery: Delivery) -> None:
    """Write everybody who matches; who is left out gets a message that says why."""
    reason = target.reason()
    eligible = reason == literal("")
    plain = {
        name: literal(value, getattr(Message, name).type)
        for name, value in _same_for_all(runtime, delivery).items()
    }
    columns: dict[str, Any] = {
        **plain,
        "service_id": Subscription.service_id,
        "visitor_id": Visitor.id,
        "subscription_id": Subscription.id,
        "variant_id": variants.of_recipient(delivery, Visitor.id),
        "recipient": literal("visitor:") + cast(Visitor.id, String),
        "state": case((eligible, MessageState.PENDING.value), else_=MessageState.IGNORED.value),
        "reason": reason,
    }
    people = target.matching(delivery, *columns.values())
    insert = insert_into(runtime.session, Message.__table__).from_select(list(columns), people)
    runtime.session.execute(insert.on_conflict_do_nothing())


def _same_for_all(runtime: Runtime, delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery_id": delivery.id,
        "kind": delivery.kind,
        "said": "",
        "tries": 0,
        "changed_at": runtime.now(),
    }
