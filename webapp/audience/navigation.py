"""Where the people stand in the frame, and the words that end messages in the settings."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry, Page
from webapp.kernel.permissions import Permission

ENTRIES = (
    Entry(
        endpoint="audience.visitors",
        label=lazy_gettext("Audience"),
        rank=30,
        icon="users",
        key="a",
        pages=(
            Page(endpoint="audience.visitors", label=lazy_gettext("Visitors")),
            Page(
                endpoint="audience.consents",
                label=lazy_gettext("Consents"),
                under=(
                    "audience.bring_consents",
                    "audience.show_consents",
                    "audience.map_consents",
                    "audience.start_consents",
                ),
            ),
        ),
    ),
    Entry(
        endpoint="audience.own_words",
        label=lazy_gettext("Words that end messages"),
        rank=30,
        under=("audience.add_word", "audience.remove_word"),
        alone=True,
        settings=True,
        needs=Permission.ADMIN,
    ),
)
