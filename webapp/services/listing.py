"""The services as lists show them: state, quota of today, budget of the month."""

from dataclasses import dataclass
from decimal import Decimal

from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.connection import accounts
from webapp.services.limits import quota
from webapp.services.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One service with what matters of it today; `channel` is empty when its plugin is gone."""

    service: Service
    channel: str
    sent_today: int
    spent: Decimal

    @property
    def followers(self) -> int | None:
        """The live account's follower count, when it was last read."""
        count = self.service.account.get("followers")
        return int(count) if count is not None else None


@requires(Permission.VIEW)
def summaries(runtime: Runtime) -> list[Summary]:
    """Return every connected service."""
    return [summary(runtime, service) for service in accounts.every(runtime)]


def summary(runtime: Runtime, service: Service) -> Summary:
    """Return one service as a list shows it; its plugin may be missing."""
    known = runtime.registry.has(service.kind)
    return Summary(
        service=service,
        channel=runtime.registry.get(service.kind).label if known else "",
        sent_today=quota.used_of_cap(runtime, service),
        spent=costs.spent_this_month(runtime, service),
    )
