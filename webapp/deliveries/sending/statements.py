"""What is written for every message that was sent; made once: making takes longer than running."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, func, literal, update

from webapp.audience.models import Subscription
from webapp.deliveries.models import Message, MessageState
from webapp.kernel.text.notices import NOTHING


@cache
def was_sent() -> Any:
    """Return the UPDATE of what was sent, and was in a state before; made once."""
    return (
        update(Message)
        .where(Message.id == bindparam("b_message"), Message.state == bindparam("b_was"))
        .values(
            state=MessageState.SENT,
            reason="",
            said=NOTHING,
            due_at=None,
            leased_until=None,
            parts_sent=bindparam("b_position") + 1,
            remote_id=func.coalesce(Message.remote_id, bindparam("b_remote_id")),
            remote_url=func.coalesce(Message.remote_url, bindparam("b_remote_url")),
            arrival=bindparam("b_arrival"),
            sent_at=bindparam("b_sent_at"),
            changed_at=bindparam("b_now"),
        )
        .execution_options(synchronize_session=False)
    )


@cache
def part_was_sent() -> Any:
    """Return the UPDATE of a message of which one more part is out, but not the last.

    Who has it in hand keeps it. One that was unknown may go on.
    """
    unknown = Message.state == MessageState.UNKNOWN
    pending = literal(MessageState.PENDING, Message.state.type)
    return (
        update(Message)
        .where(Message.id == bindparam("b_message"), Message.parts_sent == bindparam("b_position"))
        .values(
            parts_sent=bindparam("b_position") + 1,
            remote_id=func.coalesce(Message.remote_id, bindparam("b_remote_id")),
            remote_url=func.coalesce(Message.remote_url, bindparam("b_remote_url")),
            state=case((unknown, pending), else_=Message.state),
            reason=case((unknown, ""), else_=Message.reason),
            due_at=case((unknown, None), else_=Message.due_at),
            changed_at=bindparam("b_now"),
        )
        .execution_options(synchronize_session=False)
    )


@cache
def reached() -> Any:
    """Return the UPDATE of the person whom a message reached."""
    return (
        update(Subscription)
        .where(Subscription.id == bindparam("b_subscription"))
        .values(last_message_at=bindparam("b_at"), soft_failures=0)
        .execution_options(synchronize_session=False)
    )
