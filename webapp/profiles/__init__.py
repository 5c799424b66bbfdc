"""Profiles: the contacts that the team owns, and which visitors they are."""

from webapp.kernel.domain import Command, Domain

DOMAIN = Domain(
    package=__name__,
    start="conditions:init",
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    additions="additions:ADDITIONS",
    retention="retention:RULES",
    commands={
        "profile": Command(
            at="commands:profile", help="Look at the contacts of the team, bring and take files."
        ),
    },
)
