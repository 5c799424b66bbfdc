"""Makes a call on the fake wire and watches what it must not do: sleep, retry, hang, leak."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from channels.errors import ChannelError, ErrorKind
from channels.testing.context import FakeContext
from channels.testing.wire import FakeWire
from channels.validation import ContractViolation

# In seconds. Work that is silent for longer than 90 s is taken over by another worker.
LONGEST_CONNECT, LONGEST_READ = 30, 60
SLACK = timedelta(minutes=1)


@dataclass(kw_only=True)
class Watch:
    """One test's wire and whatever may be seen from outside the channel."""

    wire: FakeWire
    context: FakeContext
    logs: pytest.LogCaptureFixture
    sleeps: list[float] = field(default_factory=list)

    def make(self, name: str, call: Callable[[], Any]) -> Any:
        """Return what a call returned, or its `ChannelError`; fail when it broke a rule."""
        try:
            result = call()
        except ChannelError as fault:
            result = fault
        except ContractViolation as fault:
            raise AssertionError(f"{name}: {fault}") from fault
        # Whatever else is raised is what this suite looks for.
        except Exception as fault:
            raise AssertionError(
                f"{name} raised {type(fault).__name__}: {fault}. A channel raises ChannelError "
                "and nothing else."
            ) from fault
        self._no_sleep(name)
        self._no_retry(name)
        self._timeouts(name)
        self._limits(name)
        self._no_secret(name, result)
        if isinstance(result, ChannelError):
            _well_said(name, result)
        return result

    def _no_sleep(self, name: str) -> None:
        assert self.sleeps == [], f"{name} slept; raise ChannelError and let the core wait."

    def _no_retry(self, name: str) -> None:
        asked = [(item.method, item.url, item.body) for item in self.wire.exchanges]
        again = [item for item in asked if asked.count(item) > 1]
        assert again == [], f"{name} made a request again: {again[0][0]} {again[0][1]}"

    def _timeouts(self, name: str) -> None:
        for item in self.wire.exchanges:
            where = f"{name}: {item.method} {item.url}"
            _bounded(item.connect_timeout, f"{where} may wait", "to connect", LONGEST_CONNECT)
            if item.sent:
                _bounded(item.read_timeout, f"{where} may wait", "for an answer", LONGEST_READ)

    def _limits(self, name: str) -> None:
        for item in self.context.observed:
            latest = self.context.now() + timedelta(seconds=item.seconds) + SLACK
            assert item.resets_at <= latest, (
                f"{name} observed a window of {item.seconds} s that opens at "
                f"{item.resets_at.isoformat()}, later than a whole window from now. Are "
                "milliseconds taken for seconds?"
            )

    def _no_secret(self, name: str, result: Any) -> None:
        places = {
            "a URL": " ".join(item.url for item in self.wire.exchanges),
            "the log": self.logs.text,
            "what it returned": repr(result),
            "its state": repr(self.context.state),
        }
        if isinstance(result, ChannelError):
            places["its error"] = f"{result} {result.said} {result.code}"
        for place, text in places.items():
            leaked = names_in(text, {**self.context.secrets, **self.context.sealed})
            assert leaked == [], f"{name} shows the secret {', '.join(leaked)} in {place}."


def names_in(text: str, secrets: Mapping[str, str]) -> list[str]:
    """Return the names of the secrets whose values stand in `text`."""
    return [name for name, value in secrets.items() if value and value in text]


def _well_said(name: str, fault: ChannelError) -> None:
    """An error checked itself when it was made; here is what it should say besides."""
    is_sentence = fault.message.endswith(".") and " " in fault.message.strip()
    assert is_sentence, f"{name}: The message is {fault.message!r}, no sentence for the operator."
    assert fault.kind is not ErrorKind.LIMITED or fault.retry_at is not None, (
        f"{name}: A limited call says with retry_at when it may be made again."
    )


def _bounded(seconds: float | None, waits: str, what: str, most: int) -> None:
    assert seconds is not None, f"{waits} for ever {what}."
    assert seconds <= most, (
        f"{waits} {seconds:g} s {what}; {most} s are the most. A timeout is in seconds."
    )
