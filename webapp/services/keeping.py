"""Keeps what a channel observed and remembered during its calls, also when one of them failed."""

from collections.abc import Mapping

from webapp.kernel.runtime import Runtime
from webapp.services.channel import state
from webapp.services.channel.context import ServiceContext
from webapp.services.limits import observed
from webapp.services.limits.windows import Window, WindowState
from webapp.services.models import Service
from webapp.services.terms import Terms


def keep(
    runtime: Runtime,
    service: Service,
    context: ServiceContext,
    terms: Terms | None = None,
    standing: Mapping[Window, WindowState] | None = None,
) -> None:
    """Commit what the channel observed and remembered during its calls."""
    if context.remembered:
        state.write(runtime, service.id, context.remembered)
    among = terms.limits if terms and context.observed else None
    observed.correct(runtime, service, *context.observed, among=among, standing=standing)
    context.observed.clear()
    context.remembered.clear()
    runtime.session.commit()
