"""Inside a domain, imports go down: views, jobs and commands > forms > use-cases > models."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.domains import DOMAINS

ROOT = Path(__file__).parents[2]
NAMES = tuple(domain.package.removeprefix("webapp.") for domain in DOMAINS)
# What rows hold stands below the rows: their sentences, and the kinds of delivery.
RUNGS = {
    "views": 3,
    "jobs": 3,
    "commands": 3,
    "forms": 2,
    "sentences": 0,
    "kinds": 0,
    "models": 0,
}
USE_CASE = 1
WEB = {"flask", "flask_wtf", "flask_login", "wtforms", "rq", "htmx_flask"}
# What joins a domain to the web server or the queue; no use-case may stand on it.
GLUE = {
    "operators.auth": "stands before every request",
    "system.demo": "plays on a whole instance",
    "system.processes": "is around the application",
    "system.tasks": "collects what jobs run",
    "tracking.front": "stands before the application",
    "tracking.collector": "works beside the answers of a web process",
    "system.web": "joins the domains to the web server",
}
RQ_HOMES = ("webapp.kernel.processes.queue", "webapp.system.processes.worker", "webapp.cli")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for domain in NAMES
    for path in sorted((ROOT / "webapp" / domain).rglob("*.py"))
}


def place(module: str) -> tuple[str, str]:
    """The domain of a module, and the part of it: *views*, *models*, *editing*."""
    domain, _, rest = module.removeprefix("webapp.").partition(".")
    return domain, rest.split(".")[0]


def rung(module: str) -> int:
    domain, part = place(module)
    return 3 if f"{domain}.{part}" in GLUE else RUNGS.get(part, USE_CASE)


def imported(path: Path) -> Iterator[str]:
    """Every module that a file names in an import, also the names it takes from packages."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{item.name}" for item in node.names)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_nothing_above_it_in_its_domain(module: str):
    domain, part = place(module)

    above = [
        name
        for name in imported(MODULES[module])
        if name in MODULES and place(name)[0] == domain and place(name)[1] not in {"", part}
        if rung(name) > rung(module)
    ]

    assert above == []


@pytest.mark.parametrize("module", [name for name in MODULES if rung(name) <= USE_CASE])
def test_models_and_use_cases_know_neither_the_web_nor_the_queue(module: str):
    found = {name.split(".")[0] for name in imported(MODULES[module])}

    assert found & WEB == set()


def test_the_queue_s_library_stays_where_it_belongs():
    strays = [
        path.relative_to(ROOT)
        for path in sorted((ROOT / "webapp").rglob("*.py"))
        if "rq" in {name.split(".")[0] for name in imported(path)}
        and path.name != "jobs.py"
        and ".".join(path.relative_to(ROOT).with_suffix("").parts) not in RQ_HOMES
    ]

    assert strays == []


def test_what_is_called_glue_still_exists():
    assert {name for name in GLUE if f"webapp.{name}" not in MODULES} == set()
