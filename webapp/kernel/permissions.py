"""What somebody may do; a route, and each use-case behind it, asks for one of these."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Permission(StrEnum):
    """What is asked of whoever acts; `PUBLIC` asks for nothing."""

    PUBLIC = "public"
    VIEW = "view"
    APPROVE = "approve"
    # To take people out of Fanfare, where nothing of it can hold them back any more.
    EXPORT = "export"
    WRITE = "write"
    ADMIN = "admin"


NOTHING: frozenset[Permission] = frozenset({Permission.PUBLIC})
EVERYTHING = frozenset(Permission)


@dataclass(frozen=True, slots=True)
class May:
    """What a permission lets people do in one domain, in words that are translated when shown."""

    permission: Permission
    words: Any
