"""Answers of the script with something else in them: another id, another sender."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from channels.testing.wire import Answer

WORD = re.compile(r"\w+")


def others(answer: Answer) -> Iterator[Answer]:
    """Yield an answer again and again, each time with one of its texts or numbers changed."""
    if answer.json is not None:
        yield from (replace(answer, json=item) for item in _others(answer.json))
    for found in WORD.finditer(answer.text if answer.json is None else ""):
        begin, end = found.span()
        text = answer.text[:begin] + _other(found[0]) + answer.text[end:]
        yield replace(answer, text=text)
    for name, value in answer.headers.items():
        yield replace(answer, headers={**answer.headers, name: _other(value)})


def _others(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from ({**value, name: other} for other in _others(item))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from ([*value[:number], other, *value[number + 1 :]] for other in _others(item))
    elif isinstance(value, str) and value:
        yield _other(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value + 1


def _other(text: str) -> str:
    """Return a text of the same form that ends otherwise."""
    for place in range(len(text) - 1, -1, -1):
        sign = text[place]
        if sign.isascii() and sign.isalnum():
            other = {"9": "8", "z": "y", "Z": "Y"}.get(sign, chr(ord(sign) + 1))
            return text[:place] + other + text[place + 1 :]
    return text


def put(answer: Answer, change: Callable[[str], str]) -> Answer:
    """Return an answer in which `change` was made to every text, number and name of a member."""
    if answer.json is None:
        return replace(answer, text=WORD.sub(lambda found: change(found[0]), answer.text))
    return replace(answer, json=_put(answer.json, change))


def _put(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {change(str(name)): _put(item, change) for name, item in value.items()}
    if isinstance(value, list):
        return [_put(item, change) for item in value]
    if isinstance(value, str):
        return change(value)
    if isinstance(value, int) and not isinstance(value, bool):
        new = change(str(value))
        return int(new) if new.lstrip("-").isdecimal() else new
    return value
