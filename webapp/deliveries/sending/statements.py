"""What is written for every message that was sent; made once: making takes longer than running."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, update

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
            remote_id=bindparam("b_remote_id"),
            remote_url=bindparam("b_remote_url"),
            sent_at=bindparam("b_sent_at"),
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
