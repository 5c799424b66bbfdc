"""Looks after the sessions of accounts between calls: keeps them alive, heals and moves them."""

import logging
from collections.abc import Sequence

from sqlalchemy import select

from channels import ChannelError, ErrorKind
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.services.channel import session_store, sessions
from webapp.services.channel.context import context_of
from webapp.services.connection import doctor, moving
from webapp.services.models import Service, ServiceState

log = logging.getLogger(__name__)


def due(runtime: Runtime) -> Sequence[int]:
    """Return the accounts whose session is to be looked after now."""
    return runtime.session.scalars(
        select(Service.id)
        .where(Service.renew_at <= runtime.now(), Service.removed_at.is_(None))
        .order_by(Service.renew_at, Service.id)
    ).all()


def renew(runtime: Runtime, service_id: int) -> None:
    """Move an account, or renew its session, whether a call needs that now or not."""
    service = runtime.session.get(Service, service_id)
    if service is None or service.removed_at or service_id not in due(runtime):
        return
    # Whoever dies here is followed by another; one that meets a wall does not run into it at once.
    session_store.renew_at(runtime, service, runtime.now() + sessions.AGAIN_AFTER)
    runtime.session.commit()
    if not runtime.registry.has(service.kind):
        return
    try:
        if moving.is_under_way(context_of(runtime, service)):
            moving.go_on(runtime, service)
        else:
            _keep_alive(runtime, service)
    except FanfareError as fault:
        # A key of this instance is missing, which the health of the system says.
        runtime.session.rollback()
        log.warning("The session of %s was not looked after: %s", service_id, fault.message)


def _keep_alive(runtime: Runtime, service: Service) -> None:
    context = context_of(runtime, service)
    if not session_store.names_of(context):
        session_store.renew_at(runtime, service, None)
        runtime.session.commit()
        return
    try:
        sessions.renewed(runtime, service, context, forced=True)
    except ChannelError as fault:
        if fault.kind is ErrorKind.SENDER:
            doctor.needs_fixing(runtime, service, notices.of(fault.message))
        runtime.session.commit()
        return
    if service.state is ServiceState.NEEDS_FIXING:
        # What was wrong may have been the session that is new now.
        doctor.diagnose(runtime, service.id)
