"""Whether messages arrived: the latest word of the network holds, and is never taken back.

That a network took a message over is the outcome of the call. It may tell later that the message
was delivered, or bounced, also after it was told delivered.
"""

from datetime import datetime

from sqlalchemy import and_, or_, select, update

from webapp.deliveries import counters, failures
from webapp.deliveries.counters import COMPLAINED
from webapp.deliveries.models import Arrival, Message, MessageState
from webapp.kernel.db.changes import updated
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice

BOUNCED = "bounced"


def arrived(
    runtime: Runtime, message: Message, arrival: Arrival, at: datetime, said: Notice
) -> bool:
    """Write what became of a message that was sent, unless something later is known.

    Of two words of one moment a bounce holds. The caller commits.
    """
    first = Message.arrival.in_(("", Arrival.ACCEPTED.value))
    later = Message.arrived_at < at
    if arrival is Arrival.BOUNCED:
        later = or_(later, and_(Message.arrived_at == at, Message.arrival != arrival.value))
    columns = (Message.arrival, Message.reason, Message.arrived_at)
    known = select(*columns).where(Message.id == message.id)
    was, reason, told_at = runtime.session.execute(known.with_for_update()).one()
    told = {"reason": BOUNCED if arrival is Arrival.BOUNCED else "", "said": said}
    moved = updated(
        runtime.session,
        update(Message)
        .where(
            Message.id == message.id,
            Message.state == MessageState.SENT,
            or_(first, and_(Message.arrived_at.is_not(None), later)),
        )
        .values(
            arrival=arrival.value,
            arrived_at=at,
            changed_at=runtime.now(),
            # That somebody complained is the graver news, and stays.
            **({} if reason == COMPLAINED else told),
        ),
    )
    if moved:
        _count(runtime, message, (was, told_at), (arrival.value, at))
    return bool(moved)


def _count(
    runtime: Runtime,
    message: Message,
    before: tuple[str, datetime | None],
    now: tuple[str, datetime],
) -> None:
    """Count another word, and when it was told; the caller commits."""
    if before[0] != now[0]:
        changes = {(now[0], ""): (1, counters.NOTHING)}
        if before[0]:
            changes[before[0], ""] = (-1, counters.NOTHING)
        counters.add(runtime, message.delivery_id, changes)
    # The same word anew has another time: what is told late is compared with the last one.
    whose = (message.delivery_id, message.service_id)
    failures.count(runtime, whose, (before[0], ""), -1, before[1])
    failures.count(runtime, whose, (now[0], ""), 1, now[1])


def complained(runtime: Runtime, message: Message, said: Notice) -> None:
    """Write that somebody called a message unwanted; the caller commits."""
    moved = updated(
        runtime.session,
        update(Message)
        .where(
            Message.id == message.id,
            Message.state == MessageState.SENT,
            Message.reason != COMPLAINED,
        )
        .values(reason=COMPLAINED, said=said, changed_at=runtime.now()),
    )
    if moved:
        counters.add(runtime, message.delivery_id, {(COMPLAINED, ""): (1, counters.NOTHING)})
        failures.count(runtime, (message.delivery_id, message.service_id), (COMPLAINED, ""))
