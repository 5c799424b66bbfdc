"""The border round all that a worker does for a delivery: a fault holds it, with its reason."""

from collections.abc import Iterator
from contextlib import contextmanager

from webapp.deliveries.models import Delivery
from webapp.deliveries.sending import outcomes
from webapp.kernel import faults
from webapp.kernel.runtime import Runtime


@contextmanager
def holding(runtime: Runtime, delivery: Delivery) -> Iterator[None]:
    """Hold the delivery when anything fails inside, instead of failing in each lease for ever.

    An outage of the database or broker is raised: it passes, and the lease is taken again then.
    A message whose call was under way keeps its open attempt, and is asked about.
    """
    try:
        yield
    except Exception as fault:
        runtime.session.rollback()
        if faults.is_outage(fault):
            raise
        outcomes.hold(runtime, delivery, faults.why(fault))
        runtime.session.commit()
