"""Who wrote a delivery, which matters where an account asks for a second pair of eyes."""

from sqlalchemy import ColumnElement, Select, func, select

from webapp.deliveries.models import Delivery
from webapp.kernel.audit import AuditEntry
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime

EVERYONE, APPROVES = "delivery.accept_everyone", "delivery.approve"
WRITES = (
    "delivery.create", "delivery.follow_up", "delivery.duplicate", "delivery.send_rest",
    "delivery.edit", EVERYONE,
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
    number = runtime.session.scalar(_last(delivery, EVERYONE))
    last, who = runtime.session.get(AuditEntry, number or 0), runtime.actor
    if last is None or last.operator_id != who.operator_id:
        return False
    return who.operator_id is not None or last.actor == who.name


def last_written(
    runtime: Runtime, delivery: Delivery, by: ColumnElement[bool] | None = None
) -> int | None:
    """Return the place in the audit where a delivery was written or changed last, if it reaches so.

    Places tell what came later also where the clock was set back in between.
    """
    wanted = _last(delivery, *WRITES)
    return runtime.session.scalar(wanted if by is None else wanted.where(by))


def approved(runtime: Runtime, proof: Delivery) -> int | None:
    """Return the place in the audit where a proof was approved, if it reaches so."""
    return runtime.session.scalar(_last(proof, APPROVES))


def _last(delivery: Delivery, *actions: str) -> Select[int]:
    return select(func.max(AuditEntry.id)).where(
        AuditEntry.subject == Delivery.__tablename__,
        AuditEntry.subject_id == delivery.id,
        AuditEntry.action.in_(actions),
    )


def refuse_own(runtime: Runtime, delivery: Delivery) -> None:
    """Raise `Conflict` for who would approve what they wrote, where somebody else must."""
    if four_eyes(delivery) and wrote(runtime, delivery):
        sentence = _(
            "You wrote or changed “%(label)s”, so somebody else must approve it.",
            label=delivery.label,
        )
        raise Conflict(sentence)
