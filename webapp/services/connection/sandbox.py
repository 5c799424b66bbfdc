"""Connects the accounts of a channel's sandbox, so that Fanfare can be tried without keys."""

from collections.abc import Mapping

from channels import Channel, ChannelError
from channels.parts import SandboxService
from webapp.kernel.config.command_name import RUN
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.channel import declared
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceDraft, ServiceOptions
from webapp.services.models import Service


def available(runtime: Runtime, channel: Channel) -> bool:
    """Tell whether a sandbox of this channel runs beside this instance."""
    return bool(_offered(runtime, channel))


@requires(Permission.ADMIN)
def connect_sandbox(runtime: Runtime, kind: str) -> list[Service]:
    """Connect every account the sandbox offers; one that is connected stays as it is."""
    channel = runtime.registry.get(kind)
    offered = _offered(runtime, channel)
    if not offered:
        raise Conflict(_none_runs(channel))
    known = {
        service.internal_name.lower(): service
        for service in accounts.every(runtime)
        if service.kind == kind and service.is_sandbox
    }
    return [
        known.get(item.handle.lower())
        or accounts.connect(runtime, kind, _draft(item), in_sandbox=True)
        for item in offered
    ]


def settings_of(runtime: Runtime, channel: Channel, handle: str) -> Mapping[str, object]:
    """Return the settings of an account of the sandbox; raise `Conflict` where none runs."""
    offered = _offered(runtime, channel)
    if not offered:
        raise Conflict(_none_runs(channel))
    named = [item for item in offered if item.handle.lower() == handle.lower()]
    return dict((named or offered)[0].settings)


def _none_runs(channel: Channel) -> str:
    return _(
        "No sandbox of %(channel)s runs here. Start Fanfare with %(run)s.",
        channel=channel.label,
        run=RUN,
    )


def _offered(runtime: Runtime, channel: Channel) -> list[SandboxService]:
    """Return what the sandbox offers; one that fails shows as its plugin's fault."""
    try:
        return declared.sandbox_accounts(channel, runtime.registry.config(channel.kind))
    except ChannelError as fault:
        runtime.registry.record_failure(channel.kind, fault.message)
        return []


def _draft(item: SandboxService) -> ServiceDraft:
    return ServiceDraft(
        label=item.label,
        internal_name=item.handle,
        settings=item.settings,
        secrets=item.secrets,
        options=ServiceOptions(is_test=item.is_test),
    )
