"""Takes in what a network tells at the address of an account; rows first, nothing follows yet."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from channels import Event, EventRequest, InboundMessage, Received
from webapp.deliveries.models import ChannelEvent
from webapp.kernel.db import insert_into
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.services.channel import declared, state
from webapp.services.channel.context import context_of
from webapp.services.models import Service


@requires(Permission.PUBLIC)
def receive(runtime: Runtime, kind: str, token: str, request: EventRequest) -> str:
    """Keep what a genuine request tells; return the text that its network wants to hear.

    Raises `NotFound` for an address that no account has, and the `ChannelError` of a request that
    its network did not sign.
    """
    service = runtime.session.scalar(
        select(Service).where(
            Service.event_token == token, Service.kind == kind, Service.removed_at.is_(None)
        )
    )
    if service is None or not runtime.registry.has(kind):
        raise NotFound(_("No account listens at this address."))
    context = context_of(runtime, service)
    runtime.session.commit()
    told = declared.events(runtime.registry.get(kind), context, request)
    if told is None:
        raise NotFound(_("No account listens at this address."))
    if context.remembered:
        state.write(runtime, service.id, context.remembered)
    _keep(runtime, service, told)
    runtime.session.commit()
    return told.answer


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
        "happened_at": event.at,
        "received_at": now,
        "due_at": now,
        "message_id": event.message_id,
        "lasting": event.lasting,
        "said": notices.of(event.said),
        "details": {
            "person": asdict(event.person) if event.person else None,
            "reply": _plain(event.reply) if event.reply else None,
        },
    }


def _plain(reply: InboundMessage) -> dict[str, Any]:
    return {**asdict(reply), "received_at": reply.received_at.isoformat()}
