"""Rules about who a delivery goes to and from."""

from collections.abc import Iterator

from channels import Finding, Level
from webapp.deliveries.analysis.rules.facts import Facts
from webapp.deliveries.models import Audience
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.services.connection import doctor


def connected(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The accounts are there and can send."""
    if not facts.delivery.services:
        yield Finding(
            code="no_account",
            level=Level.ERROR,
            message=Notice("finding_no_account"),
            step="target",
        )
    for service in facts.delivery.services:
        fault = doctor.why_unfit(service, facts.delivery.kind.operation)
        if fault:
            yield Finding(code="not_connected", level=Level.ERROR, message=fault, step="target")
        else:
            message = Notice("finding_connected", name=service.shown_name)
            yield Finding(code="connected", level=Level.PASSED, message=message, step="target")


def somebody(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Somebody gets the message."""
    if facts.delivery.continuous:
        message = Notice("finding_follow_up")
        yield Finding(code="follow_up", level=Level.PASSED, message=message, step="target")
        return
    if facts.counts.eligible or not facts.delivery.services:
        return
    message = Notice("finding_nobody")
    if facts.counts.matched:
        message = Notice("finding_all_left_out")
    yield Finding(code="nobody", level=Level.ERROR, message=message, step="target")


def everyone_accepted(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """An administrator takes responsibility for writing to people who did not ask for it."""
    if not facts.direct:
        return
    if facts.delivery.audience is Audience.CONSENTED:
        message = Notice("finding_consent")
        yield Finding(code="consent", level=Level.PASSED, message=message, step="target")
    elif not facts.delivery.everyone_accepted_at:
        message = _unaccepted(facts.delivery.everyone_accepted_by)
        yield Finding(code="everyone", level=Level.ERROR, message=message, step="target")
    else:
        message = Notice("finding_everyone", num=facts.counts.eligible)
        yield Finding(code="everyone", level=Level.WARNING, message=message, step="target")


def _unaccepted(earlier: str) -> Notice:
    if earlier:
        return Notice("finding_accept_again", who=earlier)
    return Notice("finding_accept_everyone")
