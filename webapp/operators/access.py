"""Who may do what: a permission for every route, denied where none is declared."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from webapp.operators.models import Role

View = TypeVar("View", bound=Callable[..., object])


class Permission(StrEnum):
    """What a route needs; `PUBLIC` routes need no log-in."""

    PUBLIC = "public"
    VIEW = "view"
    APPROVE = "approve"
    WRITE = "write"
    ADMIN = "admin"


GRANTED: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.VIEW}),
    Role.REVIEWER: frozenset({Permission.VIEW, Permission.APPROVE}),
    Role.MARKETER: frozenset({Permission.VIEW, Permission.APPROVE, Permission.WRITE}),
    Role.ADMIN: frozenset(
        {Permission.VIEW, Permission.APPROVE, Permission.WRITE, Permission.ADMIN}
    ),
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
    return permission is Permission.PUBLIC or permission in GRANTED[role]
