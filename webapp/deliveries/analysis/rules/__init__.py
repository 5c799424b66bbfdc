"""The control rules of the analysis; each has a code, a level, a sentence and a step to go to."""

from collections.abc import Callable, Iterable, Sequence

from channels import Finding, Level
from webapp.deliveries.analysis.rules import content, experiment, plan, profiles, repeats, target
from webapp.deliveries.analysis.rules.facts import Facts, gather
from webapp.kernel.runtime import Runtime

__all__ = ["RULES", "Facts", "findings", "gather"]

Rule = Callable[[Runtime, Facts], Iterable[Finding]]

RULES: Sequence[Rule] = (
    target.connected,
    target.somebody,
    target.everyone_accepted,
    content.not_empty,
    content.fields_known,
    content.fields_filled,
    profiles.profile_filled,
    content.no_markup,
    content.length,
    content.subject,
    content.taken,
    content.media_kept,
    content.alt_texts,
    content.opt_out_line,
    content.reader_links,
    content.link_shape,
    repeats.no_duplicate,
    repeats.not_again,
    content.not_alike,
    content.network_rules,
    experiment.can_be_judged,
    experiment.same_form,
    plan.proof,
    plan.thread_fits,
    plan.ends_in_time,
    plan.within_budget,
    plan.not_past,
    plan.plugin_rules,
)


def findings(runtime: Runtime, facts: Facts) -> list[Finding]:
    """Ask every rule; the gravest findings come first."""
    found = [item for rule in RULES for item in rule(runtime, facts)]
    order = {Level.ERROR: 0, Level.WARNING: 1, Level.PASSED: 2}
    return sorted(found, key=lambda item: order[item.level])
