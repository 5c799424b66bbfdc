"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(Permission.VIEW, lazy_gettext("See people and what they agreed to")),
    May(
        Permission.WRITE,
        lazy_gettext("Record that somebody agreed or wants no more; sort people into folders"),
    ),
    May(Permission.EXPORT, lazy_gettext("Take lists of people out as CSV")),
    May(Permission.ADMIN, lazy_gettext("Teach Fanfare the words by which people end messages")),
)
