"""Looks at a channel or plugin without calling any network: what breaks the contract, with its fix.

The core refuses a channel with an error here, `plugin check` prints all of it, and the contract
suite begins with it.
"""

import difflib
import inspect
import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from flask import Blueprint
from werkzeug.datastructures import MultiDict

from channels import further_parts, hookspecs, parts
from channels.channel import PARTS, Channel
from channels.hooks import CONTRACT, PROJECT
from channels.kinds import MessageKind
from channels.pictures import HOST
from channels.slots import TEMPLATE_SLOTS
from channels.validation import SLUG
from channels.values import Check, CheckState
from channels.workflows import ChannelWorkflow

# What rows and addresses call the core's own kinds of delivery.
TAKEN_KINDS = ("post", "direct")
PROTOCOLS: dict[str, type] = {
    "connection": parts.Connection,
    "audience": parts.Audience,
    "inbox": parts.Inbox,
    "posts": parts.Posts,
    "directs": parts.Directs,
    "texts": parts.Texts,
    "reconciliation": parts.Reconciliation,
    "limits": parts.Limits,
    "sandbox": parts.Sandbox,
    "pages": parts.Pages,
    "sessions": further_parts.Sessions,
    "moving": further_parts.Moving,
    "events": further_parts.Events,
    "media": further_parts.Uploads,
    "metrics": further_parts.Metrics,
    "sign_in": further_parts.SignIn,
    "sharing": further_parts.Sharing,
    "editing": further_parts.Editing,
}
HOOKS = tuple(
    name
    for name, item in vars(hookspecs).items()
    if inspect.isfunction(item) and hasattr(item, f"{PROJECT}_spec")
)


def channel_checks(channel: object) -> Iterator[Check]:
    """Yield what was found about a channel object, one check for each thing looked at."""
    if not isinstance(channel, Channel):
        text = f"{type(channel).__name__} is not a channels.Channel; subclass it."
        yield failed("channel", "Channel", text)
        return
    yield _kind(channel)
    yield _label(channel)
    yield _contract(channel)
    yield _image_hosts(channel)
    yield from _message_kinds(channel)
    for name in ("connection", *PARTS):
        part = getattr(channel, name, None)
        if part is not None:
            yield _part(name, part)
        elif name == "connection":
            text = f"{type(channel).__name__} has no connection; every channel needs one."
            yield failed("connection", "connection", text)


def _kind(channel: Channel) -> Check:
    kind = getattr(channel, "kind", None)
    if isinstance(kind, str) and SLUG.fullmatch(kind):
        return passed("kind", "kind", kind)
    text = f"kind is {kind!r}; it begins with a-z and goes on with a-z, 0-9 and _."
    return failed("kind", "kind", text)


def _label(channel: Channel) -> Check:
    label = getattr(channel, "label", None)
    if isinstance(label, str) and label.strip():
        return passed("label", "label", label)
    return failed("label", "label", f"{type(channel).__name__} has no label, the word people read.")


def _contract(channel: Channel) -> Check:
    if channel.contract == CONTRACT:
        return passed("contract", "contract", f"{channel.contract}")
    name = getattr(channel, "kind", type(channel).__name__)
    text = (
        f"{name} asks for contract {channel.contract}, this Fanfare speaks {CONTRACT}. "
        "Install an older version of the plugin, or a newer Fanfare."
    )
    if channel.contract < CONTRACT:
        text = (
            f"{name} is written for contract {channel.contract}, this Fanfare speaks "
            f"{CONTRACT}. Let publish and send take a channels.Outgoing, compare operations with "
            f"==, and set contract = {CONTRACT}; docs/plugins.md has the list. Or install a newer "
            "version of the plugin."
        )
    return failed("contract", "contract", text)


def _image_hosts(channel: Channel) -> Check:
    hosts = channel.image_hosts
    wrong = [host for host in hosts if not isinstance(host, str) or not HOST.fullmatch(host)]
    if wrong or isinstance(hosts, str):
        text = (
            f"image_hosts holds {wrong[0] if wrong else hosts!r}; each is a name in small letters "
            "such as pbs.twimg.com or *.cdn.example, without scheme and path."
        )
        return failed("image_hosts", "image_hosts", text)
    return passed("image_hosts", "image_hosts", ", ".join(hosts) or "no pictures")


def _message_kinds(channel: Channel) -> Iterator[Check]:
    """Yield what was found about the channel's own kinds of message."""
    offered: Sequence[object] = channel.message_kinds
    for item in offered:
        if not isinstance(item, MessageKind):
            text = f"message_kinds holds {item!r}; each is a MessageKind."
        elif item.name in TAKEN_KINDS:
            text = f"The message kind {item.name} has a name of the core's own; choose another."
        elif channel.directs is None:
            text = f"Nobody sends the message kind {item.name}: the channel has no directs."
        else:
            yield passed("message_kinds", item.name, item.label)
            continue
        yield failed("message_kinds", "message_kinds", text)


def _part(name: str, part: object) -> Check:
    problems = [text for member in members(PROTOCOLS[name]) for text in _member(name, part, member)]
    if problems:
        return failed(name, name, " ".join(problems))
    return passed(name, name, ", ".join(members(PROTOCOLS[name])))


def members(protocol: type) -> tuple[str, ...]:
    """Return the names of the methods and properties that a protocol asks for."""
    return tuple(
        name
        for name, item in vars(protocol).items()
        if not name.startswith("_") and (inspect.isfunction(item) or isinstance(item, property))
    )


def _member(name: str, part: object, member: str) -> Iterator[str]:
    method = getattr(part, member, None)
    if not callable(method):
        yield f"{name}.{member} is missing."
        return
    wanted = list(inspect.signature(getattr(PROTOCOLS[name], member)).parameters.values())[1:]
    try:
        inspect.signature(method).bind(*wanted)
    except TypeError:
        names = ", ".join(item.name for item in wanted)
        yield f"{name}.{member} is called with ({names}), which it does not take."
    except ValueError:
        return  # A callable written in C shows no signature.


def form_check(channel: Channel) -> Check:
    """Return whether the settings form can be made, shown and kept as JSON without its secrets."""
    try:
        form = channel.connection.settings_form()
        secrets = {name: f"secret-{name}" for name in form.secret_names()}
        filled = form(MultiDict(secrets))
        shown = " ".join(str(field()) for field in filled) + json.dumps(filled.settings())
    # The form is the author's code; whatever it raises is what was asked for.
    except Exception as fault:  # noqa: BLE001 - the fault is returned
        return failed("form", "form", f"The form fails: {type(fault).__name__}: {fault}")
    leaked = [name for name, text in secrets.items() if text in shown]
    if leaked:
        return failed("form", "form", f"The form shows {', '.join(leaked)} again.")
    return passed("form", "form", f"asks for {', '.join(field.short_name for field in filled)}")


def workflow_checks(workflow: ChannelWorkflow, kinds: Collection[str]) -> Iterator[Check]:
    """Yield what was found about a workflow of a plugin that brings channels of these kinds.

    Whether its schedule comes, and not too often, the core alone knows.
    """
    label = f"workflow {workflow.job}"
    problems = list(_of_workflow(workflow, kinds))
    yield from (failed("workflow", label, text) for text in problems)
    if not problems:
        yield passed("workflow", label, f"{workflow.name}, {workflow.schedule}")


def _of_workflow(workflow: ChannelWorkflow, kinds: Collection[str]) -> Iterator[str]:
    if not SLUG.fullmatch(str(workflow.job)):
        yield f"The job {workflow.job!r} of a workflow must be a slug such as refresh."
    if workflow.kind not in kinds:
        yield f"The workflow {workflow.job} is for {workflow.kind}, not a channel of this plugin."
    if not workflow.name.strip():
        yield f"The workflow {workflow.job} has no name, the words people read."
    try:
        inspect.signature(workflow.step).bind(None, None)
    except TypeError:
        yield f"The step of {workflow.job} does not take what it is called with: context, cursor."
    except ValueError:
        return  # A callable written in C shows no signature.


def blueprint_check(kind: str, blueprint: object) -> Check:
    """Return whether what `pages.blueprint` made is a blueprint of the right name and slots."""
    name = f"channel_{kind}"
    if not isinstance(blueprint, Blueprint) or blueprint.name != name:
        made = getattr(blueprint, "name", type(blueprint).__name__)
        return failed("pages", "blueprint", f"The blueprint must be named {name}, not {made}.")
    slots = sorted(_slots(kind, blueprint))
    strange = [name for name in slots if name not in TEMPLATE_SLOTS]
    if strange:
        known = ", ".join(TEMPLATE_SLOTS)
        text = f"channels/{kind}/{strange[0]}.html fills no slot; the slots are {known}."
        return failed("pages", "blueprint", text)
    return passed("pages", "blueprint", f"{name}; fills {', '.join(slots) or 'no slot'}")


def _slots(kind: str, blueprint: Blueprint) -> Iterator[str]:
    """Yield the slots a blueprint fills; files that begin with `_` are its own."""
    loader = blueprint.jinja_loader
    for path in loader.list_templates() if loader else ():
        folder, _slash, name = path.rpartition("/")
        if folder == f"channels/{kind}" and not name.startswith("_"):
            yield name.removesuffix(".html")


def hook_checks(plugin: object) -> Iterator[Check]:
    """Yield what was found about the hooks a plugin implements, or seems to mean."""
    marked = {
        name: getattr(plugin, name) for name in _names(plugin) if is_marked(getattr(plugin, name))
    }
    for name, function in marked.items():
        wanted = specname(function) or name
        if wanted in HOOKS:
            yield passed("hook", wanted, "implemented")
        else:
            yield failed("hook", wanted, misspelt(wanted))
    for name in sorted(set(HOOKS) & set(_names(plugin)) - set(marked)):
        text = f"{name} lacks @hookimpl, so it is never called."
        yield Check(code="hook", label=name, state=CheckState.WARNING, detail=text)


def _names(plugin: object) -> list[str]:
    return [name for name in dir(plugin) if callable(getattr(plugin, name, None))]


def is_marked(item: object) -> bool:
    """Tell whether a function carries `@hookimpl`.

    Nothing else is asked: what stands for the request of Flask answers outside one with an error.
    """
    return inspect.isroutine(item) and isinstance(getattr(item, f"{PROJECT}_impl", None), dict)


def specname(item: object) -> str:
    """Return the hook that a marked function names itself after, if it does."""
    options: dict[str, Any] = getattr(item, f"{PROJECT}_impl", {})
    return str(options.get("specname") or "")


def misspelt(name: str) -> str:
    """Return the sentence about a hook that does not exist, with the nearest that does."""
    near = difflib.get_close_matches(name, HOOKS, n=1)
    hint = f" Did you mean {near[0]}?" if near else f" The hooks are {', '.join(HOOKS)}."
    return f"{name} is not a hook of Fanfare.{hint}"


def passed(code: str, label: str, detail: str = "") -> Check:
    """Return a check that found nothing wrong."""
    return Check(code=code, label=label, state=CheckState.PASSED, detail=detail)


def failed(code: str, label: str, detail: str) -> Check:
    """Return a check that found something against the contract."""
    return Check(code=code, label=label, state=CheckState.ERROR, detail=detail)
