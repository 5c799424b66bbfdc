"""Counters of a delivery: its messages by state, changed in the transaction of each message.

Every change is a relative one, so several workers never lose each other's. A claim changes none:
what a worker has in hand counts as pending until its outcome is known, and pages read the few rows
in hand themselves. So workers that claim at once never wait for a counter.

A counter is the last thing a transaction writes, and several are written in the order of their
states: everybody else who counts for the delivery waits from here to the commit, and nobody who
waits holds what another one needs.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, update

from webapp.deliveries.models import OVER, Arrival, Delivery, Message, MessageCount, MessageState
from webapp.kernel.db import dialect_of, insert_of
from webapp.kernel.db.prepared import run, table_of
from webapp.kernel.permissions import Permission
from webapp.kernel.retention import HALF_A_YEAR
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

# Beside the states of messages: the published posts that an operator had deleted again.
TAKEN_BACK = "taken_back"
# And what is known since of those that were sent, each of which is counted as sent too.
ARRIVALS = tuple(item.value for item in Arrival)
# And those that somebody called unwanted.
COMPLAINED = "complained"
# These ended without being sent, and pages tell how many for which reason.
WITH_REASON = frozenset({MessageState.IGNORED, MessageState.FAILED, MessageState.CANCELLED})
NOTHING = Decimal(0)
# For so long after the end of a delivery its messages are kept.
KEPT = HALF_A_YEAR

Place = tuple[str, str]


def place(state: MessageState, reason: str = "") -> Place:
    """Return the counter that a message in this state is counted by: a state and a reason."""
    if state is MessageState.SENDING:
        return MessageState.PENDING.value, ""
    return state.value, reason if state in WITH_REASON else ""


def moved(
    runtime: Runtime,
    delivery_id: int,
    places: tuple[Place, Place],
    number: int = 1,
    cost: Decimal = NOTHING,
) -> None:
    """Count that so many messages went from one place to another, and what was charged for it.

    The caller commits.
    """
    was, now = places
    if was == now or not number:
        return
    add(runtime, delivery_id, {was: (-number, NOTHING), now: (number, cost)})


def taken_back(runtime: Runtime, delivery_id: int) -> None:
    """Count a post that was deleted again; the caller commits."""
    add(runtime, delivery_id, {(TAKEN_BACK, ""): (1, NOTHING)})


def add(runtime: Runtime, delivery_id: int, changes: Mapping[Place, tuple[int, Decimal]]) -> None:
    """Add to counters, in the order that everybody keeps; the caller commits."""
    run(runtime.session, *adding(runtime, delivery_id, changes))


def adding(
    runtime: Runtime, delivery_id: int, changes: Mapping[Place, tuple[int, Decimal]]
) -> tuple[Any, dict[str, Any]]:
    """Return what adds to counters, with its values."""
    given: dict[str, Any] = {"b_delivery": delivery_id}
    for at, ((state, reason), (number, cost)) in enumerate(sorted(changes.items())):
        given |= {f"b_state_{at}": state, f"b_reason_{at}": reason}
        given |= {f"b_number_{at}": number, f"b_cost_{at}": cost}
    return _adding(dialect_of(runtime.session), len(changes)), given


@cache
def _adding(dialect: str, number: int) -> Any:
    """Return the statement that adds to so many counters; made once, as making takes long."""
    table = table_of(MessageCount)
    columns = ("state", "reason", "number", "cost")
    rows = [
        {"delivery_id": bindparam("b_delivery")}
        | {name: bindparam(f"b_{name}_{at}", type_=table.c[name].type) for name in columns}
        for at in range(number)
    ]
    insert = insert_of(dialect, table).values(rows)
    more = {name: table.c[name] + insert.excluded[name] for name in ("number", "cost")}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=more)


def recount(runtime: Runtime, delivery_id: int) -> bool:
    """Set the counters of a delivery to what its messages say; the caller commits.

    False, and nothing is changed, where clean-up may have taken some: nobody can count these any
    more. What is written meanwhile waits for its counter, and is added afterwards.
    """
    if _cleaned_up(runtime, delivery_id):
        return False
    _lock(runtime, delivery_id)
    found = _counted(runtime, delivery_id)
    none = update(MessageCount).where(MessageCount.delivery_id == delivery_id).values(number=0)
    runtime.session.execute(none.execution_options(synchronize_session=False))
    # Each of them has its row from now on: who adds one looks at the delivery, and may wait for it.
    others = ((name, "") for name in (*ARRIVALS, TAKEN_BACK, COMPLAINED))
    empty = dict.fromkeys((*map(place, MessageState), *others), 0)
    add(runtime, delivery_id, {at: (found.get(at, 0), NOTHING) for at in {**empty, **found}})
    return True


def _cleaned_up(runtime: Runtime, delivery_id: int) -> bool:
    old = or_(over_since(runtime.now() - KEPT), lasting_since(runtime.now() - KEPT))
    return bool(runtime.session.scalar(select(Delivery.id).where(Delivery.id == delivery_id, old)))


def over_since(moment: datetime) -> ColumnElement[bool]:
    """Return the condition that a delivery was over before a moment."""
    return and_(Delivery.state.in_(OVER), Delivery.finished_at < moment)


def lasting_since(moment: datetime) -> ColumnElement[bool]:
    """Return the condition that a delivery has no end of its own, and began before a moment."""
    return and_(Delivery.continuous, Delivery.confirmed_at < moment)


def _lock(runtime: Runtime, delivery_id: int) -> None:
    rows = select(MessageCount.state).where(MessageCount.delivery_id == delivery_id)
    order = rows.order_by(MessageCount.state, MessageCount.reason)
    runtime.session.execute(order.with_for_update()).all()


def _counted(runtime: Runtime, delivery_id: int) -> dict[Place, int]:
    """Count the messages themselves."""
    kinds = (Message.state, Message.reason, Message.arrival)
    query = select(*kinds, func.count(Message.id), func.count(Message.taken_back_at))
    rows = runtime.session.execute(query.where(Message.delivery_id == delivery_id).group_by(*kinds))
    found: dict[Place, int] = {}
    for state, reason, arrival, number, again in rows:
        of_row = {place(state, reason): number, (arrival, ""): number}
        # Of a thread that ended half-way nothing is counted as sent, nor as taken back.
        if state is MessageState.SENT:
            of_row |= {(TAKEN_BACK, ""): again, (COMPLAINED, ""): number * (reason == COMPLAINED)}
        for at, more in of_row.items():
            if at[0]:
                found[at] = found.get(at, 0) + more
    return found


def forget(runtime: Runtime, delivery_id: int) -> None:
    """Drop the counters of a delivery whose messages went before any was sent; caller commits."""
    gone = delete(MessageCount).where(MessageCount.delivery_id == delivery_id)
    runtime.session.execute(gone.execution_options(synchronize_session=False))


@requires(Permission.ADMIN)
def recount_all(runtime: Runtime) -> tuple[int, int]:
    """Recount every delivery; return how many were, and how many clean-up left uncountable.

    Each is a transaction of its own, so that nothing that goes out waits for all of them.
    """
    done = 0
    query = select(Delivery.id).where(Delivery.confirmed_at.is_not(None))
    ids = runtime.session.scalars(query.order_by(Delivery.id)).all()
    for delivery_id in ids:
        done += recount(runtime, delivery_id)
        runtime.session.commit()
    return done, len(ids) - done
