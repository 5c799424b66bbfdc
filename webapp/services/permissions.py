"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(Permission.VIEW, lazy_gettext("See accounts with their limits and costs")),
    May(Permission.WRITE, lazy_gettext("Check whether an account can send")),
    May(
        Permission.ADMIN, lazy_gettext("Connect and remove accounts, change their keys and budgets")
    ),
)
