"""The people known from the channels: visitors, subscriptions, sync, inbox."""

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
        "consent": Command(
            at="commands.consent_files:consent",
            help="Take in answers of people, or write them out.",
        ),
        "visitor": Command(
            at="commands.visitors:visitor", help="Look at the people known from the channels."
        ),
        "words": Command(at="commands.words:words", help="Manage the words that end messages."),
    },
)
