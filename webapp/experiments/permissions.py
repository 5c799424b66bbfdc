"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(Permission.VIEW, lazy_gettext("See experiments and their verdicts")),
    May(Permission.WRITE, lazy_gettext("Plan an experiment")),
)
