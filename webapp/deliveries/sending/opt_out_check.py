"""Reads the inbox before messages go out, so that STOP is heard in time."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import func, update

from channels import ChannelError, ErrorKind
from webapp.audience.inbox import reader
from webapp.deliveries.models import Delivery, Held
from webapp.deliveries.sending import outcomes
from webapp.kernel import leases
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice

MINUTE = timedelta(minutes=1)


def heard(runtime: Runtime, delivery: Delivery) -> bool:
    """Hear STOP before anything goes out; false when the delivery has to wait.

    A refreshment that is a little late keeps nobody waiting. But where messages are known to be
    unread, or none could be read for long, a STOP may be among them. The lease is kept from page
    to page.
    """
    if not delivery.kind.listens or delivery.is_proof:
        return True
    try:
        account, charged = delivery.services[0], partial(_charge, runtime, delivery)
        still = partial(leases.keep, runtime)
        until = reader.read_if_due(runtime, account, still=still, charged=charged).until
    except ChannelError as fault:
        runtime.session.rollback()
        return _heard_enough(runtime, delivery, fault)
    return until is None or _may_go_on(runtime, delivery, until)


def nothing_to_read(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether STOP was heard already, or cannot be: then nobody has to read first."""
    service = delivery.services[0]
    has_inbox = runtime.registry.get(service.kind).inbox is not None
    return not has_inbox or reader.is_known(service, runtime.now())


def _charge(runtime: Runtime, delivery: Delivery, cost: Decimal) -> None:
    """Keep with the delivery what a page that was read for it cost; the reader commits."""
    runtime.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id)
        .values(listening_cost=func.coalesce(Delivery.listening_cost, 0) + cost)
        .execution_options(synchronize_session=False)
    )


def _heard_enough(runtime: Runtime, delivery: Delivery, fault: ChannelError) -> bool:
    """Tell whether to go on after a failure; hold the delivery where waiting does not help."""
    service = delivery.services[0]
    if fault.kind is ErrorKind.SENDER:
        return _hold(runtime, delivery, notices.of(fault.message))
    until = _after(runtime, fault)
    if until is not None:
        return _may_go_on(runtime, delivery, until)
    if not reader.unheard(service, runtime.now()):
        return True
    why = notices.of(fault.message)
    return _hold(runtime, delivery, Notice("inbox_unread", name=service.shown_name, why=why))


def _may_go_on(runtime: Runtime, delivery: Delivery, until: datetime) -> bool:
    """Let the delivery wait where a STOP may be unread; tell whether it need not."""
    service = delivery.services[0]
    if not reader.unheard(service, runtime.now()):
        return True
    why = Notice("inbox_first", name=service.shown_name)
    outcomes.wait(runtime, delivery, until, why, Held.INBOX)
    return False


def _hold(runtime: Runtime, delivery: Delivery, why: Notice) -> bool:
    outcomes.suspend(runtime, delivery, why, Held.INBOX)
    runtime.session.commit()
    return False


def _after(runtime: Runtime, fault: ChannelError) -> datetime | None:
    """Return when to read again after a failure; nothing where that would not help."""
    if fault.kind is ErrorKind.LIMITED and fault.retry_at:
        return fault.retry_at
    return None if fault.kind is ErrorKind.PERMANENT else runtime.now() + MINUTE
