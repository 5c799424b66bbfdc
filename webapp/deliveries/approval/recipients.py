"""Writes the messages of a delivery, one for each recipient, so many people at a time.

On SQLite nobody else writes during a transaction, so none looks at more people of the account than
a stretch holds. The first stretch is written with the confirmation, and workers write the others.

The target is what stood at the confirmation. Who came to the account later is not meant; the others
are looked at when their stretch is written, and never more of them get a message than was
confirmed.
"""

from collections import Counter
from typing import Any

from sqlalchemy import String, case, cast, func, literal, select, update

from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import counters, counts, variants
from webapp.deliveries.counters import Place
from webapp.deliveries.models import Audience, Delivery, Message, MessageState
from webapp.deliveries.targeting import target
from webapp.kernel.db import insert_into
from webapp.kernel.db.changes import updated
from webapp.kernel.runtime import Runtime

STRETCH = 10_000
PENDING = counters.place(MessageState.PENDING)
SURPLUS = counters.place(MessageState.IGNORED, "target_grew")


def prepare(runtime: Runtime, delivery: Delivery) -> None:
    """Write and count the messages, or those of the first stretch; the caller commits."""
    runtime.session.flush()  # Bulk statements read what was changed before.
    if delivery.continuous:
        pass  # Whoever agrees from now on is written to then: see `following`.
    elif delivery.kind.to_people:
        newest = select(func.max(Subscription.id))
        delivery.unwritten_after, delivery.confirmed_up_to = 0, runtime.session.scalar(newest)
        _write_stretch(runtime, delivery)
    else:
        _one_for_each_account(runtime, delivery)
    counters.recount(runtime, delivery.id)


def write_more(runtime: Runtime, delivery: Delivery) -> None:
    """Write and count the messages of the next stretch; the caller commits."""
    written = _write_stretch(runtime, delivery)
    surplus = _leave_out_surplus(runtime, delivery, written[PENDING])
    written += Counter({SURPLUS: surplus})
    written[PENDING] -= surplus
    counters.add(runtime, delivery.id, {at: (n, counters.NOTHING) for at, n in written.items()})


def in_one_stretch(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether all messages of a delivery are written at once."""
    return not delivery.kind.to_people or _end_of_stretch(runtime, delivery, 0) is None


def _end_of_stretch(runtime: Runtime, delivery: Delivery, after: int) -> int | None:
    """Return the last person of the stretch behind one; nothing where it holds all the others."""
    if delivery.personal or delivery.continuous:
        return None
    own = [service.id for service in delivery.services]
    people = select(Subscription.visitor_id).where(
        Subscription.service_id.in_(own), Subscription.visitor_id > after
    )
    if delivery.audience is Audience.CONSENTED:
        # An index holds them alone, who may be few.
        people = people.where(target.audience(delivery))
    last = people.order_by(Subscription.visitor_id).offset(STRETCH - 1).limit(2)
    found = runtime.session.scalars(last).all()
    return found[0] if found[1:] else None


def _one_for_each_account(runtime: Runtime, delivery: Delivery) -> None:
    rows = [
        {
            **same_for_all(runtime, delivery),
            "service_id": service.id,
            "variant_id": variants.chosen(delivery, service.id),
            "recipient": f"service:{service.id}",
            "state": MessageState.PENDING,
            "reason": "",
        }
        for service in delivery.services
    ]
    insert = insert_into(runtime.session, Message.__table__)
    runtime.session.execute(insert.on_conflict_do_nothing(), rows)


def _write_stretch(runtime: Runtime, delivery: Delivery) -> Counter[Place]:
    """Write everybody of the next stretch who matches; return how many, by how they are counted.

    Who is left out gets a message that says why. The place moves on with them.
    """
    after = delivery.unwritten_after or 0
    last = _end_of_stretch(runtime, delivery, after)
    columns = _columns(runtime, delivery)
    people = target.matching(delivery, *columns.values())
    if after:
        stood = Subscription.id <= (delivery.confirmed_up_to or 0)
        people = people.where(Subscription.visitor_id > after, stood)
    if last is not None:
        people = people.where(Subscription.visitor_id <= last)
    if delivery.plan:
        # Whoever is held out has the turn of the row before theirs: so that is anybody.
        people = people.order_by(variants.turn(delivery, Visitor.id), Visitor.id)
    insert = insert_into(runtime.session, Message.__table__).from_select(list(columns), people)
    written = insert.on_conflict_do_nothing().returning(Message.state, Message.reason)
    delivery.unwritten_after = last
    return Counter(counters.place(*row) for row in runtime.session.execute(written))


def _columns(runtime: Runtime, delivery: Delivery) -> dict[str, Any]:
    """Return what a message says of a person of the target."""
    reason = target.reason(delivery)
    eligible = reason == literal("")
    plain = {
        name: literal(value, getattr(Message, name).type)
        for name, value in same_for_all(runtime, delivery).items()
    }
    return {
        **plain,
        "service_id": Subscription.service_id,
        "visitor_id": Visitor.id,
        "subscription_id": Subscription.id,
        "variant_id": variants.of_recipient(delivery, Visitor.id),
        "recipient": literal("visitor:") + cast(Visitor.id, String),
        "state": case((eligible, MessageState.PENDING.value), else_=MessageState.IGNORED.value),
        "reason": reason,
    }


def same_for_all(runtime: Runtime, delivery: Delivery) -> dict[str, Any]:
    """Return the columns of a new message that do not depend on whom it is to."""
    return {
        "delivery_id": delivery.id,
        "kind": delivery.kind,
        "said": "",
        "tries": 0,
        "changed_at": runtime.now(),
    }


def _leave_out_surplus(runtime: Runtime, delivery: Delivery, new: int) -> int:
    """Leave out as many of the last people as are more than was confirmed; return how many."""
    before = runtime.session.scalar(counts.written(delivery.id, counts.MEANT)) or 0
    surplus = max(before + new - int(delivery.analysis["eligible"]), 0)
    if surplus:
        last = select(Message.id).where(
            Message.delivery_id == delivery.id, Message.state == MessageState.PENDING
        )
        leave = update(Message).where(
            Message.id.in_(last.order_by(Message.id.desc()).limit(surplus))
        )
        updated(runtime.session, leave.values(state=MessageState.IGNORED, reason=SURPLUS[1]))
    return surplus
