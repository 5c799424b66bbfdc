"""What the frame of every page shows: who is logged in, what needs attention, how the system is."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, request
from sqlalchemy.exc import DBAPIError

from webapp.kernel import navigation
from webapp.kernel.instance import Instance
from webapp.kernel.runtime import Runtime
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, grants
from webapp.operators.accounts.profile import LANGUAGES
from webapp.operators.auth import actor_of, current_operator
from webapp.operators.models import Operator
from webapp.system.web import layout


def init(app: Flask) -> None:
    """Offer the surroundings to every template."""
    app.context_processor(surroundings)


def surroundings() -> dict[str, Any]:
    """Return the names that the frame uses."""
    operator = current_operator()

    def allowed(permission: str) -> bool:
        return operator is not None and grants(operator.role, Permission(permission))

    shown: dict[str, Any] = {
        "current_operator": operator,
        "allowed": allowed,
        "spoken_languages": len(LANGUAGES),
        "places": places(allowed),
        "system": {},
        "waiting": {},
    }
    # Nothing is asked for the frame where none is shown.
    return shown if htmx.renders_fragment() else shown | _system(operator)


def places(allowed: Callable[[str], bool]) -> dict[str, Any]:
    """Return the entries that somebody may see, and under which of them and its pages this is."""
    instance: Instance = current_app.extensions["fanfare"]
    entries = instance.domains.navigation
    # A page of an error may be shown to somebody who is not logged in.
    shown = [item for item in entries if item.needs is Permission.VIEW or allowed(item.needs)]
    endpoint = request.endpoint or ""
    here = navigation.current(entries, endpoint)
    return {
        "main": [entry for entry in shown if not entry.settings],
        "settings": [entry for entry in shown if entry.settings],
        "here": here,
        "page": here and here.pages and (here.page(endpoint) or here.pages[0]),
    }


def _system(operator: Operator | None) -> dict[str, Any]:
    """Return what the frame tells; nothing to nobody, and while the database is down."""
    if operator is None or "runtime" not in g:
        return {}
    # A form that is refused before the gate was asked gets the frame of its operator, too.
    runtime: Runtime = g.runtime.acting_as(actor_of(operator))
    try:
        return {"system": layout.frame(runtime), "waiting": layout.waiting_for_operator(runtime)}
    except DBAPIError:
        # The page that says the database is down is drawn without them.
        return {}
