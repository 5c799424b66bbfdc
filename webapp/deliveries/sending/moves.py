"""Moves a message from one state to another, in step with the counters of its delivery."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from webapp.deliveries import counters, failures
from webapp.deliveries.counters import Place
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import Message, MessageState
from webapp.deliveries.sending import statements
from webapp.kernel.db.prepared import run
from webapp.kernel.runtime import Runtime

# A worker that lost its lease may still know the truth, so what is unknown may be corrected.
CORRECTABLE = (MessageState.SENDING, MessageState.UNKNOWN)


def sent(runtime: Runtime, message: InHand, given: dict[str, Any]) -> Place | None:
    """Write that a message was sent; return how it was counted before, or nothing if it was so."""
    state, reason = locked(runtime, message.id)
    if state is None or state is MessageState.SENT:
        return None
    was = counters.place(state, reason)
    failures.undo(runtime, message.id, was)
    run(runtime.session, statements.was_sent(), given | {"b_was": state})
    return was


def part_sent(runtime: Runtime, message: InHand, given: dict[str, Any]) -> Place | None:
    """Write that one more part is out, but not the last; return how the message was counted.

    Nothing is returned where that was known already.
    """
    state, reason = locked(runtime, message.id)
    known = {key: it for key, it in given.items() if key not in ("b_sent_at", "b_arrival")}
    moved = run(runtime.session, statements.part_was_sent(), known)
    is_new = moved.rowcount and state is not None
    return counters.place(state, reason) if is_new and state else None


def count_sent(
    runtime: Runtime, message: InHand, was: Place, cost: Decimal, arrival: str | None
) -> None:
    """Count what was sent, with its cost, and what is known of its arrival; the caller commits."""
    run(runtime.session, *counting_sent(runtime, message, was, cost, arrival))


def counting_sent(
    runtime: Runtime, message: InHand, was: Place, cost: Decimal, arrival: str | None
) -> tuple[Any, dict[str, Any]]:
    """Return what counts what was sent, with its cost and its arrival, which may be empty.

    Of a thread all parts make one message; before its last part there is no arrival. All counters
    change by one statement, so that their order is the one that everybody keeps.
    """
    changes = {counters.place(MessageState.SENT): (int(arrival is not None), cost)}
    if arrival is not None:
        changes |= {was: (-1, counters.NOTHING)}
        changes |= {(arrival, ""): (1, counters.NOTHING)} if arrival else {}
    elif was == counters.place(MessageState.UNKNOWN):
        changes |= {
            was: (-1, counters.NOTHING),
            counters.place(MessageState.PENDING): (1, counters.NOTHING),
        }
    return counters.adding(runtime, message.delivery_id, changes)


def locked(runtime: Runtime, message_id: int) -> tuple[MessageState | None, str]:
    """Lock a message and return its state and reason as they are now; none once it is gone."""
    query = select(Message.state, Message.reason).where(Message.id == message_id)
    row = runtime.session.execute(query.with_for_update()).first()
    return (row[0], row[1]) if row else (None, "")


def move(runtime: Runtime, message: InHand, state: MessageState, **values: Any) -> None:
    """Move a message that is under way: the last thing that is written.

    One that was settled meanwhile stays as it is.
    """
    was, _reason = locked(runtime, message.id)
    if was is None or was not in CORRECTABLE:
        return
    runtime.session.execute(
        update(Message)
        .where(Message.id == message.id)
        .values(state=state, leased_until=None, changed_at=runtime.now(), **values)
        .execution_options(synchronize_session=False)
    )
    now = counters.place(state, values.get("reason", ""))
    counters.moved(runtime, message.delivery_id, (counters.place(was), now))
    failures.count(runtime, (message.delivery_id, message.service_id), now)
