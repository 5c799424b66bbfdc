"""What values of the contract have in common: each checks itself when it is made.

So a plugin's fault raises at the plugin's own line, and the sentence names class, field and what
the field must be.
"""

import re
import types
from collections.abc import Hashable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from reprlib import Repr
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

# What the tables of the core hold.
LARGEST = 2**31 - 1
LONGEST_ID = 255
SLUG = re.compile(r"[a-z][a-z0-9_]*")
# What is of exactly a type it may be of is sound, but for these: their values are looked at, too.
LOOKED_AT = (int, datetime, Decimal, tuple, frozenset, Mapping)
short = Repr().repr


class ContractViolation(ValueError):
    """A value against the contract; the text names its class, its field and what it must be.

    It is a `ValueError`, so what `channels.http` makes of an answer of the network may raise it:
    then the network said something unexpected.
    """


class Value:
    """A value that crosses the border between core and channel; it is sound once it is made."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Raise `ContractViolation` for the first field that is not what it is declared to be."""
        name = type(self).__name__
        for field, hint, plain in _hints(cast("Hashable", type(self))):
            held = getattr(self, field)
            if type(held) not in plain:
                check(held, hint, f"{name}.{field}")
            if field == "remote_id" and isinstance(held, str):
                check_id(held, f"{name}.{field}")


@cache
def _hints(kind: Hashable) -> tuple[tuple[str, Any, frozenset[object]], ...]:
    """Return each field with its type, and of which types a value needs no second look."""
    hints, listed = get_type_hints(kind), fields(cast("Any", kind))
    return tuple((item.name, hints[item.name], _plain(hints[item.name])) for item in listed)


def _plain(hint: Any) -> frozenset[object]:
    """Return the types whose values need no second look where a value may be of `hint`."""
    classes = [arm for arm in _arms(hint) if isinstance(arm, type) and get_origin(arm) is None]
    return frozenset(arm for arm in classes if arm is bool or not issubclass(arm, LOOKED_AT))


def _arms(hint: Any) -> tuple[Any, ...]:
    """Return the types that a value may be of."""
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def check(held: Any, hint: Any, place: str) -> None:
    """Raise `ContractViolation` unless a value is of the type `hint`, and so is all it holds."""
    arm = next((item for item in _arms(hint) if _is(held, item)), None)
    if arm is None:
        raise violation(place, held, _words(hint))
    if isinstance(held, tuple | frozenset | Mapping):
        _check_items(held, get_args(arm), place)
    elif isinstance(held, datetime) and held.utcoffset() != timedelta(0):
        raise violation(place, held, "an aware time in UTC")
    elif isinstance(held, int) and abs(held) > LARGEST:
        raise violation(place, held, f"a number up to {LARGEST}")
    elif isinstance(held, Decimal) and not held.is_finite():
        raise violation(place, held, "a finite number")


def check_id(held: str, place: str) -> None:
    """Raise `ContractViolation` for what is no id of a thing on the network."""
    if not (0 < len(held) <= LONGEST_ID and held.isprintable()):
        raise violation(place, held, f"an id of 1 to {LONGEST_ID} signs that can be printed")


def violation(place: str, held: object, wanted: str) -> ContractViolation:
    """Return the fault of a value at a place such as `Person.follower_count`."""
    shown = held.isoformat() if isinstance(held, datetime) else short(held)
    return ContractViolation(f"{place} is {shown}; it must be {wanted}.")


def _check_items(held: Any, hints: tuple[Any, ...], place: str) -> None:
    """Check what a collection holds; texts and values of the contract are sound as they are."""
    if isinstance(held, Mapping):
        for name, item in held.items():
            check(name, hints[0], f"A key of {place}")
            check(item, hints[1], f"{place}[{short(name)}]")
    elif not (set(map(type, held)) <= {hints[0]} and issubclass(hints[0], Value | str)):
        for number, item in enumerate(held):
            check(item, hints[0], f"{place}[{number}]")


def _is(held: Any, hint: Any) -> bool:
    """Tell whether a value is of a type; a truth is no number."""
    kind = get_origin(hint) or hint
    if kind is int and isinstance(held, bool):
        return False
    return isinstance(held, kind) if isinstance(kind, type) else True


def _words(hint: Any) -> str:
    """Return a type as a sentence names it: a tuple of Person, str or None."""
    kind, inner = get_origin(hint), get_args(hint)
    if kind in (Union, types.UnionType):
        return " or ".join(_words(item) for item in inner)
    if kind in (tuple, frozenset):
        return f"a {kind.__name__} of {_words(inner[0])}"
    if hint is type(None):
        return "None"
    return str(getattr(kind or hint, "__name__", hint))
