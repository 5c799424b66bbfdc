"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(Permission.VIEW, lazy_gettext("See what is stored about somebody")),
    May(Permission.WRITE, lazy_gettext("Write down that somebody wants to be erased")),
    May(Permission.EXPORT, lazy_gettext("Give somebody a copy of their data")),
    May(Permission.ADMIN, lazy_gettext("Erase people")),
)
