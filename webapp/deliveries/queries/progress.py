"""How far a delivery is: counts by state, cost so far, rate and expected end."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from webapp.deliveries.analysis.forecast import planned_rate, send_streams, slack
from webapp.deliveries.counts import Figures, figures_of, written
from webapp.deliveries.models import Delivery, DeliveryState, Message, MessageState
from webapp.kernel.runtime import Runtime

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Figures):
    """The figures with a look ahead; `ends_at` is `None` when nothing is left or nobody knows.

    `latest` bounds what `ends_at` expects, `asks_at` is when the network is next asked about
    what is unknown. `last_hour` is how many went out, `rate` how many an hour the limits allow
    while none of them is spent; `None` where no limit is known. `written` is how many messages
    there are while others are still to be written; `None` once all are.
    """

    last_hour: int
    rate: int | None
    ends_at: datetime | None
    latest: datetime | None
    asks_at: datetime | None
    written: int | None


def progress(runtime: Runtime, delivery: Delivery) -> Progress:
    """Count the messages of a delivery and look ahead."""
    found = figures_of(runtime, [delivery.id])[delivery.id]
    ends = expected_end(runtime, delivery, found.to_go)
    going = found.to_go and delivery.services
    return Progress(
        counts=found.counts,
        cost=found.cost,
        taken_back=found.taken_back,
        arrivals=found.arrivals,
        half_out=found.half_out,
        complained=found.complained,
        last_hour=_last_hour(runtime, delivery),
        rate=planned_rate(runtime, delivery) if going else None,
        ends_at=ends[0] if ends else None,
        latest=ends[1] if ends else None,
        asks_at=_asks_at(runtime, delivery),
        written=_written(runtime, delivery),
    )


def _written(runtime: Runtime, delivery: Delivery) -> int | None:
    if delivery.unwritten_after is None:
        return None
    return runtime.session.scalar(written(delivery.id)) or 0


def _last_hour(runtime: Runtime, delivery: Delivery) -> int:
    since = runtime.now() - HOUR
    # What was sent since was changed since, which is what the index of the log knows.
    query = select(func.count(Message.id)).where(
        Message.delivery_id == delivery.id, Message.changed_at > since, Message.sent_at > since
    )
    return runtime.session.scalar(query) or 0


def expected_end(
    runtime: Runtime, delivery: Delivery, left: int
) -> tuple[datetime, datetime] | None:
    """Return when the last of `left` messages goes out, and the latest this is expected.

    `None` when nothing is left, or nobody knows because an operator must act first.
    """
    if not left or not delivery.services or delivery.state is DeliveryState.PAUSED:
        return None
    start = max(delivery.resume_at or runtime.now(), runtime.now())
    found = send_streams(runtime, delivery, _left_by_account(runtime, delivery, left))
    ends = max(lane.ends(start) for lane in found)
    return ends, ends + slack(delivery, left, ends - start)


def _left_by_account(runtime: Runtime, delivery: Delivery, left: int) -> dict[int, int]:
    if len(delivery.services) == 1:
        return {delivery.services[0].id: left}
    # From several accounts goes a post, with one message for each.
    rows = runtime.session.scalars(
        select(Message.service_id).where(
            Message.delivery_id == delivery.id,
            Message.state.in_((MessageState.PENDING, MessageState.SENDING)),
        )
    )
    return Counter(rows)


def _asks_at(runtime: Runtime, delivery: Delivery) -> datetime | None:
    return runtime.session.scalar(
        select(func.min(Message.due_at)).where(
            Message.delivery_id == delivery.id, Message.state == MessageState.UNKNOWN
        )
    )


def channel_of(runtime: Runtime, delivery: Delivery) -> str:
    """Return the name of a delivery's network; its kind where the plugin is gone."""
    known = runtime.registry.has(delivery.channel)
    return runtime.registry.get(delivery.channel).label if known else delivery.channel
