"""What privacy adds to the card of a person."""

from collections.abc import Sequence

from sqlalchemy import func, select

from webapp.audience.left_alone import LEFT_ALONE
from webapp.audience.models import Visitor
from webapp.audience.places import BESIDE
from webapp.deliveries.models import Message, MessageState
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.privacy import wishes
from webapp.profiles import places
from webapp.profiles.models import Profile


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


def of_profile(runtime: Runtime, profile: Profile, visitors: Sequence[Visitor]) -> Panel:
    """Return the ways to a copy of all that is stored of a person, and to their erasure."""
    data = {
        "profile": profile,
        "visitors": visitors,
        "wish": wishes.open_one_of(runtime, profile),
    }
    return Panel(template="privacy/_of_profile.html", data=data)


ADDITIONS = (
    places.BESIDE.add(of_profile, rank=90),
    BESIDE.add(panel, rank=90),
    LEFT_ALONE.add(wishes.waiting_since),
    places.WAITED_FOR.add(wishes.waited_for),
)
