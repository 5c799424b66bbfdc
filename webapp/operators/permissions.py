"""What each permission lets people do here, as the page of operators says it."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.permissions import May, Permission

PERMISSIONS = (
    May(
        Permission.VIEW,
        lazy_gettext("Log in, and change what is one’s own: name, password, sessions"),
    ),
    May(Permission.ADMIN, lazy_gettext("Invite operators, change their roles, end their sessions")),
)
