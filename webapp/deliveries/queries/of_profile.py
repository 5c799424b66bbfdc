"""What was sent to the visitors that a profile is, for its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.audience.models import Visitor
from webapp.deliveries import reasons
from webapp.deliveries.models import Message, MessageState
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.profiles.models import Profile

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message: of which delivery, to whom, what became of it and why, and since when."""

    label: str
    delivery_id: int
    account: str
    handle: str
    state: str
    why: str
    at: datetime


def panel(runtime: Runtime, _profile: Profile, visitors: Sequence[Visitor]) -> Panel:
    """Return the last messages to the visitors of a profile."""
    people = {visitor.id: visitor for visitor in visitors}
    rows = (
        select(Message)
        .where(Message.visitor_id.in_(people), Message.state != MessageState.PENDING)
        .options(joinedload(Message.delivery), joinedload(Message.service))
        .order_by(Message.changed_at.desc(), Message.id.desc())
        .limit(MOST)
    )
    found = runtime.session.scalars(rows).all() if people else []
    sent = [_sent(row, people[row.visitor_id]) for row in found if row.visitor_id]
    return Panel(template="deliveries/_of_profile.html", data={"sent": sent})


def _sent(row: Message, visitor: Visitor) -> Sent:
    return Sent(
        label=row.delivery.label,
        delivery_id=row.delivery_id,
        account=row.service.shown_name,
        handle=visitor.shown_handle,
        state=row.state.value,
        why=reasons.short(row.reason) if row.reason else "",
        at=row.sent_at or row.changed_at,
    )
