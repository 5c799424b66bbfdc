"""What the frame of every page shows: who is logged in, what needs attention, how the system is."""

from typing import Any

from flask import Flask, g
from sqlalchemy.exc import DBAPIError

from webapp.kernel.runtime import Runtime
from webapp.operators.access import Permission, grants
from webapp.operators.accounts.profile import LANGUAGES
from webapp.operators.auth import actor_of, current_operator
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
    }
    if operator is not None and "runtime" in g:
        # A form that is refused before the gate was asked gets the frame of its operator, too.
        shown |= _system(g.runtime.acting_as(actor_of(operator)))
    return shown


def _system(runtime: Runtime) -> dict[str, Any]:
    try:
        return {"system": layout.frame(runtime), "nav": layout.counts(runtime)}
    except DBAPIError:
        # The page that says the database is down is drawn without them.
        return {}
