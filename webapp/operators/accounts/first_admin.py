"""Tells the domains above that the first administrator came.

They stand above this one and so cannot be called from it: they add to `FIRST_ADMIN`. What they
add is called after the operator was committed.
"""

from webapp.kernel.panels import Place
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator

FIRST_ADMIN: Place[[Operator], None] = Place("operators/first_admin")


def tell(runtime: Runtime, operator: Operator) -> None:
    """Tell every listener who came."""
    FIRST_ADMIN.ask(runtime, operator)
