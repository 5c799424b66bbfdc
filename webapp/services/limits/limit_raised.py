"""Tells the domains above that an operator raised what a service may use.

They stand above this one and so cannot be called from it: they add to `LIMIT_RAISED`. What they
add is called after the change was committed.
"""

from dataclasses import dataclass
from decimal import Decimal

from webapp.kernel.panels import Place
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

LIMIT_RAISED: Place[[Service], None] = Place("service/limit_raised")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What an operator lets a service use: messages a day, and money a month or any."""

    daily_cap: int
    monthly_budget: Decimal | None

    def exceeds(self, before: "Allowance") -> bool:
        """Tell whether more is allowed in any way than before."""
        had, has = before.monthly_budget, self.monthly_budget
        richer = had is not None and (has is None or has > had)
        return richer or self.daily_cap > before.daily_cap


def allowance(service: Service) -> Allowance:
    """Return what a service may use now."""
    return Allowance(daily_cap=service.daily_cap, monthly_budget=service.monthly_budget)


def tell(runtime: Runtime, service: Service, before: Allowance) -> None:
    """Tell every listener, if more is allowed than before."""
    if allowance(service).exceeds(before):
        LIMIT_RAISED.ask(runtime, service)
