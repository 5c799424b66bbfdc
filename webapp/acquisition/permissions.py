"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(Permission.VIEW, lazy_gettext("See the pages that ask people, and what came of them")),
    May(Permission.WRITE, lazy_gettext("Make such pages, put them online and close them")),
)
