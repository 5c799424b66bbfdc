"""Every call the core makes to a channel's network, by name, as the suite makes it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from channels.channel import Channel
from channels.context import ChannelContext
from channels.outcomes import Attempt
from channels.testing.context import NOON
from channels.values import Content, Operation, Part, Person

ANNA = Person(remote_id="2001", handle="anna", name="Anna")
MOST_PAGES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a part; `make` takes the channel, the context and the text of the suite."""

    name: str
    part: str
    make: Callable[[Any, ChannelContext, str], Any]
    writes: bool = False


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


def find(
    channel: Channel,
    context: ChannelContext,
    text: str,
    known: frozenset[str],
    ago: timedelta = timedelta(hours=1),
) -> Any:
    """Ask what became of a call made a while ago; of a direct message where there are any."""
    assert channel.reconciliation is not None
    attempt = Attempt(
        operation=Operation.DIRECT if channel.directs else Operation.POST,
        text=text,
        started_at=NOON - ago,
        person=ANNA if channel.directs else None,
        known_remote_ids=known,
    )
    return channel.reconciliation.find_sent(context, attempt)


def _look(channel: Channel, context: ChannelContext, text: str) -> Any:
    return find(channel, context, text, frozenset())


READS: Sequence[Call] = (
    Call(name="connect", part="connection", make=lambda it, to, _: it.connection.connect(to)),
    Call(name="audience", part="audience", make=lambda it, to, _: pages(it.audience, to)),
    Call(name="inbox", part="inbox", make=lambda it, to, _: pages(it.inbox, to)),
)
WRITES: Sequence[Call] = (
    Call(
        name="publish",
        part="posts",
        make=lambda it, to, text: it.posts.publish(to, Part(text=text)),
        writes=True,
    ),
    Call(
        name="delete",
        part="posts",
        make=lambda it, to, _: it.posts.delete(to, "3001"),
        writes=True,
    ),
    Call(
        name="send",
        part="directs",
        make=lambda it, to, text: it.directs.send(to, ANNA, Content(parts=(Part(text=text),))),
        writes=True,
    ),
)
FINDS: Sequence[Call] = (
    Call(name="find_sent", part="reconciliation", make=_look),
    Call(name="find_not_sent", part="reconciliation", make=_look),
)
CALLS: Sequence[Call] = (*READS, *WRITES, *FINDS)
