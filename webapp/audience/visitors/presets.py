"""The views of the list of visitors: questions that are asked so often that each has a name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from webapp.audience.filters import Condition, pinned
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import day_of

WEEK = timedelta(days=7)
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A view by its label, and the conditions it stands for."""

    label: str
    conditions: list[Condition] = field(default_factory=list)


@requires(Permission.VIEW)
def presets(runtime: Runtime) -> Mapping[str, Preset]:
    """Return the views by name, in the order of their tabs."""
    since = day_of(runtime.now() - WEEK, runtime.zone).isoformat()
    week: Condition = {"field": "first_seen", "op": "since", "value": since}
    new = pinned([week], runtime.zone)
    return {
        ALL: Preset(label=_("All")),
        "subscribers": Preset(label=_("Subscribers"), conditions=_yes("follows")),
        "messaged": Preset(label=_("May be messaged"), conditions=_yes("may_be_messaged")),
        "wrote": Preset(label=_("Wrote first"), conditions=_yes("wrote_first")),
        "new": Preset(label=_("New this week"), conditions=new),
        "lost": Preset(label=_("Lost"), conditions=_yes("stopped_following")),
        "quarantine": Preset(label=_("Quarantine"), conditions=_yes("quarantine")),
    }


@requires(Permission.VIEW)
def conditions(runtime: Runtime, name: str) -> list[Condition]:
    """Return what a view asks for; one that is not known asks for nothing."""
    found = presets(runtime).get(name)
    return found.conditions if found else []


def _yes(name: str) -> list[Condition]:
    return [{"field": name, "op": "is", "value": "yes"}]
