"""What became of the messages to one person, as events of their timeline."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp.audience.models import Visitor
from webapp.audience.timeline import Event
from webapp.deliveries import reasons
from webapp.deliveries.models import Arrival, Message, MessageState
from webapp.kernel.runtime import Runtime
from webapp.profiles.moments import Edge, Moment, Wanted

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


def moments(runtime: Runtime, wanted: Wanted) -> Iterator[Moment]:
    """Yield the messages to the visitors that a profile is, for its page of all that happened."""
    at = func.coalesce(Message.sent_at, Message.changed_at)
    rows = (
        select(Message)
        .where(Message.visitor_id.in_(wanted.visitors), Message.state.in_(TOLD))
        .options(joinedload(Message.delivery), joinedload(Message.service))
    )
    for row in runtime.session.scalars(wanted.of(rows, "message", at, Message.id)):
        event = _event(row)
        yield Moment(edge=Edge(at=event.at, source="message", number=row.id), event=event)


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
