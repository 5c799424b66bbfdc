"""A service as somebody typed it in, on the page or at the command line, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text.lengths import length_fault
from webapp.operators.accounts import time_zones

HIGHEST_CAP = 100_000
HIGHEST_BUDGET = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """What an operator chooses about a service beside its keys."""

    is_test: bool = False
    sync_subscriptions: bool = True
    four_eyes: bool = False
    folder: str = "Services"
    visitor_folder: str = "Visitors"
    daily_cap: int = 250
    monthly_budget: Decimal | None = None
    # By whose clocks the day of the account begins; empty for those of whoever connects it.
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDraft:
    """A service as it was typed in; secrets are by field name."""

    label: str
    internal_name: str
    settings: Mapping[str, object]
    secrets: Mapping[str, str] = field(repr=False)
    options: ServiceOptions = field(default_factory=ServiceOptions)


def refuse_faults(draft: ServiceDraft) -> None:
    """Raise `Invalid` with a sentence for each value that cannot be kept."""
    options = draft.options
    names = {
        "label": draft.label,
        "internal_name": draft.internal_name,
        "folder": options.folder,
        "visitor_folder": options.visitor_folder,
    }
    found = {name: length_fault(value) for name, value in names.items()} | {
        "daily_cap": _cap_fault(options.daily_cap),
        "monthly_budget": _budget_fault(options.monthly_budget),
        "time_zone": time_zones.fault(options.time_zone) if options.time_zone else "",
    }
    faults = {name: sentence for name, sentence in found.items() if sentence}
    if faults:
        said = [f"{name}: {sentence}" for name, sentence in faults.items()]
        raise Invalid("\n".join(said), faults)


def _cap_fault(cap: int) -> str:
    if 1 <= cap <= HIGHEST_CAP:
        return ""
    return _("Write a whole number from 1 to %(most)s.", most=HIGHEST_CAP)


def _budget_fault(budget: Decimal | None) -> str:
    # NaN is no number to compare with, and a database would keep it as no budget at all.
    if budget is None or (budget.is_finite() and 0 <= budget <= HIGHEST_BUDGET):
        return ""
    return _("Write an amount from 0 to %(most)s.", most=HIGHEST_BUDGET)
