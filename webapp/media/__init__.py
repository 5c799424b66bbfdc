"""Media: the pictures that posts show, kept once each, and used by any delivery."""

from webapp.kernel.domain import Domain

DOMAIN = Domain(
    package=__name__,
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
)
