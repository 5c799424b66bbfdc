"""One delivery at a glance: how far it is, what limits it, what holds it and the way out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import func, select

from webapp.deliveries import variants
from webapp.deliveries.analysis.forecast import gates, waiting_ahead
from webapp.deliveries.analysis.simulation import SimulatedWindow, simulate
from webapp.deliveries.approval import rescheduling, settlement
from webapp.deliveries.approval.settlement import Standing
from webapp.deliveries.costs import planned, pricing
from webapp.deliveries.drafts import copying
from webapp.deliveries.models import ACTIVE, Delivery, DeliveryState
from webapp.deliveries.queries.activity import Activity, Doing, activity_of
from webapp.deliveries.queries.progress import Progress, channel_of, progress
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service, ServiceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The month's budget of an account, and whether it holds the delivery."""

    service: Service
    spent: Decimal
    whole: Decimal
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A delivery with its figures; `channel` is its network's name, its kind without its plugin."""

    delivery: Delivery
    channel: str
    activity: Activity | None
    progress: Progress
    limits: Sequence[SimulatedWindow]
    budgets: Sequence[Budget]
    ahead: int
    proofs: int
    # It missed its time, and waits to be told what to do.
    missed: bool
    # The name of what went wrong, and nobody settled; empty for nothing.
    to_settle: str
    # How many it did not reach, and a copy could: people, or for a post accounts. `left_more`
    # tells that there are more.
    left: int
    left_more: bool
    # Nothing of it was begun, so that it can be edited or moved.
    movable: bool

    @property
    def standing(self) -> Standing:
        """What the delivery is called."""
        return settlement.standing(self.delivery, self.progress, self.to_settle)

    @property
    def live(self) -> bool:
        """Whether it may change without an operator."""
        busy = self.progress.counts["sending"] or self.progress.asks_at
        return self.delivery.state in ACTIVE or bool(busy) or self.progress.written is not None

    @property
    def poll_interval(self) -> int:
        """How many seconds pass before the page looks again: fewer while messages go out."""
        if self.delivery.state is DeliveryState.PAUSED:
            return 10
        rests = self.activity is not None and self.activity.doing is Doing.LISTENING
        waits = self.delivery.state is DeliveryState.SCHEDULED and self.progress.written is None
        return 10 if waits or rests else 2

    @property
    def planned_cost(self) -> Decimal | None:
        """What the analysis expected the whole to cost; of what is continuous there is no whole."""
        if self.delivery.continuous:
            return None
        return planned.cost(self.delivery)

    @property
    def listens(self) -> Decimal | None:
        """What listening for STOP is expected to cost; `None` where nothing is charged."""
        return planned.listens(self.delivery)

    @property
    def listened(self) -> Decimal | None:
        """What listening for STOP did cost, once it is over; `None` where nothing was charged."""
        return planned.listened(self.delivery)

    @property
    def listed_later(self) -> bool:
        """Whether what it sent is charged once more by whatever reads the inbox next."""
        return bool(self.progress.sent) and planned.listed_later(self.delivery)

    @property
    def faulty(self) -> list[Service]:
        """The accounts that must be fixed before anything goes out."""
        rows = self.delivery.services
        return [row for row in rows if row.state is ServiceState.NEEDS_FIXING]

    @property
    def budget_holds(self) -> list[Budget]:
        """The budgets that are used up."""
        return [budget for budget in self.budgets if budget.holds]


@requires(Permission.VIEW)
def overview(runtime: Runtime, delivery: Delivery) -> Overview:
    """Return a delivery at a glance."""
    found, left = progress(runtime, delivery), copying.number_left(runtime, delivery)
    return Overview(
        delivery=delivery,
        channel=channel_of(runtime, delivery),
        activity=activity_of(delivery, runtime.now()),
        progress=found,
        limits=_limits(runtime, delivery, found.to_go),
        budgets=budgets(runtime, delivery),
        ahead=waiting_ahead(runtime, delivery).messages,
        proofs=_proofs(runtime, delivery),
        missed=_missed(runtime, delivery),
        to_settle=settlement.to_settle(runtime, [delivery.id]).get(delivery.id, ""),
        left=min(left, copying.MOST_LEFT),
        left_more=left > copying.MOST_LEFT,
        movable=rescheduling.can_move(runtime, delivery),
    )


def _missed(runtime: Runtime, delivery: Delivery) -> bool:
    at, waits = delivery.scheduled_at, delivery.state is DeliveryState.PAUSED
    return waits and delivery.started_at is None and at is not None and at < runtime.now()


def _limits(runtime: Runtime, delivery: Delivery, left: int) -> list[SimulatedWindow]:
    """Return every limit of every account; the one that alone would take longest binds."""
    count = delivery.kind.share(left)
    found = []
    for service in delivery.services:
        rows = gates(runtime, delivery, service, delivery.kind.operation)
        now = runtime.now()
        alone = [simulate([replace(gate)], count, now) - now for gate in rows]
        longest = max(alone, default=None)
        found += [
            replace(gate, account=service.shown_name, binds=bool(longest) and span == longest)
            for gate, span in zip(rows, alone, strict=True)
        ]
    return sorted(found, key=lambda limit: not limit.binds)


@requires(Permission.VIEW)
def budgets(runtime: Runtime, delivery: Delivery) -> list[Budget]:
    """Return the month's budget of each account that has one."""
    found = []
    said = [variants.parts(runtime, row) for row in delivery.variants]
    for service in delivery.services:
        left = costs.budget_left(runtime, service)
        if left is None or service.monthly_budget is None:
            continue
        price = pricing.dearest(runtime, delivery, service, said)
        found.append(
            Budget(
                service=service,
                spent=service.monthly_budget - left,
                whole=service.monthly_budget,
                holds=price is not None and price > left,
            )
        )
    return found


def _proofs(runtime: Runtime, delivery: Delivery) -> int:
    query = select(func.count(Delivery.id)).where(Delivery.parent_id == delivery.id)
    return runtime.session.scalar(query) or 0
