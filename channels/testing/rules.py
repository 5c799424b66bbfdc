"""What the groups of rules share: which part a rule is about, and what the suite lends them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from channels.channel import Channel
from channels.errors import ChannelError, ErrorKind
from channels.testing.calls import CALLS, Call
from channels.testing.watch import Watch
from channels.testing.wire import Answer, Fault

BY_NAME = {item.name: item for item in CALLS}
Rule = TypeVar("Rule", bound=Callable[..., None])


def about(part: str) -> Callable[[Rule], Rule]:
    """Mark a rule as one about a part; a channel without it is not asked."""

    def marked(rule: Rule) -> Rule:
        rule.part = part  # type: ignore[attr-defined]  # a function takes attributes
        return rule

    return marked


class Rules:
    """What `ChannelContract` gives every group of rules."""

    channel: ClassVar[Channel]
    secrets: ClassVar[Mapping[str, str]]
    scripts: ClassVar[Mapping[str, Sequence[Answer | Fault]]]
    settings: ClassVar[Mapping[str, object]]
    handle: ClassVar[str]
    text: ClassVar[str]
    remote_id: ClassVar[str]
    limited: ClassVar[Answer]
    rest: ClassVar[timedelta]
    refused_keys: ClassVar[Answer]
    told_by_recipient: ClassVar[bool]

    def make(self, watch: Watch, call: Call) -> Any:
        """Make a call and return its result or error."""
        raise NotImplementedError

    def answered(self, watch: Watch, call: Call) -> Any:
        """Make a call that is answered as its script says."""
        raise NotImplementedError

    def script_of(self, name: str) -> Sequence[Answer | Fault]:
        """Return the network's answers to a call."""
        raise NotImplementedError

    def call_of(self, name: str) -> Call:
        """Return a call by its name."""
        return BY_NAME[name]

    def read(self, watch: Watch, name: str) -> Any:
        """Return what a call answers that its script answers well."""
        return self.well(watch, self.call_of(name))

    def well(self, watch: Watch, call: Call) -> Any:
        """Make a call that is answered as its script says; fail where it raises an error."""
        result = self.answered(watch, call)
        assert not isinstance(result, ChannelError), f"{call.name}: {explained(result)}"
        return result

    def lost(self, watch: Watch, call: Call, answer: Answer | Fault) -> Any:
        """Make a call that the network answers with one thing, or does not answer."""
        watch.wire.restart([answer])
        return self.make(watch, call)

    def error(self, result: object, call: Call, kind: ErrorKind) -> ChannelError:
        """Return the error of a call; fail when it is none or of another kind."""
        assert isinstance(result, ChannelError), f"{call.name} returned {result}."
        assert result.kind is kind, f"{call.name} is {result.kind.value}, not {kind.value}."
        return result


def explained(result: object) -> str:
    """Return a result as text; an error with what it was made of, which tells its author more."""
    cause = result.__cause__ if isinstance(result, ChannelError) else None
    return f"{result} ({type(cause).__name__}: {cause})" if cause else str(result)
