"""What a channel tells without asking its network: limits, prices, lengths, pieces, its form.

Each is asked behind the guard, so that a plugin's fault is shown as one. What asks the network is
in `services/client.py`; nothing else of the core takes a part of a channel.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from channels import (
    Channel,
    ChannelContext,
    ChannelHost,
    Content,
    EventRequest,
    Finding,
    Limit,
    Measure,
    MovingWords,
    Piece,
    Price,
    Received,
    SettingsForm,
    SignInRequest,
)
from channels.parts import Directs, Posts, SandboxService
from webapp.kernel.runtime import Runtime
from webapp.services.channel import contract_guard, session_store
from webapp.services.channel.context import SecretsOnDemand, ServiceContext, context_of
from webapp.services.models import Service

# The parts that send something.
Writing = Literal["posts", "directs"]


def limits(runtime: Runtime, service: Service) -> list[Limit]:
    """Return the limits the network sets this account; none when its plugin is gone."""
    channel = _channel(runtime, service.kind)
    if channel is None or channel.limits is None:
        return []
    context = _asking(runtime, service)
    return list(contract_guard.each(context.handle, Limit, channel.limits.limits, context))


def prices(runtime: Runtime, service: Service) -> list[Price]:
    """Return what the network charges this account; nothing when its plugin is gone."""
    channel = _channel(runtime, service.kind)
    if channel is None or channel.limits is None:
        return []
    context = _asking(runtime, service)
    return list(contract_guard.each(context.handle, Price, channel.limits.prices, context))


def variant(channel: Channel, content: Content) -> str:
    """Return which of the network's prices a content has, such as the one for links."""
    if channel.limits is None:
        return ""
    return contract_guard.ask(channel.label, (str,), channel.limits.variant, content)


def measures(channel: Channel, name: Writing, texts: Sequence[str]) -> list[Measure]:
    """Return the length of each text by the network's rule; none where it takes no such thing."""
    part = _writing(channel, name)
    if part is None:
        return []
    return [contract_guard.ask(channel.label, (Measure,), part.measure, text) for text in texts]


def findings(channel: Channel, name: Writing, content: Content) -> Iterator[Finding]:
    """Yield what the network would refuse or mind about a content."""
    part = _writing(channel, name)
    if part is not None:
        yield from contract_guard.each(channel.label, Finding, part.check, content)


def pieces(channel: Channel | None, text: str) -> Sequence[Piece] | None:
    """Cut a text where the network draws links and names; `None` where the channel knows none."""
    if channel is None or channel.texts is None:
        return None
    return list(contract_guard.each(channel.label, Piece, channel.texts.pieces, text))


def events(channel: Channel, context: ServiceContext, request: EventRequest) -> Received | None:
    """Return what a request of the network tells; `None` where the channel hears none."""
    if channel.events is None:
        return None
    return contract_guard.ask(context.handle, (Received,), channel.events.read, context, request)


def figures_at_once(channel: Channel) -> int:
    """Return how many posts one request may ask the figures of; none where none are counted."""
    if channel.metrics is None:
        return 0
    return max(contract_guard.ask(channel.label, (int,), channel.metrics.at_once), 1)


def figure_names(channel: Channel) -> Mapping[str, str]:
    """Return what the figures of posts are called, by name; of what is not told nothing."""
    if channel.metrics is None:
        return {}
    found = contract_guard.ask(channel.label, (Mapping,), channel.metrics.figures)
    return {str(name): str(words) for name, words in found.items()}


def session_until(channel: Channel, context: ServiceContext) -> datetime | None:
    """Return until when the tokens of a session last; nothing where an account has none."""
    if channel.sessions is None or not session_store.names_of(context):
        return None
    kinds = (datetime, type(None))
    return contract_guard.ask(context.handle, kinds, channel.sessions.expires_at, context)


def moving_words(channel: Channel) -> MovingWords | None:
    """Return what people call older keys and a session; nothing where no account is moved."""
    if channel.moving is None:
        return None
    return contract_guard.ask(channel.label, (MovingWords,), channel.moving.words)


def has_older_keys(channel: Channel, context: ChannelContext) -> bool:
    """Tell whether an account has all of the keys that can be traded for a session."""
    if channel.moving is None:
        return False
    names = list(contract_guard.each(context.handle, str, channel.moving.keys))
    return bool(names) and all(context.secret(name) for name in names)


def older_keys(channel: Channel) -> list[str]:
    """Return the names of the keys that can be traded for a session."""
    if channel.moving is None:
        return []
    return list(contract_guard.each(channel.label, str, channel.moving.keys))


def sign_in_lacks(channel: Channel, context: ChannelContext) -> str:
    """Return what is missing before anybody can sign in or be moved; nothing where all is there."""
    if channel.sign_in is None:
        return ""
    return contract_guard.ask(context.handle, (str,), channel.sign_in.missing, context)


def scopes(channel: Channel) -> Mapping[str, str]:
    """Return what an account is asked to allow, each in words; nothing where nobody signs in."""
    if channel.sign_in is None:
        return {}
    return contract_guard.ask(channel.label, (Mapping,), channel.sign_in.scopes)


def sign_in_address(channel: Channel, context: ChannelContext, request: SignInRequest) -> str:
    """Return where somebody is asked to sign in; empty where nobody is."""
    if channel.sign_in is None:
        return ""
    return contract_guard.ask(context.handle, (str,), channel.sign_in.authorise, context, request)


def shared_fields(channel: Channel) -> Mapping[str, Sequence[str]]:
    """Return what the network tells of whoever signs in, with its scopes; nothing where nobody."""
    if channel.sharing is None or channel.sign_in is None:
        return {}
    return contract_guard.ask(channel.label, (Mapping,), channel.sharing.fields)


def page_findings(channel: Channel, text: str) -> list[Finding]:
    """Return what the network's rules mind about the words of a page that asks people."""
    if channel.sharing is None:
        return []
    return list(contract_guard.each(channel.label, Finding, channel.sharing.check, text))


def form(channel: Channel) -> type[SettingsForm]:
    """Return the form that asks for what an account needs."""
    return channel.connection.settings_form()


def app_form(channel: Channel) -> type[SettingsForm] | None:
    """Return the form by which administrators enter options; `None` where they enter none."""
    with contract_guard.guard(channel.label):
        return channel.app_form()


def sandbox_accounts(channel: Channel, config: Mapping[str, str]) -> list[SandboxService]:
    """Return the accounts of the offline twin; none where the channel has none, or it is off."""
    if channel.sandbox is None:
        return []
    return list(contract_guard.each(channel.label, object, channel.sandbox.services, config))


def sandbox_command(channel: Channel, port: int, clock: str) -> Sequence[str]:
    """Return the command that serves the offline twin; nothing where there is none."""
    return tuple(channel.sandbox.command(port, clock)) if channel.sandbox else ()


def blueprint(channel: Channel, host: ChannelHost) -> Any:
    """Return the pages that a channel brings, or nothing."""
    return channel.pages.blueprint(host) if channel.pages else None


def _channel(runtime: Runtime, kind: str) -> Channel | None:
    return runtime.registry.get(kind) if runtime.registry.has(kind) else None


def _asking(runtime: Runtime, service: Service) -> ServiceContext:
    # Figures are shown for a service whose secrets cannot be read any more, too.
    return context_of(runtime, service, SecretsOnDemand(runtime, service.id))


def _writing(channel: Channel, name: Writing) -> Posts | Directs | None:
    return channel.directs if name == "directs" else channel.posts
