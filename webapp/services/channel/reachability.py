"""Whether the network of an account can be reached from this machine."""

from collections.abc import Sequence

from sqlalchemy import select

from channels import ChannelError
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def note(runtime: Runtime, service: Service, fault: ChannelError | None) -> None:
    """Keep since when the network is out of reach, by how a call ended; the caller commits."""
    if fault is None or not fault.never_sent:
        # Also what stays as it is would begin a transaction.
        if service.unreachable_since is not None:
            service.unreachable_since = None
    elif service.unreachable_since is None:
        service.unreachable_since = runtime.now()


def out_of_reach(runtime: Runtime) -> Sequence[Service]:
    """Return the accounts whose network cannot be reached, the longest first."""
    return runtime.session.scalars(
        select(Service)
        .where(Service.unreachable_since.is_not(None), Service.removed_at.is_(None))
        .order_by(Service.unreachable_since, Service.id)
    ).all()
