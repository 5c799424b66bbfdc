"""The one message that follows a yes: written with the answer itself, by a continuous delivery.

Whoever agrees to messages of an account gets a line of its follow-up in the transaction of their
answer, so no crash loses it and none writes it twice. Nobody is followed up twice within `AGAIN`,
whatever they take back and say again meanwhile: the key of `follow_up` sees to that, also between
two who answer at once. By the same delivery nobody ever is: the key outlasts the line of the log.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, select

from webapp.audience.consents.agreeing import Agreed
from webapp.deliveries import counters, variants
from webapp.deliveries.approval.recipients import same_for_all
from webapp.deliveries.models import (
    ACTIVE,
    Delivery,
    DeliveryService,
    FollowUp,
    Message,
    MessageState,
)
from webapp.kernel.db import insert_into
from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime

AGAIN = timedelta(days=365)
BATCH = 500
by_account = attrgetter("service_id")


def follow(runtime: Runtime, agreed: Sequence[Agreed]) -> None:
    """Write the message that follows the yes of each person; the caller commits."""
    for service_id, people in groupby(sorted(agreed, key=by_account), by_account):
        delivery = _locked(runtime, service_id)
        if delivery is not None:
            meant = [one for one in people if delivery.follows_imports or not one.imported]
            _write(runtime, delivery, meant)


def _locked(runtime: Runtime, service_id: int) -> Delivery | None:
    """Return the follow-up of an account that nobody stops before the next commit.

    Else a line could be written that nobody cancels any more.
    """
    query = select(Delivery).where(_of_account(service_id), Delivery.state.in_(ACTIVE))
    lock = query.with_for_update(read=True, of=Delivery).execution_options(populate_existing=True)
    return runtime.session.scalar(lock.order_by(Delivery.id).limit(1))


def _of_account(service_id: int) -> ColumnElement[bool]:
    own = select(DeliveryService.delivery_id).where(DeliveryService.service_id == service_id)
    return Delivery.continuous & Delivery.id.in_(own)


def _write(runtime: Runtime, delivery: Delivery, people: Sequence[Agreed]) -> None:
    written = 0
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        promised = _promised(runtime, delivery, batch)
        written += _lines(runtime, delivery, [one for one in batch if one.visitor_id in promised])
    if written:
        counters.add(
            runtime,
            delivery.id,
            {counters.place(MessageState.PENDING): (written, counters.NOTHING)},
        )


def _promised(runtime: Runtime, delivery: Delivery, people: Iterable[Agreed]) -> set[int]:
    """Promise the message to those who were promised none within `AGAIN`; return them."""
    now = runtime.now()
    rows = [
        {
            "service_id": one.service_id,
            "visitor_id": one.visitor_id,
            "delivery_id": delivery.id,
            # Who is heard late agreed as long ago as they wrote, as `refusal` asks; a file that was
            # chosen to count is meant as it is.
            "at": now if one.imported else min(one.at, now),
        }
        # In one order, so that two who promise the same people wait instead of locking each other.
        for one in sorted(people, key=attrgetter("visitor_id"))
    ]
    if not rows:
        return set()
    insert = insert_into(runtime.session, FollowUp.__table__).values(rows)
    promise = insert.on_conflict_do_update(
        index_elements=["service_id", "visitor_id"],
        set_={"at": insert.excluded.at, "delivery_id": insert.excluded.delivery_id},
        where=(FollowUp.at <= now - AGAIN) & (FollowUp.delivery_id != insert.excluded.delivery_id),
    )
    return set(runtime.session.scalars(promise.returning(FollowUp.visitor_id)))


def _lines(runtime: Runtime, delivery: Delivery, people: Sequence[Agreed]) -> int:
    """Write a line of the ledger for each; return how many there were none of."""
    same = same_for_all(runtime, delivery)
    rows = [
        {
            **same,
            "service_id": one.service_id,
            "visitor_id": one.visitor_id,
            "subscription_id": one.subscription_id,
            "variant_id": variants.chosen(delivery, one.visitor_id),
            "recipient": f"visitor:{one.visitor_id}",
            "state": MessageState.PENDING,
            "reason": "",
        }
        for one in people
    ]
    if not rows:
        return 0
    insert = insert_into(runtime.session, Message.__table__).values(rows)
    return len(runtime.session.scalars(insert.on_conflict_do_nothing().returning(Message.id)).all())


def another(runtime: Runtime, delivery: Delivery) -> str:
    """Say that another delivery follows each yes already; empty for none.

    Whoever confirms holds the account, so that two at once see each other.
    """
    if not delivery.continuous:
        return ""
    active = (Delivery.state.in_(ACTIVE), Delivery.id != delivery.id)
    query = select(Delivery.label).where(_of_account(delivery.services[0].id), *active)
    label = runtime.session.scalar(query.limit(1))
    if label is None:
        return ""
    return _("“%(label)s” follows each yes already. Stop it first.", label=label)
