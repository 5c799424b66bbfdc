"""Looks at one installed plugin: what it brings, and what of it breaks the contract."""

from collections.abc import Iterator

from channels import Channel, Check, CheckState, inspection
from webapp.kernel.errors import NotFound
from webapp.kernel.plugins import PluginInfo
from webapp.kernel.registry import Registry
from webapp.system.host import Host


def look(registry: Registry, name: str) -> list[Check]:
    """Return every check of the plugin called `name`; raise `NotFound` when there is none."""
    info = next((item for item in registry.describe() if item.name == name), None)
    if info is None:
        raise NotFound(f"No plugin is called {name}; see ./run plugin list.")
    return list(_checks(registry, info))


def _checks(registry: Registry, info: PluginInfo) -> Iterator[Check]:
    if info.fault:
        yield inspection.failed("load", "loads", info.fault)
    plugin = registry.plugin(info.name)
    if plugin is None:
        return
    yield inspection.passed("load", "loads", f"{info.distribution} {info.version}".strip())
    yield from inspection.hook_checks(plugin)
    for kind in info.kinds:
        yield from _of_channel(registry, registry.get(kind))
    for text in info.trouble:
        yield Check(code="trouble", label="trouble", state=CheckState.WARNING, detail=text)


def _of_channel(registry: Registry, channel: Channel) -> Iterator[Check]:
    yield from inspection.channel_checks(channel)
    yield inspection.form_check(channel)
    if channel.pages is not None:
        blueprint = channel.pages.blueprint(Host(channel.kind, registry))
        yield inspection.blueprint_check(channel.kind, blueprint)
