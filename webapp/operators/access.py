"""Who may do what: a permission for every route, denied where none is declared."""

from collections.abc import Callable
from typing import TypeVar

from webapp.kernel.permissions import EVERYTHING, Permission
from webapp.operators.models import Role

__all__ = ["GRANTED", "Permission", "grants", "needs", "permission_of"]

View = TypeVar("View", bound=Callable[..., object])


LOOKS = frozenset({Permission.PUBLIC, Permission.VIEW})
APPROVES = LOOKS | {Permission.APPROVE}
GRANTED: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: LOOKS,
    Role.REVIEWER: APPROVES,
    Role.MARKETER: APPROVES | {Permission.WRITE, Permission.EXPORT},
    Role.ADMIN: EVERYTHING,
}


def needs(permission: Permission) -> Callable[[View], View]:
    """Declare what a view needs; a view without this decorator is denied to everybody."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # read by the gate
        return view

    return mark


def permission_of(view: Callable[..., object] | None) -> Permission | None:
    """Return what `view` declared, a plugin's by its word; or nothing."""
    declared = getattr(view, "permission", None)
    return Permission(declared) if declared in set(Permission) else None


def grants(role: Role, permission: Permission) -> bool:
    """Tell whether `role` holds `permission`."""
    return permission in GRANTED[role]
