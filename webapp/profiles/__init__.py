"""Profiles: the contacts that the team owns, and which visitors they are."""

from webapp.kernel.domain import Domain

DOMAIN = Domain(
    package=__name__,
    blueprint="views:blueprint",
    navigation="navigation:ENTRIES",
    additions="additions:ADDITIONS",
)
