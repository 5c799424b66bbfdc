"""Deliveries: templates, content, target, proofs, analysis, and the send ledger."""

from webapp.kernel.domain import Command, Domain

DOMAIN = Domain(
    package=__name__,
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    additions="additions:ADDITIONS",
    tasks="tasks:TASKS",
    retention="retention:RULES",
    commands={
        "delivery": Command(at="commands:delivery", help="Make, prove and send deliveries."),
    },
)
