"""What stands still while the background is down, in words."""

from datetime import datetime

from sqlalchemy import case, func, select

from webapp.deliveries.models import Delivery, DeliveryState, Message, MessageState
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import clock_time, local, number
from webapp.workflows.models import OPEN, Run

WORKING = (DeliveryState.SENDING, DeliveryState.RETRYING, DeliveryState.ANALYSING)
MOST = 3


def waiting(runtime: Runtime) -> list[str]:
    """Return a clause for each thing that stands still or will be late, the nearest first."""
    found = [*_sending(runtime), *_scheduled(runtime)]
    runs = runtime.session.scalar(select(func.count(Run.id)).where(Run.state.in_(OPEN)))
    if runs:
        found.append(ngettext("%(num)s workflow run waits", "%(num)s workflow runs wait", runs))
    return found


def _sending(runtime: Runtime) -> list[str]:
    sent = func.sum(case((Message.state == MessageState.SENT, 1), else_=0))
    whole = func.sum(case((Message.state != MessageState.IGNORED, 1), else_=0))
    rows = runtime.session.execute(
        select(Delivery.label, sent, whole)
        .outerjoin(Message, Message.delivery_id == Delivery.id)
        .where(Delivery.state.in_(WORKING), Delivery.parent_id.is_(None))
        .group_by(Delivery.id, Delivery.label)
        .order_by(Delivery.id)
        .limit(MOST)
    )
    return [
        _(
            "“%(label)s” stands at %(sent)s of %(all)s",
            label=label,
            sent=number(sent),
            all=number(whole),
        )
        for label, sent, whole in rows
    ]


def _scheduled(runtime: Runtime) -> list[str]:
    rows = runtime.session.execute(
        select(Delivery.label, Delivery.scheduled_at)
        .where(Delivery.state == DeliveryState.SCHEDULED, Delivery.scheduled_at.is_not(None))
        .order_by(Delivery.scheduled_at)
        .limit(MOST)
    )
    return [_late(label, at, runtime.now()) for label, at in rows if at]


def _late(label: str, at: datetime, now: datetime) -> str:
    if at <= now:
        return _("“%(label)s” is late", label=label)
    if local(at).date() == local(now).date():
        return _("“%(label)s” at %(time)s will be late", label=label, time=clock_time(at))
    return _("“%(label)s” waits for its day", label=label)
