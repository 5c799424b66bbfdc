"""The consent gate: who may be messaged on a service, and why the others may not.

Somebody may be messaged who wrote first or opted in, did not write STOP since, nor anything that
looks like it and is not decided, is not in quarantine, and accepts messages as far as is known.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, or_

from channels.outcomes import CLOCKS_APART
from webapp.audience.models import Subscription, Visitor
from webapp.audience.readers import Reader, Tie
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

MINUTE = timedelta(minutes=1)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What an operator records of an opt-in: where and how, to what, and when; `None` is now."""

    proof: str
    purpose: str
    at: datetime | None = None


@requires(Permission.WRITE)
def record_opt_in(runtime: Runtime, subscription_id: int, agreement: Agreement) -> Subscription:
    """Record that somebody agreed to messages, with the operator's words about it.

    Raise `Invalid` without proof or purpose, for a date to come, and for one before a STOP: only a
    later agreement gives consent back.
    """
    proof, purpose = agreement.proof.strip(), agreement.purpose.strip()
    lacks = {"proof": proof, "purpose": purpose}
    faults = {name: _("This is needed.") for name, words in lacks.items() if not words}
    if faults:
        raise Invalid(_("Write where and how they agreed, and to what."), fields=faults)
    subscription = _get(runtime, subscription_id)
    at = _past(runtime, agreement.at)
    out = subscription.opted_out_at
    if out is not None and at <= out:
        fault = _("They wanted no messages after that. Only a later agreement opens it again.")
        raise Invalid(fault, fields={"day": fault})
    subscription.opted_in_at, subscription.opt_in_proof = at, proof
    subscription.opt_in_purpose = purpose
    _settle_doubt(subscription)
    given = {"proof": proof, "purpose": purpose, "since": at.isoformat()}
    runtime.record("subscription.opt_in", subscription, **given)
    runtime.session.commit()
    return subscription


@requires(Permission.WRITE)
def record_stop(
    runtime: Runtime, subscription_id: int, *, at: datetime | None = None, note: str = ""
) -> Subscription:
    """Record that somebody wants no messages, since `at` or now; it holds at once.

    Raise `Invalid` for a date to come, and for one before an opt-in, which would not hold.
    """
    subscription, words = _get(runtime, subscription_id), note.strip()
    said = _past(runtime, at)
    into = subscription.opted_in_at
    if at is not None and into is not None and said < into:
        fault = _("They opted in after that. Leave the date empty for an opt-out that holds now.")
        raise Invalid(fault, fields={"day": fault})
    withhold(runtime, subscription, said, words)
    runtime.session.commit()
    return subscription


def withhold(runtime: Runtime, subscription: Subscription, at: datetime, note: str = "") -> None:
    """Let somebody get no messages from a moment on; the caller commits."""
    # An opt-in that a clock set back left ahead does not outlast it, and a later STOP stays one.
    moments = (at, subscription.opted_in_at, subscription.opted_out_at)
    subscription.opted_out_at = max(filter(None, moments))
    subscription.opt_out_note = note
    runtime.record("subscription.stop", subscription, note=note, since=at.isoformat())


def _past(runtime: Runtime, at: datetime | None) -> datetime:
    """Return a moment that has been; the minute under way is now."""
    now = runtime.now()
    if at is None or now - MINUTE < at <= now:
        return now
    if at > now:
        fault = _("This is still to come. Write when it was.")
        raise Invalid(fault, fields={"day": fault})
    return at


def _settle_doubt(subscription: Subscription) -> None:
    """Forget a doubt that a later agreement answers."""
    if subscription.doubted_at and not is_in_doubt(subscription):
        subscription.doubted_at = None


@requires(Permission.WRITE)
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


def hear_end(runtime: Runtime, subscription: Subscription, at: datetime, why: str) -> None:
    """End what somebody agreed to, since the network told so; the caller commits.

    `why` is `complained` or `bounced`. A later agreement gives it back, as after a STOP.
    """
    _let_hold(runtime, subscription, at)
    before = subscription.opted_out_at
    if before is None or before < at:
        subscription.opted_out_at = at
        runtime.record("subscription.end", subscription, why=why)


def hear_stop(runtime: Runtime, subscription: Subscription, at: datetime) -> None:
    """Take note that somebody wrote STOP; the caller commits."""
    _let_hold(runtime, subscription, at)
    before = subscription.opted_out_at
    if before is None or before < at:
        subscription.opted_out_at = at
        runtime.record("subscription.hear_stop", subscription)


def hear_doubt(runtime: Runtime, subscription: Subscription, at: datetime, said: str) -> None:
    """Hold somebody whose words look like a refusal, until it is decided; the caller commits."""
    _let_hold(runtime, subscription, at)
    into, before = subscription.opted_in_at, subscription.doubted_at
    answered = into is not None and into > at
    if not answered and (before is None or before < at):
        subscription.doubted_at = at
        runtime.record("subscription.hear_doubt", subscription, said=said)


def _let_hold(runtime: Runtime, subscription: Subscription, at: datetime) -> None:
    """Date an opt-in that is still to come by the refusal that is heard, which then holds.

    It was written before the machine's clock was set back, and would hide every refusal until then.
    """
    into = subscription.opted_in_at
    if into is not None and into > max(at, runtime.now() + CLOCKS_APART):
        subscription.opted_in_at = at


def hear_opt_in(runtime: Runtime, subscription: Subscription, at: datetime, proof: str) -> None:
    """Take note that somebody agreed to messages in their own words; the caller commits."""
    before = subscription.opted_in_at
    if before is None or before < at:
        subscription.opted_in_at, subscription.opt_in_proof = at, proof
        subscription.opt_in_purpose = ""
        _settle_doubt(subscription)
        runtime.record("subscription.hear_opt_in", subscription, proof=proof)


def _get(runtime: Runtime, subscription_id: int) -> Subscription:
    found = runtime.session.get(Subscription, subscription_id)
    if found is None:
        raise NotFound(_("There is no such subscription."))
    return found
