"""What home shows of what needs the operator: each thing names what to do about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from webapp.audience import doubts
from webapp.deliveries import counts, reasons
from webapp.deliveries.models import Delivery, DeliveryState, Message, MessageState
from webapp.deliveries.queries import listing
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service, ServiceState
from webapp.workflows import asking
from webapp.workflows.models import Run, RunState

MOST = 8
HELD = (DeliveryState.PAUSED, DeliveryState.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that waits for the operator: its kind names icon, tone and button.

    `delivery_id` is where the button leads, to a delivery or to a proof of one. `settles` tells
    that an operator may take it as dealt with.
    """

    kind: str
    label: str
    detail: str
    number: int = 0
    at: datetime | None = None
    place: str = ""
    delivery_id: int | None = None
    service_id: int | None = None
    visitor_id: int | None = None
    workflow_id: int | None = None
    settles: bool = False


@requires(Permission.VIEW)
def needs_you(runtime: Runtime) -> list[Need]:
    """Return the deliveries that need somebody, one line each: what failed comes first."""
    return [_need(runtime, line) for line in listing.needing(runtime, MOST)]


def _need(runtime: Runtime, line: listing.Line) -> Need:
    delivery, figures = line.delivery, line.figures.counts
    if line.to_settle:
        return _faulty(runtime, line)
    if figures["unknown"]:
        return Need(
            kind="unknown",
            label=delivery.label,
            detail="",
            number=figures["unknown"],
            at=_asks_at(runtime, delivery.id),
            delivery_id=delivery.id,
        )
    if delivery.state in HELD:
        return Need(
            kind=delivery.state.value,
            label=delivery.label,
            detail=delivery.wait_reason,
            delivery_id=delivery.id,
        )
    return _about_a_proof(runtime, line)


def _faulty(runtime: Runtime, line: listing.Line) -> Need:
    """Return what went wrong with a delivery; what failed with its commonest reason."""
    delivery, fault = line.delivery, line.to_settle
    failures = counts.by_reason(runtime, delivery.id, MessageState.FAILED)
    return Need(
        kind=fault,
        label=delivery.label,
        detail=reasons.short(failures[0][0]) if fault == "failed" and failures else "",
        number=line.figures.faults[fault],
        place="" if delivery.kind.to_people else "accounts",
        delivery_id=delivery.id,
        settles=True,
    )


def _about_a_proof(runtime: Runtime, line: listing.Line) -> Need:
    """Return what is with the proof of a draft: to be approved, held up, or of unknown outcome."""
    known = {
        "proof": line.to_approve,
        "held_proof": line.held_proof,
        "unheard_proof": line.unheard_proof,
    }
    kind, number = next((kind, number) for kind, number in known.items() if number)
    proof = runtime.session.scalars(
        select(Delivery).where(Delivery.parent_id == line.delivery.id, Delivery.number == number)
    ).one()
    return Need(
        kind=kind,
        label=line.delivery.label,
        detail=proof.created_by if kind == "proof" else proof.wait_reason,
        number=number or 0,
        at=proof.finished_at if kind == "proof" else _asks_at(runtime, proof.id),
        place=proof.proof_service.shown_name if proof.proof_service else "",
        delivery_id=line.delivery.id if kind == "proof" else proof.id,
    )


def _asks_at(runtime: Runtime, delivery_id: int) -> datetime | None:
    """Return when the network is next asked about an unknown outcome of a delivery."""
    return runtime.session.scalar(
        select(func.min(Message.due_at)).where(
            Message.delivery_id == delivery_id, Message.state == MessageState.UNKNOWN
        )
    )


@requires(Permission.VIEW)
def to_fix(runtime: Runtime) -> list[Need]:
    """Return the accounts that need fixing."""
    rows = runtime.session.scalars(
        select(Service)
        .where(Service.state == ServiceState.NEEDS_FIXING, Service.removed_at.is_(None))
        .order_by(Service.id)
        .limit(MOST)
    )
    return [
        Need(kind="service", label=row.shown_name, detail=row.fault, service_id=row.id)
        for row in rows
    ]


@requires(Permission.VIEW)
def held_runs(runtime: Runtime) -> list[Need]:
    """Return the runs that wait until a budget is raised, or an operator passes it."""
    waiting = select(Run).where(Run.state == RunState.WAITING).order_by(Run.id)
    return [
        Need(
            kind="held_run",
            label=run.workflow.name,
            detail=run.reason,
            at=run.resume_at,
            workflow_id=run.workflow_id,
        )
        for run in runtime.session.scalars(waiting)
        if asking.is_held(run)
    ]


@requires(Permission.VIEW)
def in_doubt(runtime: Runtime) -> list[Need]:
    """Return the people whose words look like a refusal, until somebody decides about them."""
    return [
        Need(
            kind="doubt",
            label=found.subscription.visitor.name or found.subscription.visitor.handle,
            detail=found.note.text,
            at=found.note.received_at,
            place=found.subscription.service.shown_name,
            visitor_id=found.subscription.visitor_id,
        )
        for found in doubts.waiting(runtime, MOST)
    ]
