"""What is written of a message that the network took."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from channels import Sent
from webapp.deliveries import counters
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import Arrival, MessageState
from webapp.deliveries.sending import moves, statements
from webapp.deliveries.sending.call import Call
from webapp.deliveries.sending.charging import charge, charging
from webapp.kernel.db import dialect_of
from webapp.kernel.db.prepared import changed, run
from webapp.kernel.runtime import Runtime


def write_as_expected(runtime: Runtime, call: Call, result: Sent) -> bool:
    """Write that the network took a message that is as its worker left it, by few trips.

    The caller commits. Nothing is written where the message is otherwise by now, or has more parts:
    then `write` does it, step by step. Nothing else may stand in the transaction.
    """
    if call.attempt.position + 1 < call.parts:
        return False
    message, given = call.message, _given(runtime, call, result)
    charged, costs, cost = charging(runtime, call)
    reached, person = _reaching(message, given["b_now"])
    accepted, more = _accepting(runtime, call, given, cost)
    place = counters.place(MessageState.SENDING)
    counted, numbers = moves.counting_sent(runtime, message, place, cost, given["b_arrival"])
    # In the order in which everybody locks these rows.
    writes = (statements.was_sent(), charged, reached, accepted, counted)
    everything = {**costs, **person, **more, **numbers, "b_was": MessageState.SENDING}
    moved = changed(runtime.session, writes, everything)[0]
    if not moved:
        runtime.session.rollback()
    return bool(moved)


def write(runtime: Runtime, call: Call, result: Sent) -> None:
    """Write that the network took a message, whatever was thought before; the caller commits."""
    message, given = call.message, _given(runtime, call, result)
    is_last = call.attempt.position + 1 >= call.parts
    was = (moves.sent if is_last else moves.part_sent)(runtime, message, given)
    if was is None:
        run(runtime.session, *_accepting(runtime, call, given, None))
        return
    cost = charge(runtime, call)
    run(runtime.session, *_reaching(message, given["b_now"]))
    run(runtime.session, *_accepting(runtime, call, given, cost))
    moves.count_sent(runtime, message, was, cost, given["b_arrival"] if is_last else None)


def _given(runtime: Runtime, call: Call, result: Sent) -> dict[str, Any]:
    return {
        "b_message": call.message.id,
        "b_position": call.attempt.position,
        "b_remote_id": result.remote_id,
        "b_remote_url": result.url,
        "b_arrival": Arrival.ACCEPTED.value if result.accepted else "",
        "b_sent_at": call.attempt.started_at,
        "b_now": runtime.now(),
    }


def _accepting(
    runtime: Runtime, call: Call, given: dict[str, Any], cost: Decimal | None
) -> tuple[Any, dict[str, Any]]:
    """Return what writes what the network calls an attempt, and its cost, if it is charged now."""
    message = call.message
    more = {
        "b_attempt": call.attempt.id,
        "b_cost": cost,
        "b_service": message.service_id,
        "b_kind": message.kind.name,
    }
    return statements.was_accepted(dialect_of(runtime.session)), given | more


def _reaching(message: InHand, at: datetime) -> tuple[Any, dict[str, Any]]:
    """Return what writes that a message reached its person; without one it changes nothing."""
    return statements.reached(), {"b_subscription": message.subscription_id, "b_at": at}
