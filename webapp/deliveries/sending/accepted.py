"""What is written of a message that the network took."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from channels import Sent
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import Arrival
from webapp.deliveries.sending import moves, statements
from webapp.deliveries.sending.call import Call
from webapp.deliveries.sending.charging import charge
from webapp.kernel.db import dialect_of
from webapp.kernel.db.prepared import run
from webapp.kernel.runtime import Runtime


def write(runtime: Runtime, call: Call, result: Sent) -> None:
    """Write that the network took a message, whatever was thought before; the caller commits."""
    message, attempt, now = call.message, call.attempt, runtime.now()
    arrival = Arrival.ACCEPTED.value if result.accepted else ""
    given = {
        "b_message": message.id,
        "b_position": attempt.position,
        "b_remote_id": result.remote_id,
        "b_remote_url": result.url,
        "b_arrival": arrival,
        "b_sent_at": attempt.started_at,
        "b_now": now,
    }
    is_last = attempt.position + 1 >= call.parts
    was = (moves.sent if is_last else moves.part_sent)(runtime, message, given)
    if was is None:
        _accept(runtime, call, given, None)
        return
    cost = charge(runtime, call)
    _remember_reached(runtime, message, now)
    _accept(runtime, call, given, cost)
    moves.count_sent(runtime, message, was, cost, arrival if is_last else None)


def _accept(runtime: Runtime, call: Call, given: dict[str, Any], cost: Decimal | None) -> None:
    """Write what the network calls what came of an attempt, and its cost, if it is charged now."""
    message = call.message
    more = {
        "b_attempt": call.attempt.id,
        "b_cost": cost,
        "b_service": message.service_id,
        "b_kind": message.kind.name,
    }
    accepted = statements.was_accepted(dialect_of(runtime.session))
    run(runtime.session, accepted, given | more)


def _remember_reached(runtime: Runtime, message: InHand, at: datetime) -> None:
    if message.subscription_id is None:
        return
    given = {"b_subscription": message.subscription_id, "b_at": at}
    run(runtime.session, statements.reached(), given)
