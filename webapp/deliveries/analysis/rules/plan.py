"""Rules about proof, time and money."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from channels import Content, DeliveryDraft, Finding, Level
from webapp.deliveries import proofs, variants
from webapp.deliveries.analysis.rules.facts import Facts
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import money
from webapp.kernel.text.notices import NOTHING, Notice, Paid
from webapp.services import costs
from webapp.services.models import Service

LATE = timedelta(minutes=1)
# What begins later was mistyped more likely than meant.
FURTHEST = timedelta(days=366)


def proof(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """This very text was proved, and somebody approved the proof."""
    state = proofs.standing(runtime, facts.delivery)
    messages = {
        "none": (Level.WARNING, "no_proof", Notice("finding_no_proof")),
        "void": (Level.WARNING, "no_proof", Notice("finding_old_proof")),
        "to_approve": (Level.WARNING, "not_approved", Notice("finding_not_approved")),
        "approved": (Level.PASSED, "proof", Notice("finding_proof")),
    }
    level, code, message = messages[state]
    yield Finding(code=code, level=level, message=message, step="proof")


def thread_fits(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Every limit has room for all parts of a thread at once, or it could never begin."""
    parts = variants.most_parts(facts.delivery)
    lines = facts.forecast.limits if facts.forecast and parts > 1 else ()
    # A wave counts messages.
    tight = [line for line in lines if line.allows < parts and line.label.code == "limit"]
    if tight:
        message = Notice("finding_thread", parts=parts, allows=min(line.allows for line in tight))
        yield Finding(code="thread_too_long", level=Level.ERROR, message=message, step="content")


def ends_in_time(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The last message goes out before the validity ends."""
    plan = facts.forecast
    if plan is None or not facts.counts.eligible:
        return
    expires = plan.starts_at + timedelta(seconds=facts.delivery.valid_for)
    if plan.latest > expires:
        message = Notice("finding_too_slow", ends=plan.latest, expires=expires)
        yield Finding(code="too_slow", level=Level.WARNING, message=message, step="schedule")
    else:
        message = Notice("finding_in_time")
        yield Finding(code="in_time", level=Level.PASSED, message=message, step="schedule")


def within_budget(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The month's budget of each account covers what the delivery costs it."""
    if not facts.to_come:
        return
    for service in facts.delivery.services:
        left = costs.budget_left(runtime, service)
        parts = (facts.charges.get(service.id), facts.listening.get(service.id))
        cost = sum((part for part in parts if part is not None), costs.NOTHING)
        if left is None or parts == (None, None):
            continue
        if cost > left:
            message = _too_dear(service, cost, left)
            yield Finding(code="over_budget", level=Level.WARNING, message=message, step="schedule")
        else:
            message = Notice("finding_budget", name=service.shown_name)
            yield Finding(code="budget", level=Level.PASSED, message=message, step="schedule")


def _too_dear(service: Service, cost: Decimal, left: Decimal) -> Notice:
    """Say what a delivery costs beside what is left, or how far the budget is passed already."""
    # As on every page, unless both read alike by that.
    code = "finding_far_over_budget" if left < 0 else "finding_over_budget"
    amounts: dict[str, Any] = {
        "cost": Paid(cost, service.kind),
        "left": Paid(abs(left), service.kind),
    }
    if money(cost) == money(left):
        amounts = {key: Notice("price", paid=paid) for key, paid in amounts.items()}
    return Notice(code, name=service.shown_name, **amounts)


def not_past(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The time to begin is not over, and not years away."""
    message = time_over(runtime, facts.delivery)
    if message and facts.to_come:
        yield Finding(code="past", level=Level.ERROR, message=message, step="schedule")


def time_over(runtime: Runtime, delivery: Delivery) -> Notice:
    """Return what is wrong when the time to begin is over or years away; else nothing."""
    at = delivery.scheduled_at
    if at is not None and too_far(runtime, at):
        return Notice("finding_too_far", at=at)
    if at is None or at >= runtime.now() - LATE:
        return NOTHING
    return Notice("finding_past", at=at)


def too_far(runtime: Runtime, at: datetime) -> bool:
    """Tell whether a moment is further away than anything is planned."""
    return at > runtime.now() + FURTHEST


def plugin_rules(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Ask the rules that plugins bring about each variant; what holds for several is said once."""
    found: Iterable[Finding] = (
        item
        for content in facts.contents
        for item in runtime.registry.findings(_draft(facts, content))
    )
    yield from {(item.code, item.level, str(item.message)): item for item in found}.values()


def _draft(facts: Facts, content: Content) -> DeliveryDraft:
    return DeliveryDraft(
        delivery_id=facts.delivery.id,
        kind=facts.delivery.kind.name,
        channel=facts.delivery.channel,
        label=facts.delivery.label,
        content=content,
        eligible=facts.counts.eligible,
    )
