"""Where profiles stand in the frame, and the team's own fields in the settings."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry, Page
from webapp.kernel.permissions import Permission

ENTRIES = (
    Page(endpoint="profiles.index", label=lazy_gettext("Profiles"), of="audience.visitors"),
    Entry(
        endpoint="profiles.own_fields",
        label=lazy_gettext("Fields of profiles"),
        rank=35,
        under=("profiles.add_field", "profiles.remove_field"),
        alone=True,
        settings=True,
        needs=Permission.ADMIN,
    ),
)
