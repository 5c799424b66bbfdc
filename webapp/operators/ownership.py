"""Who may look after an operator: they themselves, and administrators."""

from webapp.kernel.permissions import Permission
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator


def require_own(runtime: Runtime, operator: Operator) -> None:
    """Raise `NotAllowed` for who is neither that operator nor an administrator."""
    own = operator.id == runtime.actor.operator_id
    runtime.require(Permission.VIEW if own else Permission.ADMIN)
