"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(Permission.VIEW, lazy_gettext("See who followed which link")),
    May(Permission.WRITE, lazy_gettext("Decide which links are counted")),
    May(Permission.EXPORT, lazy_gettext("Take clicks out as CSV")),
    May(Permission.ADMIN, lazy_gettext("Choose the addresses that links lead through")),
)
