"""The app of a channel that all accounts sign in to, as administrators enter it here.

It is kept encrypted and shown never again; variables of the environment win.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from channels import Channel, ChannelError, ErrorKind
from webapp.kernel import sealed
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.channel import declared, options
from webapp.services.channel.options import Options
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceDraft

# Faults that say that what was entered is wrong; others say that nobody could ask.
WRONG = (ErrorKind.SENDER, ErrorKind.PERMANENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppState:
    """What is known of the app of a channel, without its values."""

    channel: Channel
    # The variables of the environment that set it, which win over what was entered.
    variables: Sequence[str]
    entered: bool
    # Entered, but by a key that this instance has no more.
    unreadable: bool


@requires(Permission.ADMIN)
def every(runtime: Runtime) -> list[AppState]:
    """Return the app of each channel that lets administrators enter one."""
    return [
        _state(runtime, channel)
        for channel in runtime.registry
        if declared.app_form(channel) is not None
    ]


@requires(Permission.ADMIN)
def enter(runtime: Runtime, kind: str, values: Mapping[str, str]) -> str:
    """Keep an app that its network knows; return why the network was not asked, if it was not.

    Raises `ChannelError` where the network does not know it, and `Conflict` where the environment
    sets one; then nothing is kept.
    """
    channel = runtime.registry.get(kind)
    _refuse_environment(runtime, channel)
    unasked = _try_out(runtime, channel, values)
    sealed.put(runtime, options.sealed_name(kind), json.dumps(dict(values)))
    runtime.record("channel_app.enter", channel)
    runtime.session.commit()
    return unasked


@requires(Permission.ADMIN)
def forget(runtime: Runtime, kind: str) -> None:
    """Remove what was entered; accounts that signed in by it are renewed no more."""
    channel = runtime.registry.get(kind)
    if sealed.remove(runtime, options.sealed_name(kind)):
        runtime.record("channel_app.forget", channel)
    runtime.session.commit()


def _state(runtime: Runtime, channel: Channel) -> AppState:
    has = sealed.has(runtime, options.sealed_name(channel.kind))
    return AppState(
        channel=channel,
        variables=options.in_environment(runtime, channel),
        entered=has,
        unreadable=has and not options.entered(runtime, channel.kind),
    )


def _refuse_environment(runtime: Runtime, channel: Channel) -> None:
    variables = options.in_environment(runtime, channel)
    if variables:
        raise Conflict(
            _(
                "The environment sets %(names)s, which counts. Take it out there and start Fanfare "
                "again, then enter the app here.",
                names=", ".join(variables),
            )
        )


def _try_out(runtime: Runtime, channel: Channel, values: Mapping[str, str]) -> str:
    """Ask the network as an account of nobody; return why it could not be asked."""
    settings = declared.form(channel)().settings()
    draft = ServiceDraft(label="", internal_name="", settings=settings, secrets={})
    context = accounts.drafted(runtime, channel.kind, draft, {})
    context.options = Options(runtime, channel.kind, typed=values)
    runtime.session.commit()  # No transaction is open while the network is asked.
    try:
        options.try_out(channel, context)
    except ChannelError as fault:
        if fault.kind in WRONG:
            raise
        return fault.message
    return ""
