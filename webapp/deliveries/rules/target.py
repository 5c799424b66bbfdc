"""Rules about who a delivery goes to and from."""

from collections.abc import Iterator

from channels import Finding, Level
from webapp.deliveries.models import Audience
from webapp.deliveries.rules.facts import Facts
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _, plural
from webapp.services import doctor


def connected(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The accounts are there and can send."""
    if not facts.delivery.services:
        yield Finding(
            code="no_account",
            level=Level.ERROR,
            message=_("No account is chosen to send from."),
            step="target",
        )
    for service in facts.delivery.services:
        fault = doctor.why_unfit(service, facts.delivery.kind.operation)
        if fault:
            yield Finding(code="not_connected", level=Level.ERROR, message=fault, step="target")
        else:
            message = _("%(name)s is connected", name=service.shown_name)
            yield Finding(code="connected", level=Level.PASSED, message=message, step="target")


def somebody(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Somebody gets the message."""
    if facts.counts.eligible or not facts.delivery.services:
        return
    message = _("Nobody would get this message. Widen the target.")
    if facts.counts.matched:
        message = _("Everybody who matches the target is left out. See the reasons.")
    yield Finding(code="nobody", level=Level.ERROR, message=message, step="target")


def everyone_accepted(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """An administrator takes responsibility for writing to people who did not ask for it."""
    if not facts.direct:
        return
    if facts.delivery.audience is Audience.CONSENTED:
        message = _("Everybody wrote first or opted in")
        yield Finding(code="consent", level=Level.PASSED, message=message, step="target")
    elif not facts.delivery.everyone_accepted_at:
        message = _unaccepted(facts.delivery.everyone_accepted_by)
        yield Finding(code="everyone", level=Level.ERROR, message=message, step="target")
    else:
        number = facts.counts.eligible
        message = plural(
            "%(num)s person is written to, whether they asked for it or not.",
            "%(num)s people are written to, whether they asked for it or not.",
            number,
        )
        yield Finding(code="everyone", level=Level.WARNING, message=message, step="target")


def _unaccepted(earlier: str) -> str:
    if earlier:
        return _(
            "%(who)s accepted writing to all subscribers, but an edit voided that. An "
            "administrator must accept it again.",
            who=earlier,
        )
    return _(
        "All subscribers are chosen, also those who did not ask for messages. An "
        "administrator must accept that."
    )
