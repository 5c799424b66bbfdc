"""The options of a channel as its calls see them: of the environment, or entered on a page.

What an administrator entered is one encrypted value, so that a client id never stands beside the
secret of another one, and the environment wins as a whole for the same reason.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from channels import Channel, ChannelContext
from webapp.kernel import sealed
from webapp.kernel.config.settings import PREFIX
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import UnreadableSecret
from webapp.services.channel import contract_guard

log = logging.getLogger(__name__)

Owner = Callable[[Callable[[], Any]], Any]


class Options(Mapping[str, str]):
    """The options of a channel with their values; what was entered is read when it is asked for.

    Most calls ask for none of them, and would else decrypt a value each.
    """

    def __init__(self, runtime: Runtime, kind: str, typed: Mapping[str, str] | None = None) -> None:
        """Read nothing yet; `typed` stands for what is kept, to try it out."""
        self._runtime, self._kind, self._typed = runtime, kind, typed
        self._plain = runtime.registry.config(kind)
        self._owner: Owner = lambda do: do()

    def asked_by(self, owner: Owner) -> "Options":
        """Let `owner` read what was entered, and return the options."""
        self._owner = owner
        return self

    def __getitem__(self, name: str) -> str:
        if self._plain.get(name) or name not in self._enterable:
            return self._plain[name]
        if self._typed is None:
            self._typed = self._owner(lambda: entered(self._runtime, self._kind))
        return self._typed.get(name, self._plain.get(name, ""))

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)

    @property
    def _enterable(self) -> tuple[str, ...]:
        """The options that count as entered; none while the environment sets one of them."""
        if not self._runtime.registry.has(self._kind):
            return ()
        channel = self._runtime.registry.get(self._kind)
        return () if in_environment(self._runtime, channel) else names(channel)


def names(channel: Channel) -> tuple[str, ...]:
    """Return the names of the options that administrators may enter."""
    with contract_guard.guard(channel.label):
        form = channel.app_form()
        return tuple(field.short_name for field in form()) if form else ()


def in_environment(runtime: Runtime, channel: Channel) -> list[str]:
    """Return the variables that set what could be entered; any of them wins over all of that."""
    given = runtime.registry.config(channel.kind)
    defaults = {item.name: item.default for item in channel.options}
    return [
        f"{PREFIX}{channel.kind}_{name}".upper()
        for name in names(channel)
        if given.get(name, "") != defaults.get(name, "")
    ]


def entered(runtime: Runtime, kind: str) -> Mapping[str, str]:
    """Return what was entered; nothing where it was not, or no key of this instance opens it."""
    try:
        text = sealed.read(runtime, sealed_name(kind))
    except UnreadableSecret:
        log.warning("What was entered for the app of %s cannot be read.", kind)
        return {}
    return json.loads(text) if text else {}


def try_out(channel: Channel, context: ChannelContext) -> None:
    """Ask the network whether it knows what a context has; raise `ChannelError` if it does not."""
    contract_guard.ask(channel.label, (object,), channel.try_app, context)


def sealed_name(kind: str) -> str:
    """Return by which name what was entered is kept."""
    return f"app.{kind}"
