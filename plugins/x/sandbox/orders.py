"""Reads what an admin tells the sandbox to do."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NoReturn

from flask import Response, request

from plugins.x.sandbox.gate import sandbox, to_json, world
from plugins.x.sandbox.state import Account, Profile

Order = dict[str, Any]


def locked(view: Callable[..., Order]) -> Callable[..., Response]:
    """Let an admin's view run alone, and send what it returns as JSON."""

    @wraps(view)
    def answer(**arguments: str) -> Response:
        with sandbox().lock:
            try:
                return to_json(view(**arguments))
            except (WrongOrder, ValueError, TypeError) as wrong:
                return to_json({"error": str(wrong)}, 400)

    return answer


class WrongOrder(Exception):
    """An order that cannot be followed; its text says why."""


def refuse(sentence: str) -> NoReturn:
    """End the request with a 400 that says what was wrong with the order."""
    raise WrongOrder(sentence)


def order(*names: str) -> Order:
    """Return the order's members; refuse one that is not among `names`."""
    found = request.get_json(silent=True) if request.get_data() else {}
    if not isinstance(found, dict):
        refuse("An order is a JSON object.")
    strange = [name for name in found if name not in names]
    if strange:
        refuse(f"Unknown: {', '.join(strange)}. Known: {', '.join(names)}.")
    return found


def need(found: Order, name: str) -> Any:
    """Return a member that must be there."""
    if name not in found:
        refuse(f"{name} is missing.")
    return found[name]


def one_of(kinds: Iterable[str], value: str) -> str:
    """Return `value` if it is one of these."""
    known = [str(kind) for kind in kinds]
    if value not in known:
        refuse(f"{value} is unknown. Known: {', '.join(known)}.")
    return value


def account_of(found: Order) -> Account:
    """Return the account the order names by its handle."""
    profile = world().profile_named(str(need(found, "account")))
    if not isinstance(profile, Account):
        refuse(f"{found['account']} is no account of the sandbox.")
    return profile


def profile_of(value: Any) -> Profile:
    """Return the account or person with this id or handle."""
    text = str(value)
    profile = world().profile_named(text)
    if profile is None and text.isdecimal():
        profile = world().profile(int(text))
    if profile is None:
        refuse(f"Nobody is called {text}.")
    return profile
