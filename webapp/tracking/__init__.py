"""Clicks: links of deliveries become short ones of this instance, and who follows them counts."""

from webapp.kernel.domain import Domain

DOMAIN = Domain(
    package=__name__,
    start="front:begin",
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    additions="additions:ADDITIONS",
    retention="retention:RULES",
)
