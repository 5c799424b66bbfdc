"""Where the pages that ask people stand in the frame."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry

ENTRIES = (
    Entry(
        endpoint="acquisition.index",
        label=lazy_gettext("Acquisition"),
        rank=45,
        icon="user-heart",
        key="p",
    ),
)
