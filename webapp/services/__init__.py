"""Connected accounts of a channel: settings, secrets, doctor, limits and prices."""

from webapp.kernel.domain import Command, Domain

DOMAIN = Domain(
    package=__name__,
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    retention="retention:RULES",
    commands={
        "service": Command(at="commands:service", help="Manage the connected accounts."),
    },
)
