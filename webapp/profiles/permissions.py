"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(Permission.VIEW, lazy_gettext("See profiles")),
    May(Permission.WRITE, lazy_gettext("Write, import and join profiles")),
    May(Permission.EXPORT, lazy_gettext("Take profiles out as CSV")),
    May(Permission.ADMIN, lazy_gettext("Choose which fields profiles have")),
)
