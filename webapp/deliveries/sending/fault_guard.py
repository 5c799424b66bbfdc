"""The border round all that a worker does for a delivery: a fault holds it, with its reason."""

from collections.abc import Iterator
from contextlib import contextmanager

from channels import ChannelError
from webapp.deliveries.models import Delivery, Held
from webapp.deliveries.sending import outcomes
from webapp.kernel import faults
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime


@contextmanager
def suspend_on_fault(runtime: Runtime, delivery: Delivery) -> Iterator[None]:
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
        outcomes.suspend(runtime, delivery, faults.why(fault), code_of(fault))
        runtime.session.commit()


def code_of(fault: Exception) -> Held:
    """Tell a fault that was foreseen, mostly of the channel, from a bug."""
    foreseen = isinstance(fault, FanfareError | ChannelError)
    return Held.CHANNEL if foreseen else Held.INTERNAL
