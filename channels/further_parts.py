"""Parts of networks that can more: they renew sessions, tell events, take media, count, sign in.

The rules of `channels.parts` hold here too: one attempt, a timeout, `ChannelError` and nothing
else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from channels.context import ChannelContext
from channels.events import EventRequest, Received
from channels.media import RemoteMedia
from channels.metrics import PostFigures
from channels.outcomes import Sent
from channels.outgoing import Media, Outgoing
from channels.sessions import MovingWords, Session
from channels.signing_in import Granted, SharedProfile, SignInRequest
from channels.values import Finding


class Sessions(Protocol):
    """Renews the tokens of an account before they end."""

    def expires_at(self, context: ChannelContext) -> datetime | None:
        """Return when the tokens of `context` end; `None` where they do not. Asks no network."""

    def uses_up(self, context: ChannelContext) -> str:
        """Return the token that a refresh uses up; empty where it may be sent again.

        The core never sends one a second time once nobody knows whether it arrived. Asks no
        network.
        """

    def refresh(self, context: ChannelContext) -> Session:
        """Ask for new tokens, by one request, and return them; the core keeps them."""


class Moving(Protocol):
    """Trades the older keys of an account for a session, without the person.

    Trading again is safe at any time, and may end the tokens of the trade before: that is how an
    account gets tokens again whose answer was lost.
    """

    def words(self) -> MovingWords:
        """Return what people call both, and why an account moves."""

    def keys(self) -> Sequence[str]:
        """Return the names of the secrets that are traded; all of them are needed."""

    def trade(self, context: ChannelContext) -> Session:
        """Ask for tokens in the name of the older keys, by one request; the core keeps them."""


class Events(Protocol):
    """Reads what a network tells by itself."""

    def read(self, context: ChannelContext, request: EventRequest) -> Received:
        """Verify the signature of a request and return its events; asks no network.

        Raise a `permanent` error for a request that the network did not sign.
        """


class Uploads(Protocol):
    """Takes pictures and films before a post names them, and what is said of them."""

    def upload(
        self, context: ChannelContext, media: Media, so_far: RemoteMedia | None
    ) -> RemoteMedia:
        """Take the next step of an upload, by one request.

        The first has no `so_far`. What is returned as `unfinished` is kept, and given back for the
        step behind it: the next piece of a film, or the words for who does not see a picture. A
        step whose outcome nobody knows is never taken again: the upload begins anew.
        """

    def state(self, context: ChannelContext, remote_id: str) -> RemoteMedia:
        """Return how far the network is with one that it processes."""


class Metrics(Protocol):
    """Reads what a network counts of posts."""

    def figures(self) -> Mapping[str, str]:
        """Return the figures it may tell, by name, in the words people read."""

    def at_once(self) -> int:
        """Return how many posts one request may ask about."""

    def read(self, context: ChannelContext, remote_ids: Sequence[str]) -> Sequence[PostFigures]:
        """Return the figures of these posts as they are now; one that is gone is left out."""


class SignIn(Protocol):
    """Lets people show who they are, and what they agree to share."""

    def scopes(self) -> Mapping[str, str]:
        """Return what an account is asked to allow when it is connected, each in words."""

    def missing(self, context: ChannelContext) -> str:
        """Return what is missing before anybody can sign in, as a sentence; mostly empty.

        Such is the name of the app, which whoever runs the instance sets. Asks no network.
        """

    def authorise(self, context: ChannelContext, request: SignInRequest) -> str:
        """Return the address where the person is asked; asks no network."""

    def exchange(self, context: ChannelContext, request: SignInRequest, code: str) -> Granted:
        """Turn the code that the person came back with into tokens, by one request."""

    def profile(self, context: ChannelContext, granted: Granted) -> SharedProfile:
        """Return who signed in."""


class Sharing(Protocol):
    """Lets people share something of their profile on pages of the core, beside `sign_in`."""

    def fields(self) -> Mapping[str, Sequence[str]]:
        """Return what the network tells of somebody who signs in, each with its scopes.

        Named as `SharedProfile.shared` has it, such as `name` and `email`; `person` is who it is.
        An `email` is told only where the network confirmed it: it finds the profile of whoever has
        that address.
        A person is asked for no scope but those of what a page asks, so each only reads.
        """

    def check(self, text: str) -> Iterable[Finding]:
        """Yield what the network's rules mind about the words of a page that asks people."""


class Editing(Protocol):
    """Corrects posts that stand already."""

    def until(self, context: ChannelContext, posted_at: datetime) -> datetime | None:
        """Return until when a post may be corrected; `None` is for ever. Asks no network."""

    def edit(self, context: ChannelContext, remote_id: str, outgoing: Outgoing) -> Sent:
        """Replace the content of a post, by one request; return it with the id it has now."""
