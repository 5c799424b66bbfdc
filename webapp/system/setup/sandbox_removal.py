"""Takes all of a sandbox out of the instance: accounts, people, deliveries and their logs."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from webapp.audience.models import (
    AudienceDay,
    Consent,
    ReceivedMessage,
    Subscription,
    Visitor,
)
from webapp.deliveries.control.disconnecting import disconnect, refuse_sending
from webapp.deliveries.models import Delivery, DeliveryService, Message, Template
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.models import Charge, QuotaWindow, Service

# So many rows go in one transaction, so that nobody waits long for the database.
BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """How much of a sandbox there is to remove."""

    accounts: int
    people: int
    deliveries: int


@requires(Permission.ADMIN)
def contents(runtime: Runtime) -> Contents:
    """Count what `remove` would take away."""
    return Contents(
        accounts=_count(runtime, select(Service.id).where(Service.is_sandbox)),
        people=_count(runtime, select(Visitor.id).where(*_only_there())),
        deliveries=_count(runtime, select(Delivery.id).where(Delivery.listed(), *_rehearsals())),
    )


@requires(Permission.ADMIN)
def remove(runtime: Runtime) -> Contents:
    """Remove the accounts of every sandbox with all that belongs to them alone.

    An account that a delivery or proof of a real account used too is disconnected and keeps its
    row, since that log would be wrong without it. Raises `Conflict` while something goes out from
    a sandbox account, and `NotFound` where there is none. A removal that is cut off is
    finished by the next one.
    """
    found = contents(runtime)
    services = list(runtime.session.scalars(select(Service).where(Service.is_sandbox)))
    if not services:
        raise NotFound(_("No account of a sandbox is connected."))
    for service in services:
        refuse_sending(runtime, service)
    for service in services:
        if service.removed_at is None:
            disconnect(runtime, service.id)
    _empty(runtime)
    for service in services:
        _forget(runtime, service)
    return found


def _empty(runtime: Runtime) -> None:
    """Delete the rows of the sandbox's accounts, batch after batch."""
    there = select(Service.id).where(Service.is_sandbox)
    _in_batches(runtime, Delivery, *_rehearsals(), ~_is_followed())
    _in_batches(runtime, ReceivedMessage, ReceivedMessage.service_id.in_(there))
    _in_batches(runtime, Visitor, *_only_there())
    _in_batches(runtime, Subscription, Subscription.service_id.in_(there))


def _forget(runtime: Runtime, service: Service) -> None:
    """Delete an account that nothing uses any more, with its windows and charges."""
    holders = (f"service:{service.id}", f"cap:{service.id}")
    _run(runtime, delete(QuotaWindow).where(QuotaWindow.holder.in_(holders)))
    _run(runtime, delete(Charge).where(Charge.service_id == service.id))
    _run(runtime, delete(AudienceDay).where(AudienceDay.service_id == service.id))
    _run(runtime, delete(Consent).where(Consent.service_id == service.id))
    own = Template.proof_service_id == service.id
    _run(runtime, update(Template).where(own).values(proof_service_id=None))
    runtime.record("service.remove_sandbox", service, internal_name=service.internal_name)
    if not runtime.session.scalar(select(_is_used(service.id))):
        runtime.session.delete(service)
    runtime.session.commit()


def _rehearsals() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a delivery, or the one it proves, is of sandbox accounts alone."""
    real = select(Service.id).where(Service.is_sandbox.is_(False))
    parent = func.coalesce(Delivery.parent_id, Delivery.id)
    account = DeliveryService.delivery_id.in_([Delivery.id, parent])
    return (
        exists().where(account),
        ~exists().where(account, DeliveryService.service_id.in_(real)),
    )


def _is_followed() -> ColumnElement[bool]:
    """Return the condition that a delivery has proofs or copies for the rest, which go first."""
    later = aliased(Delivery)
    links = (later.parent_id, later.rest_of_id, later.origin_id)
    return exists().where(or_(*(link == Delivery.id for link in links)))


def _only_there() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that somebody is known from sandbox accounts alone."""
    there = select(Service.id).where(Service.is_sandbox)
    mine = Subscription.visitor_id == Visitor.id
    return (
        exists().where(mine, Subscription.service_id.in_(there)),
        ~exists().where(mine, Subscription.service_id.not_in(there)),
    )


def _is_used(service_id: int) -> ColumnElement[bool]:
    return or_(
        exists().where(DeliveryService.service_id == service_id),
        exists().where(Message.service_id == service_id),
        exists().where(Delivery.proof_service_id == service_id),
    )


def _in_batches(runtime: Runtime, model: Any, *conditions: ColumnElement[bool]) -> None:
    while True:
        ids = runtime.session.scalars(select(model.id).where(*conditions).limit(BATCH)).all()
        if not ids:
            return
        _run(runtime, delete(model).where(model.id.in_(ids)))
        runtime.session.commit()


def _run(runtime: Runtime, statement: Delete | Any) -> None:
    runtime.session.execute(statement.execution_options(synchronize_session=False))


def _count(runtime: Runtime, rows: Select[Any]) -> int:
    return runtime.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
