"""Every request that changes something leaves an audit entry, as far as its code can tell."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from flask import Flask

from tests.meta.test_routes import own_rules

RECORDS = re.compile(r"([a-z_.]*\.)?runtime(\.acting_as\(.*\))?\.record", re.DOTALL)
# These store nothing that belongs to the instance.
NO_CHANGE: dict[str, str] = {
    "acquisition.public_start": "keeps a sign-in that somebody began, for minutes",
    "deliveries.events": "keeps what a network told; what follows is recorded when it is applied",
    "system.try_mail": "sends a mail to whoever asks, and keeps nothing",
    "tracking.report": "keeps what the target of a link told, which is a row of its own",
    "operators.strength": "looks at a password that is typed",
    "services.sign_in": "nothing of an account changes before somebody comes back",
    "services.sign_in_again": "nothing of an account changes before somebody comes back",
    "services.try_out": "checks keys that are typed, and keeps nothing",
    "deliveries.preview_template": "looks at a text that is typed",
}


def names_of(code: CodeType) -> Iterator[str]:
    """Every name that a function uses, also within what it defines."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from names_of(inner)


def ours(thing: Any) -> bool:
    home = thing.__name__ if isinstance(thing, ModuleType) else getattr(thing, "__module__", "")
    return str(home).startswith("webapp.")


def used_by(function: FunctionType) -> Iterator[FunctionType]:
    """The functions of ours that `function` may call: by name, or as members of what it names."""
    names = set(names_of(function.__code__))
    found = [function.__globals__.get(name) for name in names]
    tables = [item for thing in found if isinstance(thing, dict) for item in thing.values()]
    listed = [item for row in tables if isinstance(row, tuple) for item in row]
    for thing in [*found, *tables, *listed]:
        if thing is None or not ours(thing):
            continue
        if isinstance(thing, ModuleType | type):
            members = (inspect.getattr_static(thing, name, None) for name in names)
            plain = (inspect.unwrap(item) for item in members if isinstance(item, FunctionType))
            yield from (item for item in plain if isinstance(item, FunctionType))
        elif callable(thing) and isinstance(plain := inspect.unwrap(thing), FunctionType):
            yield plain


def calls_record(function: FunctionType) -> bool:
    """Whether the code says `runtime.record(...)`; other things have a `record` of their own."""
    # The source of a lambda is the line it stands on, which is no code of its own.
    if function.__name__ == "<lambda>" or not (ours(function) or function is writes_an_outcome):
        return False
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    called = [ast.unparse(item.func) for item in ast.walk(tree) if isinstance(item, ast.Call)]
    return any(RECORDS.fullmatch(text) for text in called)


def records(function: FunctionType) -> bool:
    seen: set[FunctionType] = set()
    waiting = [inspect.unwrap(function)]
    while waiting:
        one = waiting.pop()
        if calls_record(one):
            return True
        seen.add(one)
        waiting += [item for item in used_by(one) if item not in seen]
    return False


def test_every_request_that_changes_something_records_who_did_it(app: Flask):
    silent = {
        rule.endpoint
        for rule in own_rules(app)
        if (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        and rule.endpoint not in NO_CHANGE
        and not records(app.view_functions[rule.endpoint])
    }

    assert silent == set(), "call runtime.record(...) in the use-case, or say why not in NO_CHANGE"


@pytest.mark.parametrize("endpoint", ["system.home", "audience.visitors", "deliveries.show"])
def test_a_request_that_only_looks_records_nothing(app: Flask, endpoint: str):
    assert not records(app.view_functions[endpoint])


def test_a_record_of_another_kind_is_no_audit_entry():
    assert not calls_record(writes_an_outcome)


def writes_an_outcome(outcomes: Any) -> None:
    """A function that records, but in no audit."""
    outcomes.record("sent")


def test_what_is_let_off_still_exists(app: Flask):
    assert set(NO_CHANGE) <= set(app.view_functions)
