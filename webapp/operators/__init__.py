"""The people who log in to Fanfare: log-in, roles, invitations, first run."""

from webapp.kernel.domain import Command, Domain

DOMAIN = Domain(
    package=__name__,
    start="auth:init",
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    retention="retention:RULES",
    commands={
        "operator": Command(at="commands:operator", help="Manage the people who log in."),
    },
)
