"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(Permission.VIEW, lazy_gettext("See the pictures of posts")),
    May(Permission.WRITE, lazy_gettext("Bring pictures, say what they show, and delete them")),
)
