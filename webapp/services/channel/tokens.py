"""The calls that make tokens, each with its row in a ledger written before by whoever asks."""

from channels import (
    Channel,
    ChannelContext,
    ChannelError,
    ErrorKind,
    Granted,
    Session,
    SharedProfile,
    SignInRequest,
)
from channels.further_parts import SignIn
from webapp.kernel.text.notices import Notice
from webapp.services.channel import contract_guard


def trade(channel: Channel, context: ChannelContext) -> Session:
    """Trade the older keys of an account for a session."""
    if channel.moving is None:
        raise cannot(channel)
    with contract_guard.guard(context.handle, writes=True):
        return contract_guard.expect(channel.moving.trade(context), Session)


def exchange(
    channel: Channel, context: ChannelContext, request: SignInRequest, code: str
) -> Granted:
    """Turn the code that somebody came back with into tokens."""
    part = _signs_in(channel)
    with contract_guard.guard(context.handle, writes=True):
        return contract_guard.expect(part.exchange(context, request, code), Granted)


def profile(channel: Channel, context: ChannelContext, granted: Granted) -> SharedProfile:
    """Return who signed in."""
    part = _signs_in(channel)
    return contract_guard.ask(context.handle, (SharedProfile,), part.profile, context, granted)


def cannot(channel: Channel) -> ChannelError:
    """Return the error of a channel that makes no such tokens."""
    sentence = Notice("no_sign_in", channel=channel.label)
    return ChannelError(sentence, kind=ErrorKind.SENDER, code="not_connected")


def _signs_in(channel: Channel) -> SignIn:
    if channel.sign_in is None:
        raise cannot(channel)
    return channel.sign_in
