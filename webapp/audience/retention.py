"""How long messages of people are kept: half a year, and what consent stands on for as long."""

from sqlalchemy import ColumnElement, exists, or_

from webapp.audience.models import ReceivedMessage, Subscription
from webapp.kernel.retention import HALF_A_YEAR, Rule


def leans_on_note() -> ColumnElement[bool]:
    """Return the condition that a message proves what holds now, so that it may not be removed.

    It is the one by which the person wrote first, opted in or refused, or one that nobody decided
    about yet. As soon as a later one takes its place, it may go.
    """
    moments = (
        Subscription.wrote_first_at,
        Subscription.opted_in_at,
        Subscription.opted_out_at,
        Subscription.doubted_at,
    )
    return exists().where(
        Subscription.service_id == ReceivedMessage.service_id,
        Subscription.visitor_id == ReceivedMessage.visitor_id,
        or_(*(moment == ReceivedMessage.received_at for moment in moments)),
    )


RULES = (
    Rule(
        name="inbound",
        model=ReceivedMessage,
        age=HALF_A_YEAR,
        old=lambda before: (ReceivedMessage.received_at < before) & ~leans_on_note(),
    ),
)
