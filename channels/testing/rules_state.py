"""Rules about what a channel remembers: of two workers neither loses the other's value."""

from dataclasses import dataclass, field

from channels.testing.calls import Call
from channels.testing.context import FakeContext
from channels.testing.rules import Rules
from channels.testing.watch import Watch

OTHERS = "what-another-worker-kept"


@dataclass(kw_only=True)
class OvertakenContext(FakeContext):
    """A context whose values another worker changes each time before the channel does."""

    overtaken: dict[str, bool] = field(default_factory=dict)
    overwritten: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    def secret(self, name: str) -> str:
        """Return one secret, and take note that it was read."""
        self.read.add(name)
        return super().secret(name)

    def swap(self, key: str, old: str, new: str, *, secret: bool = False) -> bool:
        """Let the other worker be faster."""
        del old, new
        (self.sealed if secret else self.state)[key] = OTHERS
        self.overtaken[key] = secret
        return False

    def remember(self, key: str, value: str, *, secret: bool = False) -> None:
        """Keep a value, and take note where it takes another's place."""
        if key in self.overtaken or (secret and key in self.read):
            self.overwritten.append(key)
        super().remember(key, value, secret=secret)


class StateRules(Rules):
    """A token that changes with its use is swapped, so that the newest is never lost."""

    def test_what_another_worker_kept_is_not_overwritten(self, watch: Watch, call: Call) -> None:
        plain = watch.context
        watch.context = OvertakenContext(
            handle=plain.handle,
            remote_id=plain.remote_id,
            settings=plain.settings,
            config=plain.config,
            secrets=plain.secrets,
        )
        self.answered(watch, call)

        assert watch.context.overwritten == [], (
            f"{call.name} writes {', '.join(watch.context.overwritten)} over what another worker "
            "kept. Change what was read with context.swap, and take its False for the answer."
        )
