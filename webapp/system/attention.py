"""What home shows of what needs the operator: each thing names what to do about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from webapp.deliveries import wanting
from webapp.deliveries.models import Delivery, DeliveryState, Message, MessageState
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service, ServiceState

MOST = 8
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that waits for the operator: its kind names icon, tone and button."""

    kind: str
    label: str
    detail: str
    number: int = 0
    at: datetime | None = None
    place: str = ""
    delivery_id: int | None = None
    service_id: int | None = None


def needs_you(runtime: Runtime) -> list[Need]:
    """Return proofs to approve, services to fix, what is held up, and unknown outcomes."""
    return [
        *_proofs(runtime),
        *_services(runtime),
        *_held_proofs(runtime),
        *_held(runtime),
        *_unknown(runtime),
    ]


def _proofs(runtime: Runtime) -> list[Need]:
    found = wanting.waiting()
    rows = runtime.session.scalars(
        select(Delivery)
        .join(found, found.c.proof == Delivery.id)
        .order_by(Delivery.id.desc())
        .limit(MOST)
    )
    return [
        Need(
            kind="proof",
            label=proof.parent.label if proof.parent else proof.label,
            detail=proof.created_by,
            number=proof.number or 0,
            at=proof.finished_at,
            place=proof.proof_service.internal_name if proof.proof_service else "",
            delivery_id=proof.parent_id,
        )
        for proof in rows
    ]


def _services(runtime: Runtime) -> list[Need]:
    rows = runtime.session.scalars(
        select(Service)
        .where(Service.state == ServiceState.NEEDS_FIXING, Service.removed_at.is_(None))
        .order_by(Service.id)
        .limit(MOST)
    )
    return [
        Need(kind="service", label=row.internal_name, detail=row.fault, service_id=row.id)
        for row in rows
    ]


def _held_proofs(runtime: Runtime) -> list[Need]:
    found = wanting.held()
    rows = runtime.session.scalars(
        select(Delivery).join(found, found.c.proof == Delivery.id).order_by(Delivery.id).limit(MOST)
    )
    return [
        Need(
            kind="held_proof",
            label=row.parent.label if row.parent else row.label,
            detail=row.held_by,
            number=row.number or 0,
            delivery_id=row.id,
        )
        for row in rows
    ]


def _held(runtime: Runtime) -> list[Need]:
    states = (DeliveryState.PAUSED, DeliveryState.REJECTED)
    rows = runtime.session.scalars(
        select(Delivery)
        .where(Delivery.state.in_(states), Delivery.listed())
        .order_by(Delivery.id)
        .limit(MOST)
    )
    return [
        Need(kind=row.state.value, label=row.label, detail=row.held_by, delivery_id=row.id)
        for row in rows
    ]


def _unknown(runtime: Runtime) -> list[Need]:
    return [
        Need(
            kind="unknown",
            label=label,
            detail="",
            number=number,
            at=asks_at,
            delivery_id=delivery_id,
        )
        for delivery_id, label, number, asks_at in runtime.session.execute(_unsettled(runtime))
    ]


def _unsettled(runtime: Runtime) -> Select[int, str, int, datetime | None]:
    """Select what the network is asked about, and for a week what it could not tell."""
    recent = Message.changed_at > runtime.now() - WEEK
    parent = aliased(Delivery)
    return (
        select(Delivery.id, Delivery.label, func.count(Message.id), func.min(Message.due_at))
        .join(Message, Message.delivery_id == Delivery.id)
        .outerjoin(parent, parent.id == Delivery.parent_id)
        .where(
            Message.state == MessageState.UNKNOWN,
            or_(Message.due_at.is_not(None), recent),
            parent.removed_at.is_(None),
        )
        .group_by(Delivery.id, Delivery.label)
        .order_by(Delivery.id)
        .limit(MOST)
    )
