"""Rules about what a text says of the profile of its reader."""

from collections.abc import Iterator

from sqlalchemy import func, literal

from channels import Finding, Level
from webapp.deliveries import profile_fields, whole
from webapp.deliveries.analysis.rules.facts import Facts
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.targeting import target
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.profiles.fields import Label


def profile_filled(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Nobody reads an empty field of their profile, and nobody that of somebody else's."""
    said = list(whole.fillable(facts.delivery))
    wanted = profile_fields.used(said)
    if not wanted or not facts.delivery.kind.has_fields:
        return
    known = profile_fields.known(runtime)
    alone = [name for name in wanted if any(texts.stands_alone(text, name) for text in said)]
    for name in (item for item in alone if item in known):
        if message := _lacking(runtime, facts, name, known[name]):
            yield Finding(
                code="empty_profile_field", level=Level.WARNING, message=message, step="content"
            )


def _lacking(runtime: Runtime, facts: Facts, name: str, label: Label) -> Notice | None:
    """Say how many have nothing in a field; of a large target only the analysis counts them."""
    given = {"field": label.words, "token": f"{{{name}|…}}"}
    if facts.counted_at or facts.delivery.continuous:
        return Notice("finding_profile_alone", **given)
    people = target.matching(facts.delivery, func.count())
    people = people.where(target.reason(facts.delivery) == literal(""))
    number = runtime.session.scalar(people.where(~profile_fields.is_told(label))) or 0
    return Notice("finding_empty_profile_field", num=number, **given) if number else None
