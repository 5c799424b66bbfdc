"""The consent gate: who may be messaged on a service, and why the others may not.

Somebody may be messaged who wrote first or opted in, did not write STOP since, nor anything that
looks like it and is not decided, is not in quarantine, and accepts messages as far as is known.
"""

from sqlalchemy import ColumnElement, and_, case, or_

from webapp.audience.models import Subscription, Visitor
from webapp.audience.readers import Reader, Tie


def stopped() -> ColumnElement[bool]:
    """Return the condition that somebody wrote STOP and did not opt in again since.

    Networks date messages by the second: of both in one second the refusal holds.
    """
    out, into = Subscription.opted_out_at, Subscription.opted_in_at
    return and_(out.is_not(None), or_(into.is_(None), into <= out))


def in_doubt() -> ColumnElement[bool]:
    """Return the condition that words of somebody look like a refusal and nobody decided yet."""
    doubted, into = Subscription.doubted_at, Subscription.opted_in_at
    return and_(doubted.is_not(None), or_(into.is_(None), into <= doubted))


def asked_for_it() -> ColumnElement[bool]:
    """Return the condition that somebody wrote first or opted in."""
    return or_(Subscription.wrote_first_at.is_not(None), Subscription.opted_in_at.is_not(None))


def refuses() -> ColumnElement[bool]:
    """Return the condition that somebody is known to accept no messages."""
    return and_(Visitor.accepts_messages.is_not(None), Visitor.accepts_messages.is_(False))


def quarantined() -> ColumnElement[bool]:
    """Return the condition that messages to somebody failed for good."""
    return Subscription.quarantined_at.is_not(None)


def follows() -> ColumnElement[bool]:
    """Return the condition that somebody follows the service, as far as the last sync saw."""
    return and_(Subscription.followed_at.is_not(None), Subscription.ended_at.is_(None))


def may_be_messaged() -> ColumnElement[bool]:
    """Return the whole gate, over subscription joined with visitor."""
    return and_(asked_for_it(), ~stopped(), ~in_doubt(), ~quarantined(), ~refuses())


def wrote_stop(subscription: Subscription | Tie) -> bool:
    """Tell of one person what `stopped` asks in SQL."""
    out, into = subscription.opted_out_at, subscription.opted_in_at
    return out is not None and (into is None or into <= out)


def is_in_doubt(subscription: Subscription | Tie) -> bool:
    """Tell of one person what `in_doubt` asks in SQL."""
    doubted, into = subscription.doubted_at, subscription.opted_in_at
    return doubted is not None and (into is None or into <= doubted)


def is_following(subscription: Subscription | Tie) -> bool:
    """Tell of one person what `follows` asks in SQL."""
    return subscription.followed_at is not None and subscription.ended_at is None


def reason_not(subscription: Subscription | Tie | None, visitor: Visitor | Reader | None) -> str:
    """Return the code of the first reason against a message; empty when it is allowed.

    The gate fails closed: where there is nothing to look at, because the person or the
    subscription was erased, the answer is no.
    """
    if subscription is None or visitor is None:
        return "erased"
    if wrote_stop(subscription):
        return "wrote_stop"
    if is_in_doubt(subscription):
        return "in_doubt"
    if subscription.quarantined_at:
        return "quarantine"
    if visitor.accepts_messages is False:
        return "accepts_none"
    if subscription.wrote_first_at or subscription.opted_in_at:
        return ""
    return "no_consent"


def standing(subscription: Subscription, visitor: Visitor) -> str:
    """Return why somebody may be messaged, `opted_in` or `wrote_first`, or the reason why not."""
    yes = "opted_in" if subscription.opted_in_at else "wrote_first"
    return reason_not(subscription, visitor) or yes


def standing_in_sql() -> ColumnElement[str]:
    """Return what `standing` tells of one person for each row of a query, in the same order."""
    return case(
        (stopped(), "wrote_stop"),
        (in_doubt(), "in_doubt"),
        (quarantined(), "quarantine"),
        (refuses(), "accepts_none"),
        (Subscription.opted_in_at.is_not(None), "opted_in"),
        (Subscription.wrote_first_at.is_not(None), "wrote_first"),
        else_="no_consent",
    )


def rank_in_sql() -> ColumnElement[int]:
    """Return what `rank` tells of one person for each row of a query."""
    return case((may_be_messaged(), 0), (follows(), 1), else_=2)


def rank(subscription: Subscription, visitor: Visitor) -> int:
    """Order the subscriptions of a person: the lower, the more the person may be reached by it."""
    if not reason_not(subscription, visitor):
        return 0
    return 1 if is_following(subscription) else 2
