"""Reports: what came of an account and of its deliveries, beside what was before."""

from webapp.kernel.domain import Command, Domain

DOMAIN = Domain(
    package=__name__,
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    additions="additions:ADDITIONS",
    tasks="tasks:TASKS",
    commands={
        "report": Command(at="commands:report", help="Print reports of accounts and deliveries."),
    },
)
