"""Acquisition: pages where people sign in, and share what they choose to."""

from webapp.kernel.domain import Domain

DOMAIN = Domain(
    package=__name__,
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    additions="additions:ADDITIONS",
    retention="retention:RULES",
)
