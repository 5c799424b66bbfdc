"""Confirm: the messages are written, and the delivery is scheduled or begins."""

from collections.abc import Collection
from datetime import timedelta

from channels import DeliveryEvent
from webapp.deliveries import analysis
from webapp.deliveries.editing import locked
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.deliveries.preparing import prepare
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
    _set_out(runtime, delivery)
    delivery.accepted_warnings = sorted(accepted)
    prepare(runtime, delivery)
    runtime.record("delivery.confirm", delivery, accepted=sorted(accepted))
    runtime.session.commit()
    announce(runtime, delivery)
    return delivery


def _set_out(runtime: Runtime, delivery: Delivery) -> None:
    """Give the delivery its state and its times: it begins now, or at its own time."""
    now = runtime.now()
    start = max(delivery.scheduled_at or now, now)
    delivery.state = DeliveryState.SCHEDULED if start > now else DeliveryState.SENDING
    delivery.confirmed_at, delivery.confirmed_by = now, runtime.actor.name
    delivery.started_at = None if start > now else now
    delivery.expires_at = start + timedelta(seconds=delivery.valid_for)
    delivery.resume_at, delivery.leased_until, delivery.held_by = start, None, ""


def announce(runtime: Runtime, delivery: Delivery) -> None:
    """Tell the plugins about the new state of a delivery, after it was committed.

    A plugin that fails is recorded in the audit: the process that called it may be a worker.
    """
    failed = runtime.registry.announce(
        DeliveryEvent(
            delivery_id=delivery.id,
            kind=delivery.kind.value,
            channel=delivery.channel,
            label=delivery.label,
            name="proof" if delivery.is_proof else delivery.state.value,
        )
    )
    for name, fault in failed.items():
        runtime.record("plugin.failed", delivery, plugin=name, fault=type(fault).__name__)
    if failed:
        runtime.session.commit()
