"""Every call the core makes to a channel's network, by name, as the suite makes it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from channels.channel import Channel
from channels.context import ChannelContext
from channels.operations import Operation
from channels.outcomes import Attempt
from channels.outgoing import Media, Outgoing, Part
from channels.signing_in import Granted, SignInRequest
from channels.values import Person

ANNA = Person(remote_id="2001", handle="anna", name="Anna")
# Nobody of the scripts: an id and a handle that stand in a request only if the channel put them in.
STRANGER = Person(remote_id="71405296831", handle="quinzaine", name="Quentin Zaine")
MOST_PAGES = 50
KEY, OTHER_KEY = "5f1c09e2a4b84d37" * 2, "c0ffee00d15ea5e5" * 2
MADE_AT = datetime(2026, 11, 23, 11, 59, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a part; `make` takes the channel, the context and the text of the suite.

    `again` makes another such call: of another text, or to somebody else. `script` names the
    answers to it where a channel has none under the call's own name.
    """

    name: str
    part: str
    make: Callable[[Any, ChannelContext, str], Any]
    writes: bool = False
    besides: tuple[str, ...] = ()
    again: Callable[[Any, ChannelContext, str], Any] | None = None
    script: str = ""

    def of(self, channel: Channel) -> bool:
        """Tell whether a channel has every part that this call needs."""
        return all(getattr(channel, name) is not None for name in (self.part, *self.besides))


def pages(part: Any, context: ChannelContext) -> tuple[Any, ...]:
    """Return every page of a reading, as the core reads them."""
    return tuple(_pages(part, context))


def _pages(part: Any, context: ChannelContext) -> Iterator[Any]:
    cursor = None
    for _page in range(MOST_PAGES):
        page = part.read(context, cursor)
        yield page
        if page.next_cursor is None:
            return
        assert page.next_cursor != cursor, "The cursor stands still, so the reading never ends."
        cursor = page.next_cursor
    raise AssertionError(f"The reading did not end after {MOST_PAGES} pages.")


def sent_by(channel: Channel) -> Operation:
    """Return what `find_sent` is scripted for: messages where a channel has them, else posts."""
    return Operation.DIRECT if channel.directs else Operation.POST


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search for what became of a call that was made a while ago."""

    operation: Operation
    text: str
    known: frozenset[str] = frozenset()
    ago: timedelta = timedelta(hours=1)
    person: Person = ANNA

    def make(self, channel: Channel, context: ChannelContext) -> Any:
        """Ask the channel."""
        assert channel.reconciliation is not None
        attempt = Attempt(
            operation=self.operation,
            text=self.text,
            started_at=context.now() - self.ago,
            person=self.person if self.operation == Operation.DIRECT else None,
            known_remote_ids=self.known,
        )
        return channel.reconciliation.find_sent(context, attempt)


def _look(channel: Channel, context: ChannelContext, text: str) -> Any:
    return Search(operation=sent_by(channel), text=text).make(channel, context)


def _look_for_post(channel: Channel, context: ChannelContext, text: str) -> Any:
    return Search(operation=Operation.POST, text=text).make(channel, context)


def outgoing(text: str, key: str = KEY, reply_to: str | None = None) -> Outgoing:
    """Return what a call is to send."""
    return Outgoing(key=key, made_at=MADE_AT, parts=(Part(text=text),), reply_to=reply_to)


# Someone who comes back from the network with a code, as the core keeps a sign-in.
SIGN_IN = SignInRequest(
    redirect_uri="https://fanfare.example/sign-in/back",
    state="st4te-of-this-sign-in-91c2",
    challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    scopes=("profile",),
)
CODE = "c0de-of-the-person-5f1c"


class AnyName(dict[str, str]):
    """The token of a sign-in, by whatever name a channel keeps it."""

    def __missing__(self, name: str) -> str:
        """Return the one token."""
        return self["access_token"]


GRANTED = Granted(
    secrets=AnyName(access_token="granted-t0ken-of-the-suite"),  # noqa: S106 - made up
    scopes=frozenset({"profile"}),
)
PICTURE = Media(
    mime="image/png", size=8, alt="A red kite.", open=lambda: BytesIO(b"\x89PNG\r\n\x1a\n")
)
POSTS_ASKED = ("3001", "3002")

READS: Sequence[Call] = (
    Call(name="connect", part="connection", make=lambda it, to, _: it.connection.connect(to)),
    Call(name="audience", part="audience", make=lambda it, to, _: pages(it.audience, to)),
    Call(name="inbox", part="inbox", make=lambda it, to, _: pages(it.inbox, to)),
    Call(
        name="metrics",
        part="metrics",
        make=lambda it, to, _: tuple(it.metrics.read(to, POSTS_ASKED[: it.metrics.at_once()])),
    ),
    Call(name="media_state", part="media", make=lambda it, to, _: it.media.state(to, "5001")),
    Call(name="profile", part="sign_in", make=lambda it, to, _: it.sign_in.profile(to, GRANTED)),
)
_SEND = Call(
    name="send",
    part="directs",
    make=lambda it, to, text: it.directs.send(to, ANNA, outgoing(text)),
    again=lambda it, to, text: it.directs.send(to, STRANGER, outgoing(text, OTHER_KEY)),
    writes=True,
)
CREATES: Sequence[Call] = (
    Call(
        name="publish",
        part="posts",
        make=lambda it, to, text: it.posts.publish(to, outgoing(text)),
        again=lambda it, to, text: it.posts.publish(to, outgoing(f"{text} Again.", OTHER_KEY)),
        writes=True,
    ),
    _SEND,
)
WRITES: Sequence[Call] = (
    *CREATES,
    Call(
        name="delete",
        part="posts",
        make=lambda it, to, _: it.posts.delete(to, "3001"),
        writes=True,
    ),
    Call(
        name="refresh",
        part="sessions",
        make=lambda it, to, _: it.sessions.refresh(to),
        writes=True,
    ),
    Call(
        name="trade",
        part="moving",
        make=lambda it, to, _: it.moving.trade(to),
        writes=True,
    ),
    Call(
        name="upload",
        part="media",
        make=lambda it, to, _: it.media.upload(to, PICTURE, None),
        writes=True,
    ),
    Call(
        name="exchange",
        part="sign_in",
        make=lambda it, to, _: it.sign_in.exchange(to, SIGN_IN, CODE),
        writes=True,
    ),
    Call(
        name="edit",
        part="editing",
        make=lambda it, to, text: it.editing.edit(to, "3001", outgoing(text)),
        writes=True,
    ),
)
# Where a channel has both, posts are looked for apart from messages.
BOTH = ("posts", "directs")
# Sending, for a channel that publishes too.
LETTERS: Sequence[Call] = (replace(_SEND, besides=("posts",)),)
SOUGHT: Sequence[Call] = (
    Call(name="find_sent", part="reconciliation", make=_look),
    Call(
        name="find_sent_post",
        part="reconciliation",
        besides=BOTH,
        make=_look_for_post,
        script="find_sent",
    ),
)
MISSED: Sequence[Call] = (
    Call(name="find_not_sent", part="reconciliation", make=_look),
    Call(
        name="find_not_sent_post",
        part="reconciliation",
        besides=BOTH,
        make=_look_for_post,
        script="find_not_sent",
    ),
)
CALLS: Sequence[Call] = (*READS, *WRITES, *SOUGHT, *MISSED)


def operation_of(call: Call, channel: Channel) -> Operation:
    """Return what a search looks for."""
    return Operation.POST if call.besides else sent_by(channel)
