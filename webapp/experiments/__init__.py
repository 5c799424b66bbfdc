"""Experiments: which text brings more, proved by a plan that was sealed before it was sent."""

from webapp.kernel.domain import Command, Domain

DOMAIN = Domain(
    package=__name__,
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    additions="additions:ADDITIONS",
    commands={
        "experiment": Command(at="commands:experiment", help="Look at experiments, verify them."),
    },
)
