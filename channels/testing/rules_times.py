"""Rules about times: seconds are seconds, and what was written lies in the past."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from channels.errors import ChannelError, ErrorKind
from channels.outcomes import Unknowable
from channels.testing.calls import Call
from channels.testing.context import FakeContext
from channels.testing.rules import Rules, about
from channels.testing.watch import Watch

# No network is as old, and a moment of this century lies before it once its seconds are taken
# for milliseconds.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCKS_APART = timedelta(days=1)
DAY, LONGEST_WINDOW = 86_400, 400 * 86_400
MOST_RESTS = 20


class TimeRules(Rules):
    """A thousandfold mistake is found before it closes a window for years, or opens one at once."""

    def test_what_was_written_lies_in_the_past(self, watch: Watch) -> None:
        now = watch.context.now()
        for what, at in self._moments(watch):
            assert EARLIEST <= at <= now + CLOCKS_APART, (
                f"{what} is {at.isoformat()}, and the suite's clock says {now.isoformat()}. Are "
                "milliseconds taken for seconds, or seconds for milliseconds?"
            )

    def _moments(self, watch: Watch) -> Iterator[tuple[str, datetime]]:
        for post in self.read(watch, "connect").posts:
            yield f"posted_at of the post {post.remote_id}", post.posted_at
        for page in self.read(watch, "inbox") if self.channel.inbox else ():
            for message in page.messages:
                yield f"received_at of the message {message.remote_id}", message.received_at
            for at in page.besides:
                yield "a time of besides", at

    def test_a_spent_limit_says_when_to_come_back(self, watch: Watch, call: Call) -> None:
        result = self.lost(watch, call, self.limited)

        if watch.wire.exchanges and not isinstance(result, Unknowable):
            self.rests(self.error(result, call, ErrorKind.LIMITED), watch)

    def rests(self, fault: ChannelError, watch: Watch) -> None:
        """Fail unless a spent limit rests about as long as the network says."""
        assert fault.retry_at is not None
        wait = fault.retry_at - watch.context.now()
        assert wait > timedelta(), "retry_at lies in the past."
        assert self.rest / 2 <= wait <= self.rest * MOST_RESTS, (
            f"The call waits for {wait}, and `limited` says {self.rest}. Are milliseconds taken "
            "for seconds? Where `limited` says another time than that, set `rest` to it."
        )

    @about("limits")
    def test_windows_are_as_long_as_networks_make_them(self, context: FakeContext) -> None:
        assert self.channel.limits is not None
        for limit in self.channel.limits.limits(context):
            whole = limit.seconds <= DAY or limit.seconds % DAY == 0
            likely = whole and limit.seconds <= LONGEST_WINDOW
            assert likely, (
                f"A window of {limit.operation.name} lasts {timedelta(seconds=limit.seconds)}. "
                "Are milliseconds taken for seconds?"
            )
