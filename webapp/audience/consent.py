"""The consent gate: who may be messaged on a service, and why the others may not.

Somebody may be messaged who wrote first or opted in, did not write STOP since, is not in
quarantine, and accepts messages as far as is known.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from webapp.audience.models import Subscription, Visitor
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _


def stopped() -> ColumnElement[bool]:
    """Return the condition that somebody wrote STOP and did not opt in again since."""
    out, into = Subscription.opted_out_at, Subscription.opted_in_at
    return and_(out.is_not(None), or_(into.is_(None), into < out))


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
    return and_(asked_for_it(), ~stopped(), ~quarantined(), ~refuses())


def wrote_stop(subscription: Subscription) -> bool:
    """Tell of one person what `stopped` asks in SQL."""
    out, into = subscription.opted_out_at, subscription.opted_in_at
    return out is not None and (into is None or into < out)


def reason_not(subscription: Subscription, visitor: Visitor) -> str:
    """Return the code of the first reason against a message; empty when it is allowed."""
    if wrote_stop(subscription):
        return "wrote_stop"
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


def rank(subscription: Subscription, visitor: Visitor) -> int:
    """Order the subscriptions of a person: the lower, the more the person may be reached by it."""
    if not reason_not(subscription, visitor):
        return 0
    return 1 if subscription.followed_at and not subscription.ended_at else 2


def record_opt_in(runtime: Runtime, subscription_id: int, proof: str) -> Subscription:
    """Record that somebody agreed to messages, with the operator's words about where and how.

    Raise `Invalid` without words: an agreement that cannot be shown is none.
    """
    words = proof.strip()
    if not words:
        raise Invalid(_("Write where and how they agreed."), fields={"proof": _("This is needed.")})
    subscription = _get(runtime, subscription_id)
    subscription.opted_in_at = runtime.now()
    subscription.opt_in_proof = words
    runtime.record("subscription.opt_in", subscription, proof=words)
    runtime.session.commit()
    return subscription


def record_stop(runtime: Runtime, subscription_id: int) -> Subscription:
    """Record that somebody wants no messages; it holds at once."""
    subscription = _get(runtime, subscription_id)
    subscription.opted_out_at = runtime.now()
    runtime.record("subscription.stop", subscription)
    runtime.session.commit()
    return subscription


def lift_quarantine(runtime: Runtime, subscription_id: int) -> Subscription:
    """Let messages to somebody be tried again."""
    subscription = _get(runtime, subscription_id)
    subscription.quarantined_at = None
    subscription.quarantine_reason = ""
    subscription.soft_failures = 0
    runtime.record("subscription.lift_quarantine", subscription)
    runtime.session.commit()
    return subscription


def quarantine(runtime: Runtime, subscription: Subscription, reason: str) -> None:
    """Keep somebody out of direct messages on this service; the caller commits."""
    subscription.quarantined_at = runtime.now()
    subscription.quarantine_reason = reason
    runtime.record("subscription.quarantine", subscription, reason=reason)


def hear_stop(runtime: Runtime, subscription: Subscription, at: datetime) -> None:
    """Take note that somebody wrote STOP; the caller commits."""
    before = subscription.opted_out_at
    if before is None or before < at:
        subscription.opted_out_at = at
        runtime.record("subscription.hear_stop", subscription)


def hear_opt_in(runtime: Runtime, subscription: Subscription, at: datetime, proof: str) -> None:
    """Take note that somebody agreed to messages in their own words; the caller commits."""
    before = subscription.opted_in_at
    if before is None or before < at:
        subscription.opted_in_at, subscription.opt_in_proof = at, proof
        runtime.record("subscription.hear_opt_in", subscription, proof=proof)


def _get(runtime: Runtime, subscription_id: int) -> Subscription:
    found = runtime.session.get(Subscription, subscription_id)
    if found is None:
        raise NotFound(_("There is no such subscription."))
    return found
