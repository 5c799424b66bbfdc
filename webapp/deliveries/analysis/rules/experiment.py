"""Rules about an experiment: what is to count can be counted in each of its texts."""

from collections.abc import Iterator

from channels import Finding, Level
from webapp.deliveries import links
from webapp.deliveries.analysis.rules.facts import Facts
from webapp.deliveries.drafts.content import render
from webapp.deliveries.models import DeliveryVariant, Metric
from webapp.deliveries.places import FINDINGS
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice

BY_LINKS = frozenset({Metric.CLICKED, Metric.CONVERTED})
LETTERS = "ABCD"


def same_form(_runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Texts have HTML all or none, also when one got it after the experiment was planned.

    All show the same pictures: else nobody could tell what did it, and a text would go out bare.
    """
    if facts.delivery.plan is None:
        return
    arms = [*zip(LETTERS, facts.delivery.variants, strict=False)]
    without = [letter for letter, row in arms if not any(part.html for part in row.parts)]
    other = [letter for letter, row in arms if _shown(row) != _shown(arms[0][1])]
    if other:
        message = Notice("finding_arm_without_media", letters=", ".join(other))
        yield Finding(code="arm_without_media", level=Level.ERROR, message=message, step="content")
    if 0 < len(without) < len(facts.delivery.variants):
        message = Notice("finding_arm_without_html", letters=", ".join(without))
        yield Finding(code="arm_without_html", level=Level.ERROR, message=message, step="content")


def _shown(variant: DeliveryVariant) -> list[str]:
    return [item.sha256 for part in variant.parts for item in part.media]


def can_be_judged(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Each text has a link whose clicks are counted, where clicks are what counts."""
    plan = facts.delivery.plan
    if plan is None:
        return
    held = dict(facts.counts.excluded).get("held_out", 0)
    yield from FINDINGS.ask(runtime, facts.delivery, facts.counts.eligible + held)
    if plan.metric in BY_LINKS and (letters := _without(runtime, facts)):
        message = Notice("finding_arm_without_link", letters=", ".join(letters))
        yield Finding(code="arm_without_link", level=Level.ERROR, message=message, step="content")
    else:
        message = Notice("finding_experiment")
        yield Finding(code="experiment", level=Level.PASSED, message=message, step="content")


def _without(runtime: Runtime, facts: Facts) -> list[str]:
    """Return the letters of the texts that have no such link."""
    short = {item.name for item in links.choices(runtime, facts.delivery) if item.short}
    arms = zip(LETTERS, facts.delivery.variants, strict=False)
    return [letter for letter, row in arms if short.isdisjoint(_names(runtime, facts, row))]


def _names(runtime: Runtime, facts: Facts, variant: DeliveryVariant) -> set[str]:
    delivery = facts.delivery
    texts = (render(part.text, links.SOMEBODY, delivery.language) for part in variant.parts)
    return {link.name for text in texts for link in links.links_of(runtime, delivery.channel, text)}
