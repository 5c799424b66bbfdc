"""Whether messages arrived: the latest word of the network holds, and is never taken back.

That a network took a message over is the outcome of the call. It may tell later that the message
was delivered, or bounced, also after it was told delivered.
"""

from datetime import datetime

from sqlalchemy import and_, or_, select, update

from webapp.deliveries import counters
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
    known = select(Message.arrival, Message.reason).where(Message.id == message.id)
    was, reason = runtime.session.execute(known.with_for_update()).one()
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
    if not moved:
        return False
    if was == arrival.value:
        # The same word anew: what is told late must be compared with its last time.
        return True
    changes = {(arrival.value, ""): (1, counters.NOTHING)}
    if was:
        changes[was, ""] = (-1, counters.NOTHING)
    counters.add(runtime, message.delivery_id, changes)
    return True


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
