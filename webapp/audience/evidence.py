"""Which kept messages somebody's consent, refusal or doubt stands on."""

from sqlalchemy import ColumnElement, exists, or_

from webapp.audience.models import InboundNote, Subscription


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
        Subscription.service_id == InboundNote.service_id,
        Subscription.visitor_id == InboundNote.visitor_id,
        or_(*(moment == InboundNote.received_at for moment in moments)),
    )
