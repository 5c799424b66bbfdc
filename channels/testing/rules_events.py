"""Rules about events: what the network did not sign is refused, the rest is told the same again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from channels.errors import ChannelError, ErrorKind
from channels.events import Event, EventKind, EventRequest, Received
from channels.testing.rules import Rules, about
from channels.testing.rules_times import CLOCKS_APART, EARLIEST
from channels.testing.watch import Watch

ABOUT_MESSAGES = {EventKind.DELIVERED, EventKind.BOUNCED, EventKind.COMPLAINED}
ABOUT_PEOPLE = {EventKind.FOLLOWED, EventKind.UNFOLLOWED}


class EventRules(Rules):
    """Anybody may write to the address of an account, so only a signature counts."""

    event_requests: ClassVar[Sequence[EventRequest]]

    @about("events")
    def test_a_genuine_request_tells_its_events(self, watch: Watch) -> None:
        for event in self.events(watch):
            where = f"The event {event.event_id} ({event.kind.value})"
            assert EARLIEST <= event.at <= watch.context.now() + CLOCKS_APART, (
                f"{where} is of {event.at.isoformat()}. Are milliseconds taken for seconds?"
            )
            names = event.message_id or (
                event.kind is EventKind.COMPLAINED and event.person is not None
            )
            assert names or event.kind not in ABOUT_MESSAGES, f"{where} names no message."
            assert event.person or event.kind not in ABOUT_PEOPLE, f"{where} names nobody."
            assert event.reply or event.kind is not EventKind.REPLIED, f"{where} has no reply."

    @about("events")
    def test_every_event_has_an_id_of_its_own_that_stays(self, watch: Watch) -> None:
        first, again = self.events(watch), self.events(watch)
        ids = [event.event_id for event in first]

        assert len(set(ids)) == len(ids), "Two events share an id, so one would be passed over."
        assert first == again, "The same request tells something else the second time."

    @about("events")
    def test_a_request_that_was_changed_is_refused(self, watch: Watch) -> None:
        for request in self.requests():
            for changed in _changed(request):
                self.refused(self.told(watch, changed), changed)

    @about("events")
    def test_a_request_with_another_key_is_refused(self, watch: Watch) -> None:
        watch.context.secrets = {name: f"other-{name}" for name in self.secrets}
        watch.context.settings = {}

        for request in self.requests():
            self.refused(self.told(watch, request), request)

    @about("events")
    def test_events_are_read_without_the_network(self, watch: Watch) -> None:
        for request in self.requests():
            self.told(watch, request)
            assert watch.wire.exchanges == [], "A network waits for the answer to its request."

    def requests(self) -> Sequence[EventRequest]:
        """Return the genuine requests; fail where nobody filled them in."""
        assert self.event_requests, "Fill in event_requests: what the network sends, signed."
        return self.event_requests

    def events(self, watch: Watch) -> list[Event]:
        """Return every event of the genuine requests."""
        found = list[Event]()
        for request in self.requests():
            told = self.told(watch, request)
            assert isinstance(told, Received), f"A genuine request is answered by {told!r}."
            found += told.events
        assert found, "Script at least one event."
        return found

    def told(self, watch: Watch, request: EventRequest) -> Any:
        """Return what the channel makes of a request."""
        part = self.channel.events
        assert part is not None
        watch.wire.restart()
        return watch.make("events", lambda: part.read(watch.context, request))

    def refused(self, told: object, request: EventRequest) -> None:
        """Fail unless a request was refused for good."""
        assert isinstance(told, ChannelError), (
            f"A request that the network did not sign tells {told!r}: {request.body[:80]!r}. "
            "Verify the signature over the bytes of the body."
        )
        assert told.kind is ErrorKind.PERMANENT, f"A forged request is {told.kind.value}."


def _changed(request: EventRequest) -> Iterator[EventRequest]:
    """Yield a request as somebody else would send it."""
    if request.body:
        yield replace(request, body=request.body + b" ")
        yield replace(request, body=request.body.replace(b"1", b"2", 1) + b"\\n")
        yield replace(request, body=b"")
    yield replace(request, headers={}, query={})
