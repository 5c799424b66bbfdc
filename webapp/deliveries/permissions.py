"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(Permission.VIEW, lazy_gettext("See deliveries and what came of them")),
    May(Permission.APPROVE, lazy_gettext("Approve a proof")),
    May(Permission.WRITE, lazy_gettext("Write a delivery, send it, pause and stop it")),
    May(Permission.EXPORT, lazy_gettext("Take logs out as CSV")),
    May(Permission.ADMIN, lazy_gettext("Answer for writing to all subscribers")),
)
