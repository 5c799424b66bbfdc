"""Sentences of a channel that outlive the language they were made in.

A worker does not know who will read what it found. A sentence made here is a plain text in the
language of the moment, and remembers its source and its values, so that the core keeps those and
says it anew to each reader.
"""

from collections.abc import Mapping
from typing import Self

import flask_babel
from babel.numbers import format_decimal


class Counted(int):
    """A whole number that a sentence writes as its reader does: *12,445*."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return the number with its separators, in the language of the moment."""
        return format_decimal(int(self), locale=flask_babel.get_locale() or "en")


def counted(value: object) -> object:
    """Return a value as a sentence takes it: a whole number with its separators."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Counted(value)
    return value


def all_counted(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values of a sentence, whole numbers with their separators."""
    return {name: counted(value) for name, value in values.items()}


class Sentence(str):
    """A translated sentence that can be said again in another language."""

    __slots__ = ("source", "values")
    source: str
    values: Mapping[str, object]

    def __new__(cls, source: str, /, **values: object) -> Self:
        """Translate `source` and fill in `%(name)s` values."""
        made = super().__new__(cls, flask_babel.gettext(source, **all_counted(values)))
        made.source, made.values = source, values
        return made

    def __str__(self) -> str:
        """Return the sentence itself: a copy would forget its source."""
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """Let copies be made from the source."""
        return (self.source,), dict(self.values)


def _(source: str, **values: object) -> str:
    """Translate `source` and fill in `%(name)s` values."""
    return Sentence(source, **values)


class Later:
    """A sentence that stands in a table of a module, and is made each time it is shown."""

    __slots__ = ("source",)

    def __init__(self, source: str) -> None:
        """Keep the source."""
        self.source = source

    def __str__(self) -> str:
        """Return the sentence in the language of the moment."""
        return Sentence(self.source)


def later(source: str) -> Later:
    """Translate `source` when it is shown, for tables made while modules load."""
    return Later(source)
