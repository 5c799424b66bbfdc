"""Who wrote a delivery, which matters where an account asks for a second pair of eyes."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from webapp.deliveries.models import Delivery
from webapp.kernel.audit import AuditEntry
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime

EVERYONE = "delivery.accept_everyone"
WRITES = (
    "delivery.create", "delivery.duplicate", "delivery.send_rest", "delivery.edit", EVERYONE,
)  # fmt: skip


def four_eyes(delivery: Delivery) -> bool:
    """Tell whether an account that a delivery goes out from asks for a second pair of eyes."""
    return any(service.four_eyes for service in delivery.services)


def wrote(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether whoever acts wrote a delivery or changed it, whatever they changed.

    Who made one that is older than the audit reaches is known by name.
    """
    actor = runtime.actor
    by_id = AuditEntry.operator_id == actor.operator_id
    mine = by_id if actor.operator_id is not None else AuditEntry.actor == actor.name
    if last_written(runtime, delivery) is None:
        return delivery.created_by == actor.name
    return last_written(runtime, delivery, mine) is not None


def accepted_everyone(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether whoever acts is who last accepted that all subscribers are written to.

    Anybody may take the name of another. What is older than the audit reaches is accepted anew.
    """
    query = select(AuditEntry).where(
        AuditEntry.subject == Delivery.__tablename__,
        AuditEntry.subject_id == delivery.id,
        AuditEntry.action == EVERYONE,
    )
    last = runtime.session.scalar(query.order_by(AuditEntry.id.desc()).limit(1))
    who = runtime.actor
    if last is None or last.operator_id != who.operator_id:
        return False
    return who.operator_id is not None or last.actor == who.name


def last_written(
    runtime: Runtime, delivery: Delivery, by: ColumnElement[bool] | None = None
) -> datetime | None:
    """Return when a delivery was written or changed last, by somebody or by anybody."""
    wanted = select(func.max(AuditEntry.at)).where(
        AuditEntry.subject == Delivery.__tablename__,
        AuditEntry.subject_id == delivery.id,
        AuditEntry.action.in_(WRITES),
    )
    return runtime.session.scalar(wanted if by is None else wanted.where(by))


def refuse_own(runtime: Runtime, delivery: Delivery) -> None:
    """Raise `Conflict` for who would approve what they wrote, where somebody else must."""
    if four_eyes(delivery) and wrote(runtime, delivery):
        sentence = _(
            "You wrote or changed “%(label)s”, so somebody else must approve it.",
            label=delivery.label,
        )
        raise Conflict(sentence)
