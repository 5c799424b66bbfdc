"""By which accounts and addresses a profile can be reached, and why not by the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.audience import consent, own_accounts
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One account that knows a visitor: whether it may write to them, and why, or why not."""

    visitor: Visitor
    subscription: Subscription
    standing: str
    open: bool

    @property
    def service(self) -> Service:
        """The account."""
        return self.subscription.service


@requires(Permission.VIEW)
def of(runtime: Runtime, visitors: Sequence[Visitor]) -> Mapping[int, list[Way]]:
    """Return the ways to some visitors by their ids, the best first; removed accounts are none."""
    rows = (
        select(Subscription)
        .join(Service, Service.id == Subscription.service_id)
        .where(
            Subscription.visitor_id.in_([visitor.id for visitor in visitors]),
            Service.removed_at.is_(None),
        )
        .options(joinedload(Subscription.service))
        .order_by(Subscription.id)
    )
    people = {visitor.id: visitor for visitor in visitors}
    found: dict[int, list[Way]] = {number: [] for number in people}
    for row in runtime.session.scalars(rows):
        found[row.visitor_id].append(_way(runtime, row, people[row.visitor_id]))
    for number, ways in found.items():
        ways.sort(key=lambda way: consent.rank(way.subscription, people[number]))
    return found


def _way(runtime: Runtime, tie: Subscription, visitor: Visitor) -> Way:
    return Way(
        visitor=visitor,
        subscription=tie,
        standing=own_accounts.standing(runtime, tie, visitor),
        open=not own_accounts.reason_not(runtime, tie, visitor) and not tie.service.is_test,
    )
