"""How the things of a channel are written: its handles, its people and posts, its money."""

from collections.abc import Iterable

from channels import Channel, Operation
from channels.operations import standard
from webapp.kernel.i18n import ngettext

# What stands for any number that is not one.
MANY = 2
# By kind. A registry fills it while it takes channels in; a kind is brought by one plugin.
_channels: dict[str, Channel] = {}


def forget() -> None:
    """Begin anew: a process serves one application, whose registry is being filled."""
    _channels.clear()


def learn(channel: Channel) -> None:
    """Remember how a channel names its things."""
    _channels[channel.kind] = channel


def channels() -> Iterable[Channel]:
    """Return the channels there are."""
    return _channels.values()


def written(kind: str, handle: str) -> str:
    """Return a handle as people write it; bare where no plugin brings its channel any more."""
    channel = _channels.get(kind)
    return f"{channel.handle_prefix if channel else ''}{handle}"


def bare(text: str) -> str:
    """Return what was typed without the prefix of any channel, as handles are stored."""
    typed = text.strip()
    prefixes = (channel.handle_prefix for channel in _channels.values())
    fitting = (prefix for prefix in prefixes if prefix and typed.startswith(prefix))
    return typed.removeprefix(max(fitting, key=len, default=""))


def operation(kind: str, name: str) -> Operation:
    """Return an operation as its channel declares it; its bare name where nobody knows it."""
    channel = _channels.get(kind)
    declared = (*(channel.operations() if channel else ()), *standard())
    return next((item for item in declared if item.name == name), Operation(name, name))


def people(number: int, *kinds: str) -> str:
    """Return what so many people of these channels are called; in plain words if they differ."""
    words = {channel.people_word(number) for channel in _of(kinds)}
    return words.pop() if len(words) == 1 else ngettext("person", "people", number)


def everybody(number: int = MANY) -> str:
    """Return what so many people of any channel are called."""
    return people(number, *_channels)


def posts(number: int, kind: str) -> str:
    """Return what so many public things of a channel are called."""
    channel = _channels.get(kind)
    return channel.post_word(number) if channel else ngettext("post", "posts", number)


def currency(*kinds: str) -> str:
    """Return the currency of these channels, of all where none is named; empty if they differ."""
    found = {channel.currency for channel in _of(kinds or _channels)}
    return found.pop() if len(found) == 1 else ""


def headed(word: str) -> str:
    """Return a word as it begins a line or heads a column."""
    return word[:1].upper() + word[1:]


def _of(kinds: Iterable[str]) -> list[Channel]:
    return [_channels[kind] for kind in set(kinds) if kind in _channels]
