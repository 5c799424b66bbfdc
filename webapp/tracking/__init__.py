"""Clicks: links of deliveries become short ones of this instance, and who follows them counts."""

from webapp.kernel.domain import Command, Domain

DOMAIN = Domain(
    package=__name__,
    start="front:begin",
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    additions="additions:ADDITIONS",
    retention="retention:RULES",
    commands={
        "link": Command(at="commands:link", help="Look at links, choose whether clicks count."),
        "clicks": Command(at="commands:clicks", help="Look at the clicks of deliveries."),
    },
)
