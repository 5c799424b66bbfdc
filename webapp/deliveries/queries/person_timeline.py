"""What became of the messages to one person, as events of their timeline."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.audience.models import Visitor
from webapp.audience.timeline import Event
from webapp.deliveries import reasons
from webapp.deliveries.models import Arrival, Message, MessageState
from webapp.kernel.runtime import Runtime

MOST = 100
"""So many messages are told of, those that changed last."""

TOLD = (MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN)


def received(runtime: Runtime, visitor: Visitor) -> list[Event]:
    """Return the messages that were sent, failed, or may have been sent, newest first."""
    wanted = (
        select(Message)
        .where(Message.visitor_id == visitor.id, Message.state.in_(TOLD))
        .options(joinedload(Message.delivery), joinedload(Message.service))
        .order_by(Message.changed_at.desc(), Message.id.desc())
        .limit(MOST)
    )
    rows: Sequence[Message] = runtime.session.scalars(wanted).all()
    return [_event(row) for row in rows]


def _event(message: Message) -> Event:
    failed = message.state is MessageState.FAILED or message.arrival == Arrival.BOUNCED
    return Event(
        at=message.sent_at or message.changed_at,
        what=MessageState.FAILED.value if failed else message.state.value,
        account=message.service.shown_name,
        about=message.delivery.label,
        said=reasons.short(message.reason) if failed else "",
        delivery_id=message.delivery_id,
    )
