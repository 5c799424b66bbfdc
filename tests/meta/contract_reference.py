"""What `docs/plugins.md` must say of the contract: each heading, with the rows below it."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, get_type_hints

import channels
import channels.http
import channels.testing
import channels.texts
from channels import hookspecs, inspection, parts
from channels.slots import TEMPLATE_SLOTS

PUBLIC = {
    **{name: getattr(channels, name) for name in channels.__all__},
    **{name: getattr(channels.testing, name) for name in channels.testing.__all__},
    "PlainText": channels.texts.PlainText,
    "Network": channels.http.Network,
    "NetworkError": channels.http.NetworkError,
    **{
        name: item
        for name, item in vars(parts).items()
        if inspect.isclass(item) and item.__module__ == parts.__name__
    },
}

Entry = tuple[str, str]


def entries() -> Iterator[Entry]:
    """Yield each heading with the beginning of one row that must stand below it."""
    for hook in inspection.HOOKS:
        yield f"### `{hook}{_arguments(getattr(hookspecs, hook))}`", ""
    for name, item in sorted(PUBLIC.items()):
        if inspect.isclass(item):
            for row in rows(name, item):
                yield f"### `{name}`", row
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
            yield f"| `{name}{_arguments(plain)}` |"
        elif isinstance(member, property):
            yield f"| `{name}` |"


def _attributes(name: str, item: type) -> Iterator[str]:
    if name in ("Channel", "ChannelContract"):
        yield from (attribute for attribute in inspect.get_annotations(item))


def _arguments(function: Any) -> str:
    names = [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]
    return f"({', '.join(names)})"


def type_of(item: type, field: str) -> str:
    """Return the type of a field as a cell of a table."""
    hint = get_type_hints(item)[field]
    text = hint.__name__ if inspect.isclass(hint) and not hasattr(hint, "__args__") else str(hint)
    plain = re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", text).replace("|", "\\|")
    return f"`{plain}`"


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
