"""The typed face over pluggy: finds the plugins, keeps their channels, guards every hook call."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click
import pluggy

import channels.hookspecs
from channels import (
    ENTRY_POINT_GROUP,
    PROJECT,
    Channel,
    ChannelWorkflow,
    CheckState,
    DeliveryDraft,
    DeliveryEvent,
    Finding,
    Level,
    discovery,
    inspection,
)
from webapp.kernel.config import channel_options
from webapp.kernel.config.settings import Settings, SettingsError
from webapp.kernel.errors import NotFound
from webapp.kernel.plugins import admission
from webapp.kernel.plugins.admission import PluginInfo, Refused
from webapp.kernel.plugins.admission import sentence as _said
from webapp.kernel.text import naming, notices
from webapp.kernel.text.notices import Notice
from webapp.kernel.text.suggestions import near

log = logging.getLogger(__name__)

# What each hook's answer is made of; an event's hook answers nothing.
ITEMS: Mapping[str, type] = {
    "register_channels": Channel,
    "check_delivery": Finding,
    "register_workflows": ChannelWorkflow,
    "register_commands": click.Command,
    "on_delivery_event": type(None),
}


class Registry:
    """The plugins of one application; each application builds its own."""

    def __init__(self, disabled: Iterable[str] = (), *, safe_mode: bool = False) -> None:
        """Start empty; `disabled` names plugins that `load` passes over.

        In `safe_mode` it passes over all that do not come with Fanfare.
        """
        self.safe_mode = safe_mode
        naming.forget()
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(channels.hookspecs)
        self._disabled = frozenset(disabled)
        self._unknown_names: list[str] = []
        self._channels: dict[str, Channel] = {}
        self._workflows: dict[tuple[str, str], ChannelWorkflow] = {}
        self._infos: dict[str, PluginInfo] = {}
        self._runtime_failures: dict[str, dict[str, str]] = {}
        self._config: dict[str, Mapping[str, str]] = {}

    def load(self) -> None:
        """Load every installed plugin, sorted by name; a broken one is kept out and described."""
        entries = discovery.found(entry_points(group=ENTRY_POINT_GROUP))
        self._unknown_names = channel_options.strange(
            self._disabled, [entry.name for entry in entries]
        )
        for entry in entries:
            if entry.name in self._disabled:
                continue
            if self.safe_mode and not admission.is_bundled(entry):
                why = "Fanfare was started in safe mode, without the plugins of others."
                self._infos[entry.name] = admission.info_of(entry.name, entry, fault=why)
                continue
            try:
                self.add(entry.load(), name=entry.name, entry=entry)
            # A plugin may fail in any way while it loads, even by ending the program; it must
            # not take the core with it.
            except (Exception, SystemExit) as fault:
                log.exception("Plugin %s failed to load.", entry.name)
                self._infos.setdefault(
                    entry.name,
                    admission.info_of(entry.name, entry, fault=_said(fault)),
                )

    def add(self, plugin: object, *, name: str, entry: EntryPoint | None = None) -> None:
        """Register `plugin` and its channels; raise `Refused` when it breaks the contract."""
        looked = list(inspection.hook_checks(plugin))
        admission.refuse_faults(looked)
        self._manager.register(plugin, name)
        try:
            self._manager.check_pending()
            offered = admission.checked_channels(
                self._call(plugin, "register_channels"), self._channels
            )
        except BaseException:
            self._manager.unregister(plugin)
            raise
        self._channels |= {channel.kind: channel for channel in offered}
        for channel in offered:
            naming.learn(channel)
        kinds = tuple(item.kind for item in offered)
        self._infos[name] = admission.info_of(name, entry, kinds=kinds)
        for item in looked:
            if item.state is CheckState.WARNING:
                self._note(name, item.label, item.detail)
        self._take_workflows(plugin, name, kinds)

    def _take_workflows(self, plugin: object, name: str, kinds: tuple[str, ...]) -> None:
        try:
            offered = admission.checked_workflows(self._call(plugin, "register_workflows"), kinds)
        # A plugin without its workflows still serves its channel, so it is not kept out.
        except Exception as fault:
            log.exception("Plugin %s failed in register_workflows.", name)
            self._note(name, "register_workflows", f"register_workflows: {_said(fault)}")
        else:
            self._workflows |= {(item.job, item.kind): item for item in offered}

    def disable_channel(self, kind: str, why: str) -> None:
        """Leave out a channel that failed after it was taken in; its plugin is shown as failed."""
        self._channels.pop(kind, None)
        self._workflows = {key: item for key, item in self._workflows.items() if key[1] != kind}
        for name, info in self._infos.items():
            if kind in info.kinds:
                kinds = tuple(item for item in info.kinds if item != kind)
                self._infos[name] = replace(info, kinds=kinds, fault=why)

    def record_failure(self, kind: str, why: str) -> None:
        """Show on the plugins page which part of an otherwise working channel failed."""
        for name, info in self._infos.items():
            if kind in info.kinds:
                self._note(name, why, why)

    def configure(self, settings: Settings) -> None:
        """Give each channel its `FANFARE_<KIND>_*` values; raise `SettingsError` for mistakes."""
        faults = self.faults(settings.plugin_options)
        if faults:
            raise SettingsError(faults)
        for channel in self._channels.values():
            self._config[channel.kind] = channel_options.values(channel, settings.plugin_options)

    def faults(self, given: Mapping[str, str]) -> list[str]:
        """Return what is wrong with settings that the core alone cannot judge."""
        broken = {name for name, info in self._infos.items() if info.fault}
        found = channel_options.faults(given, self._channels.values(), broken | self._disabled)
        return [*self._unknown_names, *found]

    def get(self, kind: str) -> Channel:
        """Return the channel of `kind`; raise `NotFound` when no plugin brings it."""
        try:
            return self._channels[kind]
        except KeyError as cause:
            guess = near(kind, self._channels)
            raise NotFound(notices.together(Notice("no_channel", kind=kind), guess)) from cause

    def has(self, kind: str) -> bool:
        """Tell whether a plugin brings the channel of `kind`."""
        return kind in self._channels

    def __iter__(self) -> Iterator[Channel]:
        """Iterate over the channels by label."""
        return iter(sorted(self._channels.values(), key=lambda channel: channel.label))

    def image_hosts(self) -> Sequence[str]:
        """Return the hosts from which any channel's pictures come."""
        return sorted({host for channel in self for host in channel.image_hosts})

    def config(self, kind: str) -> Mapping[str, str]:
        """Return the options of a channel with their values."""
        return self._config.get(kind, {})

    def describe(self) -> Sequence[PluginInfo]:
        """Return every plugin found, the broken ones too, with what failed in each since."""
        return tuple(
            replace(info, trouble=tuple(self._runtime_failures.get(name, {}).values()))
            for name, info in sorted(self._infos.items())
        )

    def workflows(self) -> Sequence[ChannelWorkflow]:
        """Return the workflows that plugins bring."""
        return tuple(self._workflows.values())

    def workflow(self, job: str, kind: str) -> ChannelWorkflow | None:
        """Return one workflow that a plugin brings, if it still does."""
        return self._workflows.get((job, kind))

    def offered_workflows(self, name: str) -> Sequence[ChannelWorkflow]:
        """Ask a plugin for its workflows again, those left out among them; it may raise."""
        plugin = self.plugin(name)
        return self._call(plugin, "register_workflows") if plugin is not None else ()

    def disable_workflow(self, workflow: ChannelWorkflow, why: str) -> None:
        """Leave out a workflow that cannot be scheduled, and show why with its plugin."""
        self._workflows.pop((workflow.job, workflow.kind), None)
        for name, info in self._infos.items():
            if workflow.kind in info.kinds:
                self._note(name, f"workflow {workflow.job}", f"Workflow {workflow.job}: {why}")

    def plugin(self, name: str) -> object | None:
        """Return the plugin of an entry point's name, if it was taken in."""
        found: object | None = self._manager.get_plugin(name)
        return found

    def findings(self, draft: DeliveryDraft) -> list[Finding]:
        """Ask every plugin's control rules about a delivery."""
        found: list[Finding] = []
        for name, result in self._each("check_delivery", draft=draft):
            if isinstance(result, Exception):
                message = Notice("unchecked", name=name)
                found.append(Finding(code="plugin_failed", level=Level.WARNING, message=message))
            else:
                found.extend(result)
        return found

    def announce(self, event: DeliveryEvent) -> dict[str, Exception]:
        """Tell every plugin about `event`; return what failed, by plugin."""
        return {
            name: result
            for name, result in self._each("on_delivery_event", event=event)
            if isinstance(result, Exception)
        }

    def commands(self, reserved: Collection[str] = ()) -> dict[str, click.Command]:
        """Return the commands that plugins bring by name; one whose name is taken is left out."""
        found: dict[str, click.Command] = {}
        for name, result in self._each("register_commands"):
            for command in () if isinstance(result, Exception) else result:
                word = str(command.name)
                if word in found or word in reserved:
                    why = f"The command {word} is left out: another one has that name."
                    self._note(name, f"command {word}", why)
                else:
                    found[word] = command
        return found

    def _each(self, hook: str, **arguments: object) -> Iterator[tuple[str, list[Any] | Exception]]:
        for name, plugin in self._manager.list_name_plugin():
            try:
                result: list[Any] | Exception = self._call(plugin, hook, **arguments)
            # The border to foreign code: whatever a plugin raises stays its own fault.
            except Exception as fault:
                log.exception("Plugin %s failed in %s.", name, hook)
                self._note(name, hook, f"{hook}: {_said(fault)}")
                result = fault
            yield name, result

    def _call(self, plugin: object, hook: str, **arguments: object) -> list[Any]:
        """Call one plugin's hook and read its whole answer, which may fail while it is read."""
        others = [item for item in self._manager.get_plugins() if item is not plugin]
        answers = self._manager.subset_hook_caller(hook, others)(**arguments)
        found = [item for answer in answers for item in answer]
        wanted = ITEMS[hook]
        for item in found:
            if not isinstance(item, wanted):
                raise Refused(
                    f"{hook} returned a {type(item).__name__} instead of a {wanted.__name__}."
                )
        return found

    def _note(self, name: str, what: str, why: str) -> None:
        self._runtime_failures.setdefault(name, {})[what] = why
