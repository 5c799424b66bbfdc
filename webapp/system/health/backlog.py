"""What stands still while the background is down, in words."""

from datetime import datetime

from sqlalchemy import func, select

from webapp.deliveries.counts import figures_of
from webapp.deliveries.models import Delivery, DeliveryState
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
    rows = runtime.session.execute(
        select(Delivery.id, Delivery.label)
        .where(Delivery.state.in_(WORKING), Delivery.parent_id.is_(None))
        .order_by(Delivery.id)
        .limit(MOST)
    ).all()
    figures = figures_of(runtime, [key for key, _label in rows])
    return [
        _(
            "“%(label)s” stands at %(sent)s of %(all)s",
            label=label,
            sent=number(figures[key].sent),
            all=number(figures[key].total),
        )
        for key, label in rows
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
