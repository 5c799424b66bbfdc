"""Network calls of a service: no transaction open, and what the channel reports is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from channels import ChannelError, Operation
from webapp.kernel.runtime import Runtime
from webapp.services.channel import reachability, state
from webapp.services.channel.context import ServiceContext, context_of
from webapp.services.limits import observed, quota
from webapp.services.models import Service
from webapp.services.terms import Terms


@contextmanager
def calling(
    runtime: Runtime,
    service: Service,
    *,
    since: datetime | None = None,
    reserved: Operation | None = None,
    terms: Terms | None = None,
) -> Iterator[ServiceContext]:
    """Lend a context for network calls: the transaction is committed before they begin.

    What the channel observed and remembered is committed afterwards, also when a call failed.
    With `since` the context's time stands still there. What was `reserved` for the call is given
    back where no request left this machine. Who makes many calls lends the `terms` of the account.
    """
    context = context_of(runtime, service)
    context.since = since
    runtime.session.commit()
    began = runtime.now()
    try:
        yield context
        reachability.note(runtime, service, None)
    except ChannelError as fault:
        reachability.note(runtime, service, fault)
        if reserved and fault.never_sent:
            quota.give_all_back(runtime, service, reserved, began)
        raise
    finally:
        keep(runtime, service, context, terms)


def keep(
    runtime: Runtime, service: Service, context: ServiceContext, terms: Terms | None = None
) -> None:
    """Commit what the channel observed and remembered during its calls."""
    if context.remembered:
        state.write(runtime, service.id, context.remembered)
    among = terms.limits if terms and context.observed else None
    observed.correct(runtime, service, *context.observed, among=among)
    context.observed.clear()
    context.remembered.clear()
    runtime.session.commit()
