"""Technical jobs with a schedule, their runs and journals."""

from webapp.kernel.domain import Command, Domain

DOMAIN = Domain(
    package=__name__,
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    retention="retention:RULES",
    commands={
        "workflow": Command(at="commands:workflow", help="Manage the technical jobs."),
    },
)
