"""Takes in what a network tells at the address of an account; rows first, nothing follows yet."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from channels import ChannelError, ErrorKind, Event, EventRequest, InboundMessage, Received
from webapp.deliveries.models import ChannelEvent
from webapp.kernel.db import insert_into
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import UnreadableSecret
from webapp.kernel.text import notices
from webapp.kernel.text.cleaning import clean
from webapp.kernel.text.notices import Notice
from webapp.services.channel import declared, state
from webapp.services.channel.context import ServiceContext, context_of
from webapp.services.models import Service

# Clocks of networks may be ahead by so much.
CLOCKS_APART = timedelta(minutes=5)


@requires(Permission.PUBLIC)
def receive(runtime: Runtime, kind: str, token: str, request: EventRequest) -> str:
    """Keep what a genuine request tells; return the text that its network wants to hear.

    Raises `NotFound` for an address that no account has, the `ChannelError` of a request that its
    network did not sign, and one of another kind for what cannot be read just now.
    """
    service = runtime.session.scalar(
        select(Service).where(
            # Anybody may ask for any address, also for one that no database can look for.
            Service.event_token == clean(token),
            Service.kind == clean(kind),
            Service.removed_at.is_(None),
        )
    )
    if service is None:
        raise NotFound(_("No account listens at this address."))
    context = _context(runtime, service)
    runtime.session.commit()
    told = declared.events(runtime.registry.get(kind), context, request)
    if told is None:
        raise NotFound(_("No account listens at this address."))
    if context.remembered:
        state.write(runtime, service.id, context.remembered)
    _keep(runtime, service, told)
    runtime.session.commit()
    return told.answer


def _context(runtime: Runtime, service: Service) -> ServiceContext:
    """Return what a channel verifies a request with.

    Where its plugin or a key is missing for a while, the network must tell it again.
    """
    if not runtime.registry.has(service.kind):
        raise ChannelError(Notice("no_channel", kind=service.kind), kind=ErrorKind.SENDER)
    try:
        return context_of(runtime, service)
    except UnreadableSecret as cause:
        raise ChannelError(cause.message, kind=ErrorKind.SENDER) from cause


def _keep(runtime: Runtime, service: Service, told: Received) -> None:
    """Write a row for each event that is new."""
    for event in told.events:
        row = insert_into(runtime.session, ChannelEvent).values(**_columns(runtime, service, event))
        runtime.session.execute(row.on_conflict_do_nothing())


def _columns(runtime: Runtime, service: Service, event: Event) -> dict[str, Any]:
    now = runtime.now()
    return {
        "service_id": service.id,
        "event_id": event.event_id,
        "kind": event.kind,
        # What is yet to come would be the latest word until then, whatever else is told.
        "happened_at": event.at if event.at <= now + CLOCKS_APART else now,
        "received_at": now,
        "due_at": now,
        "message_id": event.message_id,
        "lasting": event.lasting,
        "said": notices.of(event.said),
        "details": {
            "person": _storable(asdict(event.person)) if event.person else None,
            "reply": _storable(_plain(event.reply)) if event.reply else None,
        },
    }


def _storable(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as every database keeps them, whatever people called themselves and wrote."""

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return _storable(value)
        return clean(value) if isinstance(value, str) else value

    return {name: kept(value) for name, value in values.items()}


def _plain(reply: InboundMessage) -> dict[str, Any]:
    return {**asdict(reply), "received_at": reply.received_at.isoformat()}
