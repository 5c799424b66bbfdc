"""Tells the domains above that the first administrator came.

They stand above this one and so cannot be called from it: the application adds their listeners.
A listener is called after the operator was committed.
"""

from collections.abc import Callable

from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator

Listener = Callable[[Runtime, Operator], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call `listener` once there is a first administrator; adding it again changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(runtime: Runtime, operator: Operator) -> None:
    """Tell every listener who came."""
    for listener in _listeners:
        listener(runtime, operator)
