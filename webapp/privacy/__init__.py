"""What people may ask of whoever stores them: a copy of their data, and to be erased."""

from webapp.kernel.domain import Command, Domain

DOMAIN = Domain(
    package=__name__,
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    additions="additions:ADDITIONS",
    retention="retention:RULES",
    commands={
        "privacy": Command(
            at="commands:privacy", help="Give people a copy of their data, or erase them."
        ),
    },
)
