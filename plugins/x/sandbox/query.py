"""Reads the query of a request as strictly as X does, and makes paging tokens."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zlib import crc32

from flask import g, request

from plugins.x.sandbox.answers import invalid

_IDENTIFIER = re.compile(r"[0-9]{1,19}")
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_TOKEN = re.compile(r"[0-9a-f]{24}")


def listed(names: str) -> tuple[str, ...]:
    """Split the names of a list that would be too long with a quote around each."""
    return tuple(names.split())


def only(*allowed: str) -> None:
    """Refuse a query parameter that this endpoint does not know."""
    known = [name for name in allowed if name not in g.get("unknown_names", ())]
    for name, value in request.args.items():
        if name not in known:
            raise invalid(
                name, value, f"The query parameter [{name}] is not one of [{','.join(known)}]"
            )


def number(name: str, default: int, *, low: int, high: int) -> int:
    """Return a whole number between `low` and `high`."""
    value = request.args.get(name)
    if value is None:
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        raise invalid(
            name,
            value,
            f"The `{name}` query parameter value [{value}] is not between {low} and {high}",
        )
    return int(value)


def is_first_page() -> bool:
    """Tell whether the request names no place to go on from."""
    return "pagination_token" not in request.args


def words(name: str, allowed: Iterable[str] | None = None) -> list[str]:
    """Return the words of a comma-separated parameter, none when it is missing."""
    found = [word for word in request.args.get(name, "").split(",") if word]
    known = set(allowed) if allowed is not None else None
    for word in found:
        if known is not None and word not in known:
            raise invalid(
                name,
                word,
                f"The `{name}` query parameter value [{word}] is not one of "
                f"[{','.join(sorted(known))}]",
            )
    return found


def many(name: str) -> list[str]:
    """Return the 1 to 100 ids or handles of a required parameter."""
    found = words(name)
    if not 1 <= len(found) <= 100:  # noqa: PLR2004 - X's own bounds for lookups
        raise invalid(
            name,
            request.args.get(name, ""),
            f"The number of values in the `{name}` query "
            f"parameter list [{len(found)}] is not between 1 and 100",
        )
    return [username(value) if name == "usernames" else str(identifier(value)) for value in found]


def identifier(value: str, name: str = "id") -> int:
    """Return an id as a number; refuse what is none."""
    if not _IDENTIFIER.fullmatch(value):
        raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not valid")
    return int(value)


def username(value: str) -> str:
    """Return a handle; refuse what X could not have given to anybody."""
    if not _USERNAME.fullmatch(value):
        pattern = "^[A-Za-z0-9_]{1,15}$"
        raise invalid(
            "username",
            value,
            f"The `username` query parameter value [{value}] does not match {pattern}",
        )
    return value


def moment(name: str) -> datetime | None:
    """Return an instant, or nothing when it is missing."""
    value = request.args.get(name)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = datetime.min  # noqa: DTZ901 - naive on purpose: refused below
    if found.tzinfo is None:
        raise invalid(
            name, value, f"The `{name}` query parameter value [{value}] is not an RFC3339 date-time"
        )
    return found


def token_for(listing: str, position: int) -> str:
    """Return the paging token of a place in a listing."""
    return f"{position:016x}{crc32(f'{listing}:{position}'.encode()):08x}"


def position(listing: str) -> int | None:
    """Return the place the request's paging token stands for, or nothing on a first page."""
    value = request.args.get("pagination_token")
    if value is None:
        return None
    if _TOKEN.fullmatch(value):
        place = int(value[:16], 16)
        if token_for(listing, place) == value:
            return place
    raise invalid(
        "pagination_token",
        value,
        f"The `pagination_token` query parameter value [{value}] is not valid",
    )


def body(allowed: Iterable[str]) -> dict[str, Any]:
    """Return the JSON object of the request; refuse a member X does not know."""
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise invalid("body", "", "Requests with a body must be a JSON object")
    known = set(allowed)
    for name in found:
        if name not in known:
            raise invalid(f"$.{name}", "", f"The `$.{name}` property is not defined")
    return found


def text_of(found: dict[str, Any]) -> str:
    """Return the text of a body, empty when there is none; refuse what is no text."""
    text = found.get("text", "")
    if not isinstance(text, str):
        raise invalid("$.text", str(text), "The `$.text` property is not a string")
    return text
