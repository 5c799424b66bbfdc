"""What is unsound about a value that crosses the border, as sentences."""

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from reprlib import Repr
from typing import Any, Union, get_args, get_origin

from channels.errors import ChannelError, ErrorKind
from channels.inspection import SLUG

# What the tables of the core hold.
LARGEST = 2**31 - 1
LONGEST_ID = 255
short = Repr().repr


def unsound(value: Any, name: str = "") -> list[str]:
    """Return what is wrong with a value of the contract; nothing when it is sound."""
    return list(_faults(value, name or type(value).__name__))


def _faults(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, datetime):
        if value.utcoffset() != timedelta(0):
            yield f"{name} is {value.isoformat()}, not an aware time in UTC."
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _of_dataclass(value, name)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _faults(item, f"{name}[{number}]")
    elif isinstance(value, int) and abs(value) > LARGEST:
        yield f"{name} is {value}; the largest number kept is {LARGEST}."


def _of_dataclass(value: Any, name: str) -> Iterator[str]:
    if not value.__dataclass_params__.frozen:
        yield f"{name} can be changed; values of the contract are frozen."
    hints = typing.get_type_hints(type(value))
    for item in fields(value):
        held, hint = getattr(value, item.name), hints[item.name]
        yield from _misfits(held, hint, f"{name}.{item.name}")
        yield from _faults(held, f"{name}.{item.name}")
    remote_id = getattr(value, "remote_id", "an id")
    if isinstance(remote_id, str) and not _is_id(remote_id):
        yield f"{name}.remote_id is {short(remote_id)}; an id has 1 to {LONGEST_ID} signs."


def _is_id(text: str) -> bool:
    return 0 < len(text) <= LONGEST_ID and text.isprintable()


def _misfits(held: Any, hint: Any, place: str) -> Iterator[str]:
    """Yield which value is of another type; of a tuple that is an item of it."""
    if isinstance(held, tuple) and get_origin(hint) is tuple:
        for number, item in enumerate(held):
            yield from _misfits(item, get_args(hint)[0], f"{place}[{number}]")
    elif not _fits(held, hint):
        yield f"{place} is {short(held)}; it must be {getattr(hint, '__name__', hint)}."


def _fits(value: Any, hint: Any) -> bool:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, item) for item in get_args(hint))
    if origin is not None:
        return isinstance(value, Mapping if origin is Mapping else origin)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint) if isinstance(hint, type) else True


def unsound_error(fault: ChannelError) -> list[str]:
    """Return what is wrong with an error: it carries a kind, a code, a sentence and a time."""
    return list(_of_error(fault))


def _of_error(fault: ChannelError) -> Iterator[str]:
    if fault.kind not in list(ErrorKind):
        yield f"The kind is {fault.kind!r}, no ErrorKind."
    if not SLUG.fullmatch(fault.code):
        yield f"The code is {fault.code!r}, no stable word such as not_permitted."
    if not (fault.message.endswith(".") and " " in fault.message.strip()):
        yield f"The message is {fault.message!r}, no sentence for the operator."
    if fault.kind is ErrorKind.LIMITED and fault.retry_at is None:
        yield "A limited call says with retry_at when it may be made again."
    if fault.retry_at is not None:
        yield from _faults(fault.retry_at, "retry_at")
