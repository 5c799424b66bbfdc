"""Leases: a delivery is one worker's for a while, and anybody's again when the worker is silent."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from webapp.deliveries.models import MOVING, Delivery
from webapp.kernel import winding
from webapp.kernel.lapse import lapsed
from webapp.kernel.runtime import Runtime


def lease_end(runtime: Runtime) -> datetime:
    """Return when a lease taken now ends, on the machine's clock."""
    return runtime.clock.system() + length(runtime)


def length(runtime: Runtime) -> timedelta:
    """Return how long a lease lasts that nobody renews."""
    return timedelta(seconds=runtime.settings.lease_seconds)


def lease_due(runtime: Runtime, due: ColumnElement[bool]) -> list[int]:
    """Lease every free delivery that is `due` and return their ids; the longest due come first."""
    over = lapsed(Delivery.leased_until, runtime.clock.system(), length(runtime))
    free = or_(Delivery.leased_until.is_(None), over)
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


class Lease:
    """The lease of a delivery as one worker knows it; once it is another's it is left alone.

    When it ends is the proof: whoever takes or renews a lease writes an end of their own.
    """

    def __init__(self, runtime: Runtime, delivery: Delivery) -> None:
        """Take on the lease that was taken when the worker was asked."""
        self._runtime = runtime
        self._delivery_id = delivery.id
        self._until = delivery.leased_until

    def renew(self) -> bool:
        """Keep it while messages go out; false when it is another's, or the delivery was held."""
        return self._kept(Delivery.state.in_(MOVING))

    def keep(self) -> bool:
        """Keep it while the network is asked, which also happens once the delivery was held."""
        return self._kept()

    def _kept(self, *conditions: ColumnElement[bool]) -> bool:
        """Tell whether this worker goes on; one that was asked to end hands the delivery back."""
        if winding.asked():
            return False
        until = lease_end(self._runtime)
        kept = self._runtime.session.execute(
            update(Delivery)
            .where(
                Delivery.id == self._delivery_id,
                Delivery.leased_until == self._until,
                *conditions,
            )
            .values(leased_until=until)
            .execution_options(synchronize_session=False)
        )
        self._runtime.session.commit()
        if not kept.rowcount:  # type: ignore[attr-defined]  # an UPDATE has a row count
            return False
        self._until = until
        return True

    def let_go(self, delivery: Delivery) -> None:
        """Free a delivery that was just read and locked; the caller commits."""
        if delivery.leased_until == self._until:
            delivery.leased_until = None
