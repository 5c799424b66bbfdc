"""What operators record of people's answers, and what somebody does about themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.audience.consents import ledger, wordings
from webapp.audience.consents.ledger import Said
from webapp.audience.consents.wordings import Wording
from webapp.audience.models import Answer, ConsentSource, Subscription
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What an operator records of an opt-in: where and how, to what, and when; `None` is now.

    `wording` are the words that were agreed to, where they are known as they stood.
    """

    proof: str
    purpose: str
    at: datetime | None = None
    wording: Wording | None = None


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
    tie = _get(runtime, subscription_id)
    at = past(runtime, agreement.at)
    if tie.opted_out_at is not None and at <= tie.opted_out_at:
        fault = _("They wanted no messages after that. Only a later agreement opens it again.")
        raise Invalid(fault, fields={"day": fault})
    said = Said(
        answer=Answer.OPT_IN,
        source=ConsentSource.OPERATOR,
        at=at,
        purpose=purpose,
        wording_id=wordings.number_of(runtime, agreement.wording),
        proof=proof,
    )
    ledger.append(runtime, tie, said)
    given = {"proof": proof, "purpose": purpose, "since": at.isoformat()}
    runtime.record("subscription.opt_in", tie, **given)
    runtime.session.commit()
    return tie


@requires(Permission.WRITE)
def record_stop(
    runtime: Runtime, subscription_id: int, *, at: datetime | None = None, note: str = ""
) -> Subscription:
    """Record that somebody wants no messages, since `at` or now; it holds at once.

    Raise `Invalid` for a date to come, and for one before an opt-in, which would not hold.
    """
    tie, words = _get(runtime, subscription_id), note.strip()
    said = past(runtime, at)
    into = tie.opted_in_at
    if at is not None and into is not None and said < into:
        fault = _("They opted in after that. Leave the date empty for an opt-out that holds now.")
        raise Invalid(fault, fields={"day": fault})
    withhold(runtime, tie, Refusal(at=said, source=ConsentSource.OPERATOR, note=words))
    runtime.session.commit()
    return tie


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """That somebody wants no messages: since when, where they said so, and what shows it."""

    at: datetime
    source: ConsentSource
    note: str = ""
    reference: str = ""


def withhold(runtime: Runtime, tie: Subscription, refusal: Refusal) -> None:
    """Let somebody get no messages from a moment on; the caller commits."""
    said = Said(
        answer=Answer.OPT_OUT,
        source=refusal.source,
        # An opt-in that a clock set back left ahead does not outlast it.
        at=max(filter(None, (refusal.at, tie.opted_in_at))),
        proof=refusal.note,
        reference=refusal.reference,
    )
    ledger.append(runtime, tie, said)
    since = refusal.at.isoformat()
    runtime.record("subscription.stop", tie, note=refusal.note, since=since)


def past(runtime: Runtime, at: datetime | None) -> datetime:
    """Return a moment that has been, where the minute under way is now; raise `Invalid` else."""
    now = runtime.now()
    if at is None or now - MINUTE < at <= now:
        return now
    if at > now:
        fault = _("This is still to come. Write when it was.")
        raise Invalid(fault, fields={"day": fault})
    return at


def _get(runtime: Runtime, subscription_id: int) -> Subscription:
    found = runtime.session.get(Subscription, subscription_id)
    if found is None:
        raise NotFound(_("There is no such subscription."))
    return found
