"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(Permission.VIEW, lazy_gettext("See Home, the search and the state of the instance")),
    May(
        Permission.ADMIN, lazy_gettext("See the audit and the plugins; make and remove the sandbox")
    ),
)
