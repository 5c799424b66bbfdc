"""Leases: a delivery is one worker's for a while, and anybody's again when the worker is silent."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime


def lease_end(runtime: Runtime) -> datetime:
    """Return when a lease taken now ends, on the machine's clock."""
    return runtime.clock.system() + timedelta(seconds=runtime.settings.lease_seconds)


def lease_due(runtime: Runtime, due: ColumnElement[bool]) -> list[int]:
    """Lease every free delivery that is `due` and return their ids; the longest due come first."""
    system = runtime.clock.system()
    free = or_(Delivery.leased_until.is_(None), Delivery.leased_until <= system)
    query = select(Delivery.id).where(free, due).order_by(Delivery.resume_at, Delivery.id)
    claimed = []
    for delivery_id in runtime.session.scalars(query).all():
        taken = runtime.session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id, free, due)
            .values(leased_until=lease_end(runtime))
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount:  # type: ignore[attr-defined]  # an UPDATE has a row count
            claimed.append(delivery_id)
    runtime.session.commit()
    return claimed
