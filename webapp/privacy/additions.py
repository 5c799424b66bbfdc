"""What privacy adds to the card of a person."""

from sqlalchemy import func, select

from webapp.audience.left_alone import LEFT_ALONE
from webapp.audience.models import Visitor
from webapp.audience.places import BESIDE
from webapp.deliveries.models import Message, MessageState
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.privacy import wishes


def panel(runtime: Runtime, visitor: Visitor) -> Panel:
    """Return the ways to a copy of the person's data and to their erasure."""
    data = {
        "visitor": visitor,
        "wish": wishes.open_one(runtime, visitor),
        "message_id": _newest(runtime, visitor),
    }
    return Panel(template="privacy/_panel.html", data=data)


def _newest(runtime: Runtime, visitor: Visitor) -> int | None:
    """Return the last message that went to a person."""
    sent = Message.visitor_id == visitor.id, Message.state == MessageState.SENT
    return runtime.session.scalar(select(func.max(Message.id)).where(*sent))


ADDITIONS = (BESIDE.add(panel, rank=90), LEFT_ALONE.add(wishes.waiting_since))
