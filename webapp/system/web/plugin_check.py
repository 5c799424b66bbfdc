"""Looks at one installed plugin: what it brings, and what of it breaks the contract."""

from collections.abc import Container, Iterator

from channels import Channel, ChannelWorkflow, Check, CheckState, inspection
from webapp.kernel.config.command_name import RUN
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.instance import Instance
from webapp.kernel.plugins.admission import PluginInfo, sentence
from webapp.kernel.plugins.registry import Registry
from webapp.services.channel import declared
from webapp.system.setup import defaults
from webapp.system.web.channel_pages import Host
from webapp.workflows.schedules import cadence


def look(instance: Instance, name: str) -> list[Check]:
    """Return every check of the plugin called `name`; raise `NotFound` when there is none."""
    registry = instance.registry
    info = next((item for item in registry.describe() if item.name == name), None)
    if info is None:
        raise NotFound(f"No plugin is called {name}; see {RUN} plugin list.")
    return list(_checks(registry, info, instance.domains.tasks))


def _checks(registry: Registry, info: PluginInfo, jobs: Container[str]) -> Iterator[Check]:
    if info.fault:
        yield inspection.failed("load", "loads", info.fault)
    plugin = registry.plugin(info.name)
    if plugin is None:
        return
    yield inspection.passed("load", "loads", f"{info.distribution} {info.version}".strip())
    yield from inspection.hook_checks(plugin)
    for kind in info.kinds:
        yield from _of_channel(registry, registry.get(kind))
    workflows = list(_workflows(registry, info, jobs))
    yield from workflows
    known = " ".join(item.detail for item in workflows if item.state is CheckState.ERROR)
    for text in info.trouble:
        told = text.partition(": ")[2]
        if not told or told not in known:
            yield Check(code="trouble", label="trouble", state=CheckState.WARNING, detail=text)


def _workflows(registry: Registry, info: PluginInfo, jobs: Container[str]) -> Iterator[Check]:
    """Yield each workflow the plugin offers, with when it runs; one that is left out is a fault."""
    try:
        offered = registry.offered_workflows(info.name)
    # The border to foreign code: whatever a plugin raises is what was asked for.
    except Exception as fault:  # noqa: BLE001 - the fault is returned
        yield inspection.failed("workflow", "register_workflows", sentence(fault))
        return
    seen = set[tuple[str, str]]()
    for item in offered:
        found = list(inspection.workflow_checks(item, info.kinds))
        twice = (item.job, item.kind) in seen
        seen.add((item.job, item.kind))
        if twice:
            text = f"The workflow {item.job} of {item.kind} is offered twice."
            yield inspection.failed("workflow", f"workflow {item.job}", text)
        elif all(check.state is CheckState.PASSED for check in found):
            yield _scheduled(item, jobs)
        else:
            yield from found


def _scheduled(item: ChannelWorkflow, jobs: Container[str]) -> Check:
    label = f"workflow {item.job}"
    try:
        schedule = defaults.schedule_of(item, jobs)
    except Invalid as fault:
        return inspection.failed("workflow", label, fault.message)
    needed = ", offered to be started when an account is connected" if item.needed_for else ""
    words = cadence.words(schedule)
    return inspection.passed("workflow", label, f"{item.name}, {words}{needed}")


def _of_channel(registry: Registry, channel: Channel) -> Iterator[Check]:
    yield from inspection.channel_checks(channel)
    yield inspection.form_check(channel)
    if channel.pages is not None:
        blueprint = declared.blueprint(channel, Host(channel.kind, registry))
        yield inspection.blueprint_check(channel.kind, blueprint)
