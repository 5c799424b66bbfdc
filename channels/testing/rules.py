"""What the groups of rules share: which part a rule is about, and what the suite lends them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from channels.channel import Channel
from channels.errors import ChannelError, ErrorKind
from channels.testing.calls import Call
from channels.testing.watch import Watch
from channels.testing.wire import Answer, Fault

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
    limited: ClassVar[Answer]

    def make(self, watch: Watch, call: Call) -> Any:
        """Make a call and return its result or error."""
        raise NotImplementedError

    def answered(self, watch: Watch, call: Call) -> Any:
        """Make a call that is answered as its script says."""
        raise NotImplementedError

    def refused(self, result: object, call: Call, kind: ErrorKind) -> ChannelError:
        """Return the error of a call; fail when it is none or of another kind."""
        assert isinstance(result, ChannelError), f"{call.name} returned {result}."
        assert result.kind is kind, f"{call.name} is {result.kind.value}, not {kind.value}."
        return result
