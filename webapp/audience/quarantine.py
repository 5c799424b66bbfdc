"""Keeps people out of direct messages to whom an earlier one failed for good."""

from webapp.audience.models import Subscription
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime


def isolate(runtime: Runtime, subscription: Subscription, reason: str) -> None:
    """Keep somebody out of direct messages on this service; the caller commits."""
    subscription.quarantined_at = runtime.now()
    subscription.quarantine_reason = reason
    runtime.record("subscription.quarantine", subscription, reason=reason)


@requires(Permission.WRITE)
def lift(runtime: Runtime, subscription_id: int) -> Subscription:
    """Let messages to somebody be tried again."""
    subscription = runtime.session.get(Subscription, subscription_id)
    if subscription is None:
        raise NotFound(_("There is no such subscription."))
    subscription.quarantined_at = None
    subscription.quarantine_reason = ""
    subscription.soft_failures = 0
    runtime.record("subscription.lift_quarantine", subscription)
    runtime.session.commit()
    return subscription
