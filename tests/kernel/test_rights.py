"""A use-case asks for its permission itself, so that no page, command or job can forget it."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from webapp.kernel.audit import ANONYMOUS, trusted
from webapp.kernel.errors import NotAllowed
from webapp.kernel.permissions import EVERYTHING, NOTHING, Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.operators.access import GRANTED, permission_of
from webapp.operators.models import Role

ROOT = Path(__file__).parents[2] / "webapp"
FACES = {"views", "forms", "commands", "forms.py", "commands.py"}
PROGRAMS = {"__main__.py", "wsgi.py", "migrations"}
# Steps within the transaction of a use-case, or of a worker, that has asked.
STEPS = {
    "announce", "finish", "hear_doubt", "hear_end", "hear_opt_in", "hear_stop", "hold", "isolate",
    "join", "let_go", "note", "store_snapshot", "suspend", "wake", "withhold", "write_down",
}  # fmt: skip


def modules(*, in_faces: bool) -> Iterator[ModuleType]:
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if PROGRAMS & set(parts):
            continue
        if "views" in parts if in_faces else not FACES & set(parts):
            name = ".".join(("webapp", *parts)).removesuffix(".py").removesuffix(".__init__")
            yield importlib.import_module(name)


def functions(module: ModuleType) -> list[FunctionType]:
    found = [item for item in vars(module).values() if inspect.isfunction(item)]
    return [item for item in found if item.__module__ == module.__name__]


def use_cases_of(view: FunctionType, module: ModuleType) -> Iterator[FunctionType]:
    """What a function of a page calls with the runtime of its request."""
    for call in ast.walk(ast.parse(inspect.getsource(inspect.unwrap(view)))):
        if isinstance(call, ast.Call) and call.args and ast.unparse(call.args[0]) == "g.runtime":
            try:
                called = eval(ast.unparse(call.func), vars(module))
            except NameError:
                continue  # one of a table, which `tables` goes through
            if inspect.isfunction(called) and not FACES & set(called.__module__.split(".")):
                yield called


def tables(module: ModuleType) -> Iterator[FunctionType]:
    """What stands in a table of use-cases by their names."""
    for table in vars(module).values():
        for row in table.values() if isinstance(table, dict) else ():
            for item in row if isinstance(row, tuple) else (row,):
                if inspect.isfunction(item) and "runtime" in inspect.signature(item).parameters:
                    yield item


def asked(use_case: Callable[..., object]) -> Permission | None:
    return getattr(use_case, "permission", None)


def test_every_use_case_behind_a_page_asks_for_a_permission():
    silent = {
        f"{called.__module__}.{called.__name__}"
        for module in modules(in_faces=True)
        for view in functions(module)
        for called in (*use_cases_of(view, module), *tables(module))
        if asked(called) is None and called.__module__.split(".")[-2] != "views"
        and not called.__name__.startswith("_")
    }  # fmt: skip

    assert silent == set(), "write @requires(Permission...) above these"


def test_every_use_case_that_leaves_a_trace_in_the_audit_asks_for_a_permission():
    silent = {
        f"{module.__name__}.{item.__name__}"
        for module in modules(in_faces=False)
        for item in functions(module)
        if "runtime.record(" in inspect.getsource(item)
        and next(iter(inspect.signature(item).parameters), "") == "runtime"
        and not item.__name__.startswith("_")
        and item.__name__ not in STEPS
        and asked(item) is None
    }

    assert silent == set(), "write @requires(Permission...) above these"


def test_who_may_open_a_page_may_do_all_that_the_page_does():
    stuck = [
        f"{view.__module__}.{view.__name__} calls {called.__name__}"
        for module in modules(in_faces=True)
        for view in functions(module)
        for called in use_cases_of(view, module)
        if (needed := permission_of(view)) and asked(called)
        for role, granted in GRANTED.items()
        if needed in granted and asked(called) not in granted and role is not None
    ]

    assert stuck == []


@pytest.mark.parametrize("permission", sorted(EVERYTHING - NOTHING))
def test_a_use_case_does_nothing_for_who_lacks_its_permission(
    runtime: Runtime, permission: Permission
):
    done: list[str] = []
    use_case = requires(permission)(lambda _runtime, what: done.append(what))
    lacking = replace(trusted("test"), permissions=EVERYTHING - {permission})

    for actor in (ANONYMOUS, lacking):
        with pytest.raises(NotAllowed, match="Your role does not allow this"):
            use_case(runtime.acting_as(actor), "it")
    assert done == []

    use_case(runtime, "it")
    assert done == ["it"]


def test_each_role_may_all_that_the_one_below_it_may():
    below = [Role.VIEWER, Role.REVIEWER, Role.MARKETER, Role.ADMIN]

    for lower, higher in pairwise(below):
        assert GRANTED[lower] < GRANTED[higher]


def test_who_only_looks_takes_nobody_out_of_fanfare():
    may = {role for role, granted in GRANTED.items() if Permission.EXPORT in granted}

    assert may == {Role.MARKETER, Role.ADMIN}
