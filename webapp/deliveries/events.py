"""Tells the plugins what happens to deliveries."""

from channels import DeliveryEvent
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime


def announce(runtime: Runtime, delivery: Delivery) -> None:
    """Tell the plugins about the new state of a delivery, after it was committed.

    A plugin that fails is recorded in the audit: the process that called it may be a worker.
    """
    failed = runtime.registry.announce(
        DeliveryEvent(
            delivery_id=delivery.id,
            kind=delivery.kind.name,
            channel=delivery.channel,
            label=delivery.label,
            name="proof" if delivery.is_proof else delivery.state.value,
        )
    )
    for name, fault in failed.items():
        runtime.record("plugin.failed", delivery, plugin=name, fault=type(fault).__name__)
    if failed:
        runtime.session.commit()
