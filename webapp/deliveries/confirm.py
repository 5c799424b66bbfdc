"""Confirm: the messages are written, and the delivery is scheduled or begins."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import String, case, cast, literal, null
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from channels import DeliveryEvent
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import analysis, target
from webapp.deliveries.editing import locked
from webapp.deliveries.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
    MessageState,
)
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _, plural


def confirm(runtime: Runtime, delivery_id: int, accepted: Collection[str] = ()) -> Delivery:
    """Send a delivery that is ready, now or at its time; every warning must be accepted."""
    delivery = locked(runtime, delivery_id)
    if delivery.state is not DeliveryState.READY:
        raise Conflict(_("Only a delivery whose analysis found no error can be sent."))
    open_ones = [item for item in analysis.warnings(delivery) if item["code"] not in accepted]
    if open_ones:
        raise Conflict(
            plural(
                "%(num)s warning is still to accept: %(text)s",
                "%(num)s warnings are still to accept, first: %(text)s",
                len(open_ones),
                text=open_ones[0]["text"],
            )
        )
    now = runtime.now()
    start = max(delivery.scheduled_at or now, now)
    delivery.state = DeliveryState.SCHEDULED if start > now else DeliveryState.SENDING
    delivery.accepted_warnings = sorted(accepted)
    delivery.confirmed_at, delivery.confirmed_by = now, runtime.actor.name
    delivery.started_at = None if start > now else now
    delivery.expires_at = start + timedelta(seconds=delivery.valid_for)
    delivery.resume_at, delivery.leased_until, delivery.held_by = start, None, ""
    prepare(runtime, delivery)
    runtime.record("delivery.confirm", delivery, accepted=sorted(accepted))
    runtime.session.commit()
    announce(runtime, delivery)
    return delivery


def prepare(runtime: Runtime, delivery: Delivery) -> None:
    """Write the messages; doing so again adds none. The caller commits."""
    runtime.session.flush()  # Bulk statements read what was changed above.
    if delivery.kind is DeliveryKind.POST:
        _one_for_each_account(runtime, delivery)
        return
    reason = target.reason()
    state = case(
        (reason == literal(""), MessageState.PENDING.value), else_=MessageState.IGNORED.value
    )
    people = target.matching(
        delivery,
        literal(delivery.id),
        Subscription.service_id,
        Visitor.id,
        Subscription.id,
        literal("visitor:") + cast(Visitor.id, String),
        state,
        reason,
        literal(""),
        literal(0),
        null(),
        literal(runtime.now(), Message.changed_at.type),
    )
    columns = [
        "delivery_id",
        "service_id",
        "visitor_id",
        "subscription_id",
        "recipient",
        "state",
        "reason",
        "said",
        "tries",
        "due_at",
        "changed_at",
    ]
    runtime.session.execute(_insert(runtime).from_select(columns, people).on_conflict_do_nothing())


def _one_for_each_account(runtime: Runtime, delivery: Delivery) -> None:
    rows = [
        {
            "delivery_id": delivery.id,
            "service_id": service.id,
            "recipient": f"service:{service.id}",
            "state": MessageState.PENDING,
            "reason": "",
            "said": "",
            "tries": 0,
            "changed_at": runtime.now(),
        }
        for service in delivery.services
    ]
    runtime.session.execute(_insert(runtime).on_conflict_do_nothing(), rows)


def _insert(runtime: Runtime) -> Any:
    dialect = runtime.session.get_bind().dialect.name
    table: Any = Message.__table__
    return insert_sqlite(table) if dialect == "sqlite" else insert_postgresql(table)


def announce(runtime: Runtime, delivery: Delivery) -> None:
    """Tell the plugins about the new state of a delivery, after it was committed."""
    runtime.registry.announce(
        DeliveryEvent(
            delivery_id=delivery.id,
            kind=delivery.kind.value,
            channel=delivery.channel,
            label=delivery.label,
            name="proof" if delivery.is_proof else delivery.state.value,
        )
    )
