"""What a request says, piece by piece, so that two requests can be compared."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from channels.testing.wire import Answer, Exchange, Fault

FORM = "application/x-www-form-urlencoded"
Said = Mapping[str, str]


def said_by(exchange: Exchange) -> dict[str, str]:
    """Return each piece of a request by its place; what is empty says nothing."""
    address = urlsplit(exchange.url)
    pieces = {"method": exchange.method, "host": address.netloc}
    pieces |= {f"path {n}": unquote(text) for n, text in enumerate(address.path.split("/"))}
    pieces |= dict(_pairs("query", address.query))
    return {place: text for place, text in (pieces | dict(_body(exchange))).items() if text}


def _pairs(name: str, text: str) -> Iterator[tuple[str, str]]:
    for number, (key, value) in enumerate(parse_qsl(text)):
        yield f"{name} {key} {number}", value


def _body(exchange: Exchange) -> Iterator[tuple[str, str]]:
    if exchange.json is not None:
        yield from leaves(exchange.json, "body")
    elif FORM in str(exchange.headers.get("Content-Type", "")):
        yield from _pairs("body", exchange.body.decode("utf-8", "replace"))
    else:
        yield "body", exchange.body.decode("utf-8", "replace")


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text, number and flag of a JSON value with its place."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from leaves(item, f"{place} {name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from leaves(item, f"{place} {number}")
    elif value is not None:
        yield place, str(value)


def news(plain: Said, changed: Said) -> Iterator[str]:
    """Yield what one request says and another does not, or not at that place."""
    yield from (text for place, text in changed.items() if plain.get(place) != text)


def core_of(answers: Iterable[Answer | Fault], remote_id: str) -> str:
    """Return the longest text of answers that an id holds; the id itself where none is.

    A channel may put a word before the network's own id, which is what a request names.
    """
    bodies = [item.json for item in answers if isinstance(item, Answer)]
    held = [text for body in bodies for _place, text in leaves(body) if text and text in remote_id]
    return max(held, key=len, default=remote_id)
