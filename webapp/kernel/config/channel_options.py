"""The `FANFARE_<KIND>_<NAME>` variables that channels declare: their values and their mistakes."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from urllib.parse import urlsplit

from channels import Channel
from webapp.kernel.config.settings import PREFIX, Settings, variable
from webapp.kernel.text.suggestions import near

WEB = ("http://", "https://")
HERE = ("127.0.0.1", "::1", "localhost")


def values(channel: Channel, given: Mapping[str, str]) -> dict[str, str]:
    """Return the options of a channel by name; an empty variable means the default."""
    return {
        option.name: given.get(_name(channel, option.name)) or option.default
        for option in channel.options
    }


def faults(
    given: Mapping[str, str], channels: Iterable[Channel], absent: Iterable[str]
) -> list[str]:
    """Return what is wrong with variables that the core does not know, one sentence each.

    The variables of plugins named in `absent`, switched off or broken, are no mistake.
    """
    known = {_name(channel, item.name) for channel in channels for item in channel.options}
    every = known | {variable(item.name) for item in fields(Settings) if item.metadata}
    passed_over = tuple(f"{PREFIX}{name}_".upper() for name in absent)
    strange = [
        f"{name} is not a setting of Fanfare. {near(name, every)}".rstrip()
        for name in sorted(set(given) - known)
        if not name.startswith(passed_over)
    ]
    addresses = sorted(name for name in known & set(given) if name.endswith("_URL"))
    return strange + [fault for name in addresses if (fault := _address_fault(name, given[name]))]


def strange(disabled: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return a sentence for each name of a plugin to leave out that no installed plugin has."""
    names = set(known)
    label = variable("plugins_disabled")
    return [
        f"{label} names {name}, but no plugin is called that. {near(name, names)}".rstrip()
        for name in sorted(set(disabled) - names)
    ]


def _address_fault(name: str, address: str) -> str:
    """Return what is wrong with an address; keys go in clear to this machine or a twin only."""
    if not address:
        return ""
    if not address.startswith(WEB):
        return f"{name} must be an address such as https://host.example."
    plain = address.startswith("http://") and not name.endswith("_SANDBOX_URL")
    if plain and urlsplit(address).hostname not in HERE:
        return f"{name} would send keys in clear to another machine. Begin it with https://."
    return ""


def _name(channel: Channel, option: str) -> str:
    return f"{PREFIX}{channel.kind}_{option}".upper()
