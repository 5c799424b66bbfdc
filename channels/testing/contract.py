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
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import pytest

from channels.channel import Channel
from channels.testing.calls import CALLS, READS, WRITES, Call
from channels.testing.context import FakeContext
from channels.testing.rules_faults import FaultRules
from channels.testing.rules_reading import ReadingRules
from channels.testing.rules_settings import SettingsRules
from channels.testing.rules_texts import TextRules
from channels.testing.rules_writes import WriteRules
from channels.testing.watch import Watch
from channels.testing.wire import Answer, FakeWire, Fault


class ChannelContract(SettingsRules, FaultRules, WriteRules, ReadingRules, TextRules):
    """Fill in `channel`, `secrets` and `scripts`; what a channel has no part for is not asked.

    `secrets` are made-up values by field name, each so odd that it is found wherever it leaks.
    `scripts` are the network's answers to one call each, when all is well: `connect`, `audience`
    and `inbox` (every page, at least two people), `publish`, `delete`, `send`,
    `find_sent` (it shows `text`) and `find_not_sent` (it does not). `limited` is how the network
    says that a limit is spent.
    """

    channel: ClassVar[Channel]
    secrets: ClassVar[Mapping[str, str]]
    scripts: ClassVar[Mapping[str, Sequence[Answer | Fault]]]
    settings: ClassVar[Mapping[str, object]] = {}
    handle: ClassVar[str] = "ateliernord"
    remote_id: ClassVar[str] = "1001"
    text: ClassVar[str] = "Hello from the contract suite."
    limited: ClassVar[Answer] = Answer(status=429, json={}, headers={"Retry-After": "900"})

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
        wanted = set(inspect.signature(rule).parameters) & set(GROUPS)
        return all(cls.calls(GROUPS[name]) for name in wanted)

    @classmethod
    def calls(cls, group: Sequence[Call]) -> list[Call]:
        """Return the calls of a group that this channel has the part for."""
        return [item for item in group if getattr(cls.channel, item.part) is not None]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a rule about calls once for each call."""
        for name, group in GROUPS.items():
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, self.calls(group), ids=lambda item: item.name)

    @pytest.fixture
    def context(self) -> FakeContext:
        """The context each call is given."""
        config = {item.name: item.default for item in self.channel.options}
        return FakeContext(
            handle=self.handle,
            remote_id=self.remote_id,
            settings=self.settings,
            secrets=self.secrets,
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

    def make(self, watch: Watch, call: Call) -> Any:
        """Make a call and return its result or error."""
        return watch.make(call.name, lambda: call.make(self.channel, watch.context, self.text))

    def answered(self, watch: Watch, call: Call) -> Any:
        """Make a call that the network answers as `scripts` says, to the last answer."""
        assert call.name in self.scripts, (
            f"Fill in scripts[{call.name!r}]: the network's answers to one {call.name}."
        )
        watch.wire.restart(self.scripts[call.name])
        result = self.make(watch, call)
        assert watch.wire.unexpected == [], f"{call.name} asked for more than its script holds."
        assert watch.wire.script == [], f"{call.name} did not ask for all that its script holds."
        return result


GROUPS: Mapping[str, Sequence[Call]] = {"call": CALLS, "write": WRITES, "read": READS}
