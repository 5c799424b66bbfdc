"""Rules about writes: whatever was not refused in clear words may have been done."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from channels.errors import ChannelError, ErrorKind
from channels.testing.calls import Call
from channels.testing.rules import Rules
from channels.testing.watch import Watch
from channels.testing.wire import LOST, NEVER_BEGAN, Answer, Fault

# A server that gave up waiting, one that leads elsewhere, and every fault of a server: each of
# them may come from a gateway, after the network behind it did what it was asked.
REFUSES_NOTHING = (408, *range(300, 309), *range(500, 600))
SUCCESSES = (*range(200, 209), 226, 299)
PAGE = "<html><title>Try again</title></html>"
STRANGE: tuple[Any, ...] = ([], {}, {"data": None}, {"data": []}, {"errors": [{}]}, "yes", 7, True)
BROKEN = (PAGE, "", '{"data": {"id": "30', "\N{ZERO WIDTH NO-BREAK SPACE}{}", "[" * 20_000)
# What may stand at a member's place in an answer of another shape.
INSTEAD: tuple[Any, ...] = (None, "", [], {})


class WriteRules(Rules):
    """A write that may have been done is *unknown*, and never made again without asking."""

    @pytest.fixture(autouse=True)
    def _collector_rests(self) -> Iterator[None]:
        """Let nothing be finalised while a body that is nested too deeply uses up the stack.

        It would fail for want of stack, and pytest would take that for a fault of the channel.
        """
        gc.disable()
        yield
        gc.enable()

    @pytest.mark.parametrize("fault", NEVER_BEGAN, ids=lambda item: item.name.lower())
    def test_a_write_that_never_began_may_be_tried_again(
        self, watch: Watch, write: Call, fault: Fault
    ) -> None:
        watch.wire.restart([fault])

        self.error(self.make(watch, write), write, ErrorKind.TEMPORARY)

    @pytest.mark.parametrize("fault", LOST, ids=lambda item: item.name.lower())
    def test_a_write_whose_answer_is_lost_is_unknown(
        self, watch: Watch, write: Call, fault: Fault
    ) -> None:
        watch.wire.restart([fault])

        self.error(self.make(watch, write), write, ErrorKind.UNKNOWN)

    def test_a_write_is_unknown_after_every_status_that_refuses_nothing(
        self, watch: Watch, write: Call
    ) -> None:
        taken = self.success(write)
        for status in REFUSES_NOTHING:
            later = {"Retry-After": "120", "Location": "https://fanfare.example/elsewhere"}
            self.is_unknown(watch, write, Answer(status=status, text=PAGE, headers=later))
            self.is_unknown(watch, write, Answer(status=status, json=taken.json))

    def test_a_write_is_unknown_after_a_success_that_says_something_else(
        self, watch: Watch, write: Call
    ) -> None:
        for status in SUCCESSES:
            for answer in _strange(status):
                self.is_unknown(watch, write, answer, gone=write.name == "delete")

    def test_half_of_an_answer_to_a_write_is_the_whole_or_unknown(
        self, watch: Watch, write: Call
    ) -> None:
        taken = self.success(write)
        watch.wire.restart([taken])
        whole = self.make(watch, write)

        for half in halves(taken.json):
            answer = Answer(status=taken.status, json=half)
            self.is_unknown(watch, write, answer, whole=whole, gone=write.name == "delete")

    def success(self, call: Call) -> Answer:
        """Return how the network says that it took a write."""
        return next(item for item in self.script_of(call.name) if isinstance(item, Answer))

    def is_unknown(
        self, watch: Watch, call: Call, answer: Answer, *, whole: Any = None, gone: bool = False
    ) -> None:
        """Fail unless a write with this answer is unknown, the same as `whole`, or `gone`."""
        watch.logs.clear()
        watch.wire.restart([answer])

        result = self.make(watch, call)

        assert len(watch.wire.exchanges) == 1, f"{call.name} makes one request, no more."
        if gone and result is None:
            return  # Little is said about what is gone.
        if result is not None and named(result) == named(whole):
            return  # The half that is missing does not matter.
        said = f"{answer.status} {answer.body().decode()[:80]}"
        assert isinstance(result, ChannelError), f"{call.name} took {said} for a success: {result}"
        assert result.kind is ErrorKind.UNKNOWN, (
            f"{call.name} is {result.kind.value}, not unknown, after {said}: the network may have "
            "accepted it."
        )


def named(result: Any) -> Any:
    """Return what a write left: the id of a thing, or tokens."""
    return getattr(result, "remote_id", None) or getattr(result, "secrets", None) or repr(result)


def _strange(status: int) -> Iterator[Answer]:
    yield from (Answer(status=status, json=item) for item in STRANGE)
    yield from (Answer(status=status, text=item) for item in BROKEN)


def halves(whole: Any) -> Iterator[Any]:
    """Yield an answer again and again, each time with a member missing or of another kind."""
    items = whole.items() if isinstance(whole, dict) else ()
    for name, value in items:
        yield {key: item for key, item in whole.items() if key != name}
        for other in (*INSTEAD, *halves(value)):
            yield {**whole, name: other}
