"""What home shows: what needs the operator, what goes out, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from webapp.deliveries.models import Delivery, DeliveryState, Message, MessageState
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service, ServiceState
from webapp.workflows.models import Workflow, WorkflowState

MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that waits for the operator: its kind names icon, tone and button."""

    kind: str
    label: str
    detail: str
    number: int = 0
    delivery_id: int | None = None
    service_id: int | None = None


def needs_you(runtime: Runtime) -> list[Need]:
    """Return proofs to approve, services to fix, paused deliveries and unknown outcomes."""
    return [
        *_proofs(runtime),
        *_services(runtime),
        *_paused(runtime),
        *_unknown(runtime),
    ]


def _proofs(runtime: Runtime) -> list[Need]:
    rows = runtime.session.scalars(_proof_query().order_by(Delivery.id.desc()).limit(MOST))
    return [
        Need(
            kind="proof",
            label=proof.parent.label if proof.parent else proof.label,
            detail=proof.created_by,
            number=proof.number or 0,
            delivery_id=proof.parent_id,
        )
        for proof in rows
    ]


def _proof_query() -> Select[Delivery]:
    parent = aliased(Delivery)
    return (
        select(Delivery)
        .join(parent, Delivery.parent_id == parent.id)
        .where(
            Delivery.state == DeliveryState.FINISHED,
            Delivery.approved_at.is_(None),
            Delivery.content_hash == parent.content_hash,
            parent.state.in_([DeliveryState.DRAFT, DeliveryState.READY, DeliveryState.REJECTED]),
        )
    )


def _services(runtime: Runtime) -> list[Need]:
    rows = runtime.session.scalars(
        select(Service)
        .where(Service.state == ServiceState.NEEDS_FIXING, Service.removed_at.is_(None))
        .limit(MOST)
    )
    return [
        Need(kind="service", label=row.internal_name, detail=row.fault, service_id=row.id)
        for row in rows
    ]


def _paused(runtime: Runtime) -> list[Need]:
    rows = runtime.session.scalars(
        select(Delivery).where(Delivery.state == DeliveryState.PAUSED).limit(MOST)
    )
    return [
        Need(kind="paused", label=row.label, detail=row.held_by, delivery_id=row.id) for row in rows
    ]


def _unknown(runtime: Runtime) -> list[Need]:
    count = func.count(Message.id)
    rows = runtime.session.execute(
        select(Delivery.id, Delivery.label, count)
        .join(Message, Message.delivery_id == Delivery.id)
        .where(Message.state == MessageState.UNKNOWN)
        .group_by(Delivery.id, Delivery.label)
        .limit(MOST)
    )
    return [
        Need(kind="unknown", label=label, detail="", number=number, delivery_id=delivery_id)
        for delivery_id, label, number in rows
    ]


def going_out(runtime: Runtime) -> Sequence[Delivery]:
    """Return the deliveries that are being sent now."""
    states = (DeliveryState.SENDING, DeliveryState.RETRYING)
    query = select(Delivery).where(Delivery.state.in_(states), Delivery.parent_id.is_(None))
    return runtime.session.scalars(query.order_by(Delivery.started_at).limit(MOST)).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A delivery or a workflow that comes next."""

    at: datetime
    delivery: Delivery | None = None
    workflow: Workflow | None = None


def coming(runtime: Runtime) -> list[Coming]:
    """Return what comes next, deliveries and workflows in one order."""
    deliveries = runtime.session.scalars(
        select(Delivery)
        .where(Delivery.state == DeliveryState.SCHEDULED, Delivery.scheduled_at.is_not(None))
        .order_by(Delivery.scheduled_at)
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
