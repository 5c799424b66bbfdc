"""What `docs/plugins.md` must say of the contract: each heading, with the rows below it."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

import channels
import channels.http
import channels.testing
import channels.texts
from channels import further_parts, hookspecs, inspection, parts
from channels.slots import TEMPLATE_SLOTS
from channels.testing.calls import CALLS

PUBLIC = {
    **{name: getattr(channels, name) for name in channels.__all__},
    **{name: getattr(channels.testing, name) for name in channels.testing.__all__},
    "PlainText": channels.texts.PlainText,
    "Network": channels.http.Network,
    "NetworkError": channels.http.NetworkError,
    **{
        name: item
        for module in (parts, further_parts)
        for name, item in vars(module).items()
        if inspect.isclass(item) and item.__module__ == module.__name__
    },
}

FUNCTIONS = {
    channels: ("tried", "needs"),
    channels.texts: ("wish_of",),
    channels.testing: ("registered",),
    channels.http: (
        "text_of",
        "member_of",
        "of_network",
        "of_answer",
        "is_refusal",
        "never_began",
        "retry_after",
        "stumbled",
        "body_of",
    ),
}

Entry = tuple[str, str]


def entries() -> Iterator[Entry]:
    """Yield each heading with the beginning of one row that must stand below it."""
    for hook in inspection.HOOKS:
        function = getattr(hookspecs, hook)
        signature = signature_of(function).replace("\\|", "|")
        yield f"### `{hook}{_arguments(function)}`", f"`{hook}{signature}`"
    for name, item in sorted(PUBLIC.items()):
        if inspect.isclass(item):
            for row in rows(name, item):
                yield f"### `{name}`", row
    yield from _listed()


def _listed() -> Iterator[Entry]:
    """Yield what stands in tables of its own: functions, scripts of the suite, slots."""
    for module, names in FUNCTIONS.items():
        for name in names:
            row = f"| `{name}{signature_of(getattr(module, name))}` | `{module.__name__}` |"
            yield "### Functions", row
    for script in (*(item.name for item in CALLS), "workflow <job>"):
        yield "### `ChannelContract`", f"| `{script}` |"
    for slot in TEMPLATE_SLOTS:
        yield "## Template slots", f"| `{slot}` |"


def rows(name: str, item: type) -> Iterator[str]:
    """Yield the beginning of each row of a class: its fields, members or methods."""
    if issubclass(item, Enum):
        yield from (f"| `{member.name}` |" for member in item)
    elif is_dataclass(item) and name != "Network":
        yield from (f"| `{spec.name}` | {type_of(item, spec.name)} |" for spec in fields(item))
    yield from _methods(item)
    yield from (f"| `{attribute}` |" for attribute in _attributes(name, item))
    yield ""


def _own(item: type) -> dict[str, Any]:
    """Return what a class defines, or takes from a class of the contract that is not public."""
    hidden = [
        base
        for base in item.__mro__[:0:-1]
        if base.__module__.startswith("channels.clock") and base not in PUBLIC.values()
    ]
    return {name: member for owner in (*hidden, item) for name, member in vars(owner).items()}


def _methods(item: type) -> Iterator[str]:
    for name, member in _own(item).items():
        if name.startswith(("_", "test_", "pytest_")) or issubclass(item, Enum):
            continue
        plain = getattr(member, "__func__", member)
        if inspect.isfunction(plain):
            yield f"| `{name}{signature_of(plain)}` |"
        elif isinstance(member, property):
            yield f"| `{name}: {_written(get_type_hints(member.fget)['return'])}` |"


def _attributes(name: str, item: type) -> Iterator[str]:
    if name in ("Channel", "ChannelContract"):
        hints = get_type_hints(item)
        for attribute in inspect.get_annotations(item):
            hint = hints[attribute]
            held = get_args(hint)[0] if get_origin(hint) is ClassVar else hint
            yield f"{attribute}: {_written(held)}"


def _arguments(function: Any) -> str:
    names = [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]
    return f"({', '.join(names)})"


def signature_of(function: Any) -> str:
    """Return what a function takes and returns as a cell of a table: names, types, defaults."""
    hints = get_type_hints(function)
    taken, keywords = [], False
    for item in inspect.signature(function).parameters.values():
        if item.name in ("self", "cls"):
            continue
        if item.kind is item.KEYWORD_ONLY and not keywords:
            taken, keywords = [*taken, "*"], True
        keywords = keywords or item.kind is item.VAR_POSITIONAL
        stars = {item.VAR_POSITIONAL: "*", item.VAR_KEYWORD: "**"}.get(item.kind, "")
        default = (
            "" if item.default is item.empty else f" = {item.default!r}".replace("datetime.", "")
        )
        taken.append(f"{stars}{item.name}: {_written(hints[item.name])}{default}")
    return f"({', '.join(taken)}) -> {_written(hints['return'])}"


def _written(hint: Any) -> str:
    """Return a type as a cell of a table; modules and type variables lose what marks them."""
    text = hint.__name__ if inspect.isclass(hint) and not hasattr(hint, "__args__") else str(hint)
    plain = re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", text)
    return plain.replace("~", "").replace("NoneType", "None").replace("|", "\\|")


def type_of(item: type, field: str) -> str:
    """Return the type of a field as a cell of a table."""
    return f"`{_written(get_type_hints(item)[field])}`"


def section(text: str, heading: str) -> str | None:
    """Return what stands below a heading, to the next one of the same or a higher level."""
    level = heading.split(" ", 1)[0]
    lines = text.splitlines()
    if heading not in lines:
        return None
    start = lines.index(heading) + 1
    ends = re.compile(rf"^#{{1,{len(level)}}} ")
    end = next((n for n in range(start, len(lines)) if ends.match(lines[n])), len(lines))
    return "\n".join(lines[start:end])
