"""What home shows of what moves: what goes out now, and what comes next."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.costs import planned
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.deliveries.queries.activity import Activity, activity_of
from webapp.deliveries.queries.progress import Progress, channel_of, progress
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.workflows.models import Workflow, WorkflowState

MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOut:
    """A delivery that is being sent, how far it is, and what its analysis foretold."""

    delivery: Delivery
    channel: str
    activity: Activity | None
    progress: Progress

    @property
    def binds(self) -> str:
        """The limit that sets the pace, in words; empty when none does."""
        lines = stored_findings.limits(self.delivery.analysis.get("forecast") or {})
        return next((str(line["label"]) for line in lines if line["binds"]), "")

    @property
    def whole_cost(self) -> Decimal | None:
        """What all its messages will have cost; `None` where no price is known."""
        return planned.cost(self.delivery)

    @property
    def listens(self) -> Decimal | None:
        """The least that listening for STOP costs beside; `None` where nothing is charged."""
        return planned.listens(self.delivery)


@requires(Permission.VIEW)
def going_out(runtime: Runtime) -> list[GoingOut]:
    """Return the deliveries that are being sent now, the longest under way first."""
    states = (DeliveryState.SENDING, DeliveryState.RETRYING)
    query = select(Delivery).where(Delivery.state.in_(states), Delivery.parent_id.is_(None))
    rows = runtime.session.scalars(query.order_by(Delivery.started_at, Delivery.id).limit(MOST))
    return [
        GoingOut(
            delivery=row,
            channel=channel_of(runtime, row),
            activity=activity_of(row, runtime.now()),
            progress=progress(runtime, row),
        )
        for row in rows.all()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A delivery or a workflow that comes next."""

    at: datetime
    delivery: Delivery | None = None
    workflow: Workflow | None = None


@requires(Permission.VIEW)
def coming(runtime: Runtime) -> list[Coming]:
    """Return what comes next, deliveries and workflows in one order."""
    deliveries = runtime.session.scalars(
        select(Delivery)
        .where(Delivery.state == DeliveryState.SCHEDULED, Delivery.scheduled_at.is_not(None))
        .order_by(Delivery.scheduled_at)
        .options(selectinload(Delivery.services))
        .limit(MOST)
    )
    workflows = runtime.session.scalars(
        select(Workflow)
        .where(Workflow.state == WorkflowState.STARTED, Workflow.next_run_at.is_not(None))
        .order_by(Workflow.next_run_at)
        .limit(MOST)
    )
    both = [Coming(at=row.scheduled_at, delivery=row) for row in deliveries if row.scheduled_at]
    both += [Coming(at=row.next_run_at, workflow=row) for row in workflows if row.next_run_at]
    return sorted(both, key=lambda item: item.at)[:MOST]
