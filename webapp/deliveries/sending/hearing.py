"""Reads the inbox before messages go out, so that STOP is heard in time."""

from datetime import datetime, timedelta

from channels import ChannelError, ErrorKind, Operation
from webapp.audience import inbox
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.deliveries.sending import outcomes
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _
from webapp.services import corrections
from webapp.services.models import Service

MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)


def heard(runtime: Runtime, delivery: Delivery) -> bool:
    """Hear STOP before anything goes out; false when the delivery has to wait.

    A refreshment that is late keeps nobody waiting. But where messages are known to be unread, a
    STOP may be among them.
    """
    if delivery.kind is not DeliveryKind.DIRECT or delivery.is_proof:
        return True
    service = delivery.services[0]
    try:
        until = inbox.read_if_due(runtime, service).until
    except ChannelError as fault:
        runtime.session.rollback()
        if fault.kind is ErrorKind.SENDER:
            outcomes.hold(runtime, delivery, fault.message)
            runtime.session.commit()
            return False
        until = _after(runtime, service, fault)
    if until is None or not inbox.unheard(service):
        return True
    name = service.internal_name
    delivery.resume_at = until
    delivery.held_by = _("What people wrote to @%(name)s is read first.", name=name)
    runtime.session.commit()
    return False


def _after(runtime: Runtime, service: Service, fault: ChannelError) -> datetime | None:
    """Return when to read again after a failure; nothing where that would not help."""
    if fault.kind is ErrorKind.LIMITED:
        until = fault.retry_at or runtime.now() + QUARTER
        corrections.stop_until(runtime, service, Operation.INBOX, until)
        return until
    return None if fault.kind is ErrorKind.PERMANENT else runtime.now() + MINUTE
