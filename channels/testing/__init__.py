"""What a plugin author tests with: the contract as a pytest suite, a fake wire, a fake context."""

import pytest

# The suite's assertions explain themselves when they fail, as those of any test do.
RULES = (
    "calls",
    "contract",
    "rules",
    "rules_arguments",
    "rules_editing",
    "rules_events",
    "rules_faults",
    "rules_finding",
    "rules_fitting",
    "rules_inbox",
    "rules_keys",
    "rules_media",
    "rules_metrics",
    "rules_reading",
    "rules_sessions",
    "rules_settings",
    "rules_sign_in",
    "rules_state",
    "rules_texts",
    "rules_times",
    "rules_workflows",
    "rules_writes",
    "watch",
)
pytest.register_assert_rewrite(*(f"channels.testing.{name}" for name in RULES))

from channels.testing.context import FakeContext, FakeHost  # noqa: E402 - after the line above
from channels.testing.contract import ChannelContract  # noqa: E402 - as above
from channels.testing.instance import Instance, Said, registered  # noqa: E402 - as above
from channels.testing.wire import Answer, Exchange, FakeWire, Fault  # noqa: E402 - as above

__all__ = [
    "Answer",
    "ChannelContract",
    "Exchange",
    "FakeContext",
    "FakeHost",
    "FakeWire",
    "Fault",
    "Instance",
    "Said",
    "registered",
]
