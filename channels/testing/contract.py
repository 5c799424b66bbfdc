"""The suite every channel passes: subclass `ChannelContract` in a test module and fill it in.

```python
class TestNotice(ChannelContract):
    channel = NoticeChannel()
    secrets = {"token": "tok-5f1c"}
    scripts = {"connect": [Answer(json={"id": "1001", "handle": "ateliernord"})], ...}
```
"""

import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from channels.channel import Channel
from channels.events import EventRequest
from channels.testing.calls import CALLS, CREATES, LETTERS, MISSED, READS, SOUGHT, WRITES, Call
from channels.testing.context import FakeContext
from channels.testing.instance import Instance, registered
from channels.testing.rules_arguments import ArgumentRules
from channels.testing.rules_editing import EditingRules
from channels.testing.rules_events import EventRules
from channels.testing.rules_faults import FaultRules
from channels.testing.rules_finding import FindingRules
from channels.testing.rules_fitting import FittingRules
from channels.testing.rules_inbox import InboxRules
from channels.testing.rules_keys import KeyRules
from channels.testing.rules_media import MediaRules
from channels.testing.rules_metrics import MetricRules
from channels.testing.rules_reading import ReadingRules
from channels.testing.rules_sessions import SessionRules
from channels.testing.rules_settings import SettingsRules
from channels.testing.rules_sign_in import SignInRules
from channels.testing.rules_state import StateRules
from channels.testing.rules_texts import TextRules
from channels.testing.rules_workflows import WorkflowRules
from channels.testing.rules_writes import WriteRules
from channels.testing.steps import brought_with, steps
from channels.testing.watch import Watch
from channels.testing.wire import Answer, FakeWire, Fault
from channels.workflows import ChannelWorkflow

STEP = "step"


class ChannelContract(
    SettingsRules,
    FaultRules,
    WriteRules,
    ArgumentRules,
    KeyRules,
    ReadingRules,
    InboxRules,
    FindingRules,
    WorkflowRules,
    TextRules,
    FittingRules,
    EditingRules,
    EventRules,
    MediaRules,
    MetricRules,
    SessionRules,
    SignInRules,
    StateRules,
):
    """Fill in `channel`, `secrets` and `scripts`; what a channel has no part for is not asked.

    `secrets` are made-up values by field name, each so odd that it is found wherever it leaks.
    `scripts` are the network's answers to one call each, when all is well: `connect`, `audience`
    and `inbox` (every page, at least two people), `publish`, `delete`, `send`,
    `find_sent` (it shows `text`), `find_not_sent` (it does not), and for each workflow of the
    plugin `workflow <job>` (every step). A channel with posts and messages answers `find_sent`
    for a message; `find_sent_post` and `find_not_sent_post` are the answers for a post, where
    they look otherwise. `limited` is how the network says that a limit is spent, for `rest`;
    `refused_keys` how it says that it does not accept the keys, `refused_refresh` that tokens
    cannot be renewed. `session` are the tokens of an account that signed in, by the names
    of a `Session`. `event_requests` are requests that the network signed with the `secrets`.
    """

    channel: ClassVar[Channel]
    secrets: ClassVar[Mapping[str, str]]
    scripts: ClassVar[Mapping[str, Sequence[Answer | Fault]]]
    settings: ClassVar[Mapping[str, object]] = {}
    session: ClassVar[Mapping[str, str]] = {}
    handle: ClassVar[str] = "ateliernord"
    remote_id: ClassVar[str] = "1001"
    text: ClassVar[str] = "Hello from the contract suite."
    limited: ClassVar[Answer] = Answer(status=429, json={}, headers={"Retry-After": "900"})
    rest: ClassVar[timedelta] = timedelta(minutes=15)
    refused_keys: ClassVar[Answer] = Answer(status=401, json={})
    refused_refresh: ClassVar[Answer] = Answer(status=400, json={"error": "invalid_grant"})
    event_requests: ClassVar[Sequence[EventRequest]] = ()
    told_by_recipient: ClassVar[bool] = False
    workflows: ClassVar[Sequence[ChannelWorkflow] | None] = None

    def __init_subclass__(cls) -> None:
        """Leave out the rules about parts that this channel does not have."""
        super().__init_subclass__()
        if not hasattr(cls, "channel"):
            return
        for name, rule in inspect.getmembers(cls, inspect.isfunction):
            if name.startswith("test_") and not cls.applies(rule):
                setattr(cls, name, None)

    @classmethod
    def applies(cls, rule: Callable[..., Any]) -> bool:
        """Tell whether a rule is about something this channel has."""
        part = getattr(rule, "part", None)
        if part is not None:
            return getattr(cls.channel, part) is not None
        wanted = set(inspect.signature(rule).parameters) & {*GROUPS, STEP}
        return all(cls.lent(name) for name in wanted)

    @classmethod
    def calls(cls, group: Sequence[Call]) -> list[Call]:
        """Return the calls of a group that this channel has the parts for."""
        return [item for item in group if item.of(cls.channel)]

    @classmethod
    def lent(cls, name: str) -> Sequence[Call]:
        """Return the calls that a rule with a parameter of this name is run for."""
        if name != STEP:
            return cls.calls(GROUPS[name])
        return steps(brought_with(cls.channel) if cls.workflows is None else cls.workflows)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a rule about calls once for each call."""
        for name in (*GROUPS, STEP):
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, self.lent(name), ids=lambda item: item.name)

    @pytest.fixture
    def context(self) -> FakeContext:
        """The context each call is given."""
        config = {item.name: item.default for item in self.channel.options}
        return FakeContext(
            handle=self.handle,
            remote_id=self.remote_id,
            settings=self.settings,
            secrets=self.secrets,
            sealed=dict(self.session),
            config={**config, **self.config()},
        )

    def config(self) -> Mapping[str, str]:
        """Return options that differ from their defaults; override it where some do."""
        return {}

    @pytest.fixture
    def watch(
        self,
        context: FakeContext,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> Watch:
        """The fake wire, with everything watched; override it for a wire of another library."""
        caplog.set_level("DEBUG")
        watch = Watch(wire=FakeWire(), context=context, logs=caplog)
        watch.wire.install(monkeypatch)
        monkeypatch.setattr(time, "sleep", watch.sleeps.append)
        return watch

    @pytest.fixture
    def instance(self) -> Iterator[Instance]:
        """An instance of Fanfare that has the channel as long as the test lasts."""
        with registered(self.channel) as instance:
            yield instance

    def make(self, watch: Watch, call: Call) -> Any:
        """Make a call and return its result or error."""
        return watch.make(call.name, lambda: call.make(self.channel, watch.context, self.text))

    def answered(self, watch: Watch, call: Call) -> Any:
        """Make a call that the network answers as `scripts` says, to the last answer."""
        watch.wire.restart(self.script_of(call.name))
        result = self.make(watch, call)
        assert watch.wire.unexpected == [], f"{call.name} asked for more than its script holds."
        assert watch.wire.script == [], f"{call.name} did not ask for all that its script holds."
        return result

    def script_of(self, name: str) -> Sequence[Answer | Fault]:
        """Return the network's answers to a call; fail where nobody filled them in."""
        known = [item.script for item in CALLS if item.name == name and item.script]
        found = next((item for item in (name, *known) if item in self.scripts), None)
        assert found, f"Fill in scripts[{name!r}]: the network's answers to one {name}."
        return self.scripts[found]


# Which calls a rule is run for, by the name of its parameter.
GROUPS: Mapping[str, Sequence[Call]] = {
    "call": CALLS,
    "write": WRITES,
    "create": CREATES,
    "letter": LETTERS,
    "read": READS,
    "sought": SOUGHT,
    "missed": MISSED,
}
