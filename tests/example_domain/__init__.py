"""A whole domain as small as it can be: reminders, which one line in a list adds to the product."""

from webapp.kernel.domain import Command, Domain

DOMAIN = Domain(
    package=__name__,
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    additions="additions:ADDITIONS",
    tasks="tasks:TASKS",
    commands={"reminder": Command(at="commands:reminder", help="Look at the reminders.")},
)
