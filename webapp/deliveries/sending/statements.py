"""What is asked and written for every message; made once: making takes longer than running.

All of it stands over tables and is run past the ORM, by `prepared.run`.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    update,
)

from webapp.audience import own_accounts
from webapp.audience.models import Subscription, Visitor
from webapp.audience.readers import OF_READER, OF_TIE
from webapp.deliveries import in_hand
from webapp.deliveries.models import (
    MOVING,
    Attempt,
    AttemptOutcome,
    Delivery,
    Message,
    MessageState,
)
from webapp.kernel.db import UtcDateTime
from webapp.kernel.db.disk import hasty
from webapp.kernel.db.prepared import table_of
from webapp.kernel.text.notices import NOTHING
from webapp.services.models import Service

MESSAGE, ATTEMPT, DELIVERY = table_of(Message), table_of(Attempt), table_of(Delivery)
OF_TURNS = "INDEXED BY ix_message_delivery_id_state_due_at_id"
SERVICE, VISITOR, SUBSCRIPTION = table_of(Service), table_of(Visitor), table_of(Subscription)


@cache
def claim(*, fenced: bool, drawn: bool) -> Any:
    """Return the UPDATE of a claim, which returns the id of the message; see `next_due`."""
    delivery = DELIVERY.c
    mine = delivery.lease_token == bindparam("b_token") if fenced else true()
    # A list of values would be written into the statement anew each time.
    moving = or_(*(delivery.state == state for state in MOVING))
    moves = exists().where(delivery.id == bindparam("b_delivery"), mine, moving)
    moves = moves.where(delivery.unwritten_after.is_(None))
    message = MESSAGE.c
    return (
        update(MESSAGE)
        .where(message.id == next_due(drawn=drawn), message.state == MessageState.PENDING, moves)
        .values(
            state=MessageState.SENDING,
            tries=message.tries + 1,
            leased_until=bindparam("b_until"),
            changed_at=bindparam("b_now"),
            # The first try gives the message the key that all of them have.
            key=func.coalesce(message.key, bindparam("b_key")),
            key_made_at=func.coalesce(message.key_made_at, bindparam("b_now", type_=UtcDateTime)),
        )
        .returning(message.id)
    )


def next_due(*, drawn: bool = False) -> ColumnElement[int]:
    """Select the message that has been due for longest, or the first that was never tried.

    Where a place was drawn, that is the first from there, if anybody waits behind it.

    Either stands at one end of a range of the index, however many messages are pending; both
    in one condition would be found by looking at all of them.
    """
    messages = MESSAGE.alias()
    line = messages.c
    pending = (
        select(line.id)
        .where(line.delivery_id == bindparam("b_delivery"), line.state == MessageState.PENDING)
        .order_by(line.due_at, line.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    again = pending.where(line.due_at <= bindparam("b_now"))
    fresh = pending.where(line.due_at.is_(None))
    # A bound of the key looks to SQLite as if it left few rows, and it would read them all.
    placed = fresh.where(line.id >= bindparam("b_from")).with_hint(messages, OF_TURNS, "sqlite")
    behind = [placed] if drawn else []
    return func.coalesce(*(rows.scalar_subquery() for rows in (again, *behind, fresh)))


@cache
def ends() -> Any:
    """Return the query of the first and the last message that was never tried."""
    line = MESSAGE.alias().c
    fresh = select(line.id).where(
        line.delivery_id == bindparam("b_delivery"),
        line.state == MessageState.PENDING,
        line.due_at.is_(None),
    )
    first = fresh.order_by(line.due_at, line.id).limit(1)
    last = fresh.order_by(line.due_at.desc(), line.id.desc()).limit(1)
    return select(first.scalar_subquery(), last.scalar_subquery())


@cache
def reading() -> Any:
    """Return the query of a claimed message, its person and what of its account may change.

    The row of the account is locked until the commit.
    """
    message, account = MESSAGE.c, SERVICE.c
    return (
        select(
            *(message[name] for name in in_hand.COLUMNS),
            *OF_READER,
            *OF_TIE,
            *(account[name] for name in in_hand.OF_ACCOUNT),
            VISITOR.c.id,
            SUBSCRIPTION.c.id,
            own_accounts.is_own(),
        )
        .select_from(MESSAGE)
        .join(SERVICE, message.service_id == account.id)
        .outerjoin(VISITOR, message.visitor_id == VISITOR.c.id)
        .outerjoin(SUBSCRIPTION, message.subscription_id == SUBSCRIPTION.c.id)
        .where(message.id == bindparam("b_message"))
        .with_for_update(of=SERVICE, key_share=True)
    )


@cache
def opening(dialect: str) -> Any:
    """Return the INSERT of an attempt, which returns its id.

    Its commit frees the row of the account at once; `to_disk` is waited for before the call.
    """
    others = ATTEMPT.alias().c
    last = select(func.max(others.number)).where(others.message_id == bindparam("b_message"))
    opened = (
        insert(ATTEMPT)
        .values(
            message_id=bindparam("b_message"),
            number=func.coalesce(last.scalar_subquery(), 0) + 1,
            position=bindparam("b_position"),
            text=bindparam("b_text"),
            started_at=bindparam("b_now"),
            keyed=bindparam("b_keyed"),
            code="",
            said=NOTHING,
        )
        .returning(ATTEMPT.c.id)
    )
    return hasty(dialect, opened)


@cache
def was_sent() -> Any:
    """Return the UPDATE of what was sent, and was in a state before."""
    message = MESSAGE.c
    return (
        update(MESSAGE)
        .where(message.id == bindparam("b_message"), message.state == bindparam("b_was"))
        .values(
            state=MessageState.SENT,
            reason="",
            said=NOTHING,
            due_at=None,
            leased_until=None,
            arrival=bindparam("b_arrival"),
            sent_at=bindparam("b_sent_at"),
            **_one_more(),
        )
    )


@cache
def part_was_sent() -> Any:
    """Return the UPDATE of a message of which one more part is out, but not the last.

    Who has it in hand keeps it. One that was unknown may go on.
    """
    message = MESSAGE.c
    unknown = message.state == MessageState.UNKNOWN
    pending = literal(MessageState.PENDING, message.state.type)
    return (
        update(MESSAGE)
        .where(message.id == bindparam("b_message"), message.parts_sent == bindparam("b_position"))
        .values(
            state=case((unknown, pending), else_=message.state),
            reason=case((unknown, ""), else_=message.reason),
            due_at=case((unknown, null()), else_=message.due_at),
            **_one_more(),
        )
    )


def _one_more() -> dict[str, Any]:
    """Return what changes in a message with each part of it that went out."""
    message = MESSAGE.c
    return {
        "parts_sent": bindparam("b_position") + 1,
        "remote_id": func.coalesce(message.remote_id, bindparam("b_remote_id")),
        "remote_url": func.coalesce(message.remote_url, bindparam("b_remote_url")),
        "changed_at": bindparam("b_now"),
    }


@cache
def was_accepted(dialect: str) -> Any:
    """Return the UPDATE of an attempt that the network took; without a cost it keeps its own.

    It keeps nobody waiting for the disk: an outcome that a power cut takes back is asked for, as
    that of a worker that died before it wrote it.
    """
    attempt = ATTEMPT.c
    accepted = (
        update(ATTEMPT)
        .where(attempt.id == bindparam("b_attempt"))
        .values(
            outcome=AttemptOutcome.SENT,
            ended_at=bindparam("b_now"),
            cost=func.coalesce(bindparam("b_cost", type_=attempt.cost.type), attempt.cost),
            service_id=bindparam("b_service"),
            kind=bindparam("b_kind"),
            remote_id=bindparam("b_remote_id"),
            remote_url=bindparam("b_remote_url"),
        )
    )
    return hasty(dialect, accepted)


@cache
def reached() -> Any:
    """Return the UPDATE of the person whom a message reached."""
    tie = SUBSCRIPTION.c
    return (
        update(SUBSCRIPTION)
        .where(tie.id == bindparam("b_subscription"))
        .values(last_message_at=bindparam("b_at"), soft_failures=0)
    )
