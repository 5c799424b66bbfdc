"""How long messages are kept after their delivery is over; its counters stay."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select

from webapp.deliveries import counters
from webapp.deliveries.approval.following import AGAIN
from webapp.deliveries.models import (
    ACTIVE,
    ChannelEvent,
    Delivery,
    FollowUp,
    Message,
    MessageState,
    PartMedia,
)
from webapp.deliveries.places import LEAVING
from webapp.kernel.retention import HALF_A_YEAR, Rule
from webapp.media import library
from webapp.media.models import MediaFile


def _old(before: datetime) -> ColumnElement[bool]:
    """Return the condition of messages that leave; those of a continuous delivery have own ends."""
    over = select(Delivery.id).where(counters.over_since(before))
    lasting = select(Delivery.id).where(counters.lasting_since(before))
    ended = and_(Message.state.not_in(UNDER_WAY), Message.changed_at < before)
    return or_(Message.delivery_id.in_(over), and_(Message.delivery_id.in_(lasting), ended))


def _unshown(before: datetime) -> ColumnElement[bool]:
    """Return the condition of pictures that nothing shows, and that nobody took for long."""
    shown = exists().where(PartMedia.sha256 == MediaFile.sha256)
    return (MediaFile.used_at < before) & ~shown


def _unneeded(before: datetime) -> ColumnElement[bool]:
    """Return the condition of promises that keep nobody from a second message any more.

    While a delivery follows each yes, nobody gets it again, however long ago it was.
    """
    active = select(Delivery.id).where(Delivery.continuous, Delivery.state.in_(ACTIVE))
    return (FollowUp.at < before) & FollowUp.delivery_id.not_in(active)


UNDER_WAY = (MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN)
RULES = (
    Rule(
        name="pictures",
        model=MediaFile,
        age=timedelta(days=365),
        old=_unshown,
        # The files of those that left the time before.
        first=lambda runtime, _before: library.sweep(runtime),
    ),
    Rule(name="messages", model=Message, age=counters.KEPT, old=_old, first=LEAVING.ask),
    Rule(
        name="follow_ups",
        model=FollowUp,
        age=AGAIN,
        old=_unneeded,
    ),
    Rule(
        name="events",
        model=ChannelEvent,
        age=HALF_A_YEAR,
        old=lambda before: (
            (ChannelEvent.received_at < before) & ChannelEvent.applied_at.is_not(None)
        ),
    ),
)
