"""The typed face over pluggy: finds the plugins, keeps their channels, guards every hook call."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

import click
import pluggy

import channels.hookspecs
from channels import (
    ENTRY_POINT_GROUP,
    PROJECT,
    Channel,
    DeliveryDraft,
    DeliveryEvent,
    Finding,
    Level,
)
from webapp.kernel.errors import NotFound
from webapp.kernel.settings import PREFIX, Settings, SettingsError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """A plugin as the plugins page shows it; `fault` is empty when it works."""

    name: str
    distribution: str
    version: str
    kinds: tuple[str, ...] = ()
    fault: str = ""


class Registry:
    """The plugins of one application; each application builds its own."""

    def __init__(self, disabled: Iterable[str] = ()) -> None:
        """Start empty; `disabled` names plugins that `load` passes over."""
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(channels.hookspecs)
        self._disabled = frozenset(disabled)
        self._channels: dict[str, Channel] = {}
        self._infos: list[PluginInfo] = []
        self._config: dict[str, Mapping[str, str]] = {}

    def load(self) -> None:
        """Load every installed plugin, sorted by name; a broken one is kept out and described."""
        for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda item: item.name):
            if entry.name in self._disabled:
                continue
            try:
                self.add(entry.load(), name=entry.name, entry=entry)
            # A plugin may fail in any way while it loads; it must not take the core with it.
            except Exception as fault:
                log.exception("Plugin %s failed to load.", entry.name)
                self._infos.append(_info(entry.name, entry, fault=_sentence(fault)))

    def add(self, plugin: object, *, name: str, entry: EntryPoint | None = None) -> None:
        """Register `plugin` and its channels; raise when it breaks the contract."""
        self._manager.register(plugin, name)
        try:
            self._manager.check_pending()
            offered = self._offered(plugin)
        except Exception:
            self._manager.unregister(plugin)
            raise
        self._channels |= {channel.kind: channel for channel in offered}
        self._infos.append(_info(name, entry, kinds=tuple(item.kind for item in offered)))

    def _offered(self, plugin: object) -> list[Channel]:
        caller = self._manager.subset_hook_caller("register_channels", self._others(plugin))
        offered = [item for found in caller() for item in found]
        for item in offered:
            if item.kind in self._channels:
                raise ValueError(f"Another plugin brings the channel {item.kind} already.")
        return offered

    def _others(self, plugin: object) -> list[object]:
        return [item for item in self._manager.get_plugins() if item is not plugin]

    def configure(self, settings: Settings) -> None:
        """Give each channel its `FANFARE_<KIND>_*` values; unknown variables are an error."""
        rest = dict(settings.plugin_options)
        for channel in self._channels.values():
            self._config[channel.kind] = {
                option.name: rest.pop(_variable(channel, option.name), option.default)
                for option in channel.options
            }
        if rest:
            raise SettingsError([f"{name} is not a setting of Fanfare." for name in sorted(rest)])

    def get(self, kind: str) -> Channel:
        """Return the channel of `kind`; raise `NotFound` when no plugin brings it."""
        try:
            return self._channels[kind]
        except KeyError as cause:
            raise NotFound(
                f"No plugin brings the channel {kind}; install it or enable it again."
            ) from cause

    def has(self, kind: str) -> bool:
        """Tell whether a plugin brings the channel of `kind`."""
        return kind in self._channels

    def __iter__(self) -> Iterator[Channel]:
        """Iterate over the channels by label."""
        return iter(sorted(self._channels.values(), key=lambda channel: channel.label))

    def config(self, kind: str) -> Mapping[str, str]:
        """Return the options of a channel with their values."""
        return self._config.get(kind, {})

    def describe(self) -> Sequence[PluginInfo]:
        """Return every plugin found, the broken ones too."""
        return tuple(self._infos)

    def findings(self, draft: DeliveryDraft) -> list[Finding]:
        """Ask every plugin's control rules about a delivery."""
        found: list[Finding] = []
        for name, result in self._each("register_control_rules", draft=draft):
            if isinstance(result, Exception):
                message = f"The plugin {name} could not check this delivery."
                found.append(Finding(code="plugin_failed", level=Level.WARNING, message=message))
            else:
                found.extend(result)
        return found

    def announce(self, event: DeliveryEvent) -> None:
        """Tell every plugin about `event`; one that fails is logged and silences no other."""
        for _ in self._each("on_delivery_event", event=event):
            pass

    def commands(self) -> list[click.Command]:
        """Return the commands that plugins bring."""
        results = [result for _, result in self._each("register_commands")]
        return [item for found in results if not isinstance(found, Exception) for item in found]

    def _each(self, hook: str, **arguments: object) -> Iterator[tuple[str, Any]]:
        for name, plugin in self._manager.list_name_plugin():
            caller = self._manager.subset_hook_caller(hook, self._others(plugin))
            try:
                yield from ((name, result) for result in caller(**arguments))
            # The border to foreign code: whatever a plugin raises stays its own fault.
            except Exception as fault:
                log.exception("Plugin %s failed in %s.", name, hook)
                yield name, fault


def _variable(channel: Channel, option: str) -> str:
    return f"{PREFIX}{channel.kind}_{option}".upper()


def _sentence(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"


def _info(
    name: str, entry: EntryPoint | None, *, kinds: tuple[str, ...] = (), fault: str = ""
) -> PluginInfo:
    source = cast("Any", entry.dist if entry else None)
    return PluginInfo(
        name=name,
        distribution=source.name if source else "",
        version=source.version if source else "",
        kinds=kinds,
        fault=fault,
    )
