"""Rules about calls that do not end well: each error carries the decision that follows."""

import pytest

from channels.errors import ChannelError, ErrorKind
from channels.outcomes import Unknowable
from channels.testing.calls import ANNA, Call
from channels.testing.rules import Rules
from channels.testing.watch import Watch
from channels.testing.wire import Answer, Fault

CLEAR = (400, 401, 402, 403, 404, 429)
STATUSES = (*CLEAR, 500, 502, 503, 504)
STRANGE = (
    Answer(text="<html>Try again</html>"),
    Answer(json={}),
    Answer(json=[]),
    Answer(json={"data": None}),
)


class FaultRules(Rules):
    """Whatever the network does, the core learns what to do next.

    A reading that asks the network nothing cannot fail.
    """

    def test_a_call_that_is_answered_ends_well(self, watch: Watch, call: Call) -> None:
        self.well(watch, call)

        if call.writes:
            assert len(watch.wire.exchanges) == 1, f"{call.name} makes one request, no more."

    @pytest.mark.parametrize("fault", list(Fault), ids=lambda item: item.name.lower())
    def test_a_reading_that_is_lost_may_be_tried_again(
        self, watch: Watch, read: Call, fault: Fault
    ) -> None:
        watch.wire.restart([fault])

        result = self.make(watch, read)

        if watch.wire.exchanges:
            self.error(result, read, ErrorKind.TEMPORARY)

    @pytest.mark.parametrize("status", STATUSES)
    def test_an_answer_that_is_no_success_is_an_error_of_the_contract(
        self, watch: Watch, call: Call, status: int
    ) -> None:
        watch.wire.restart([Answer(status=status, json={})])

        result = self.make(watch, call)

        if not watch.wire.exchanges:
            return
        gone = call.name == "delete" and result is None
        assert gone or isinstance(result, ChannelError | Unknowable), (
            f"{call.name} took status {status} for a success."
        )
        if isinstance(result, ChannelError) and status in CLEAR:
            assert result.kind is not ErrorKind.UNKNOWN, f"{status} is a clear answer."

    def test_keys_the_network_does_not_accept_are_the_senders_fault(
        self, watch: Watch, call: Call
    ) -> None:
        result = self.lost(watch, call, self.refused_keys)

        if watch.wire.exchanges and not isinstance(result, Unknowable):
            self.error(result, call, ErrorKind.SENDER)

    @pytest.mark.parametrize("answer", STRANGE, ids=["html", "empty", "list", "null"])
    def test_an_answer_that_makes_no_sense_is_no_success(
        self, watch: Watch, call: Call, answer: Answer
    ) -> None:
        watch.wire.restart([answer])

        result = self.make(watch, call)

        if call.name == "delete" or result == {ANNA.remote_id: None}:
            return  # Little is said about what is gone; and *unknown* is an honest answer.
        assert isinstance(result, ChannelError | Unknowable), (
            f"{call.name} took {answer.body().decode()} for a success: {result}"
        )
