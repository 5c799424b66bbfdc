"""Where Home and the settings of the instance stand in the frame."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry
from webapp.kernel.permissions import Permission

ENTRIES = (
    Entry(
        endpoint="system.home",
        label=lazy_gettext("Home"),
        rank=10,
        icon="home",
        key="h",
        alone=True,
    ),
    Entry(
        endpoint="system.settings",
        label=lazy_gettext("General"),
        rank=10,
        under=("system.sandbox", "system.remove_sandbox"),
        alone=True,
        settings=True,
    ),
    Entry(
        endpoint="system.mail_page",
        label=lazy_gettext("Mail"),
        rank=38,
        alone=True,
        settings=True,
        needs=Permission.ADMIN,
    ),
    Entry(
        endpoint="system.plugins",
        label=lazy_gettext("Plugins"),
        rank=40,
        alone=True,
        settings=True,
        needs=Permission.ADMIN,
    ),
    Entry(
        endpoint="system.audit",
        label=lazy_gettext("Audit"),
        rank=50,
        alone=True,
        settings=True,
        needs=Permission.ADMIN,
    ),
    Entry(
        endpoint="system.health_page",
        label=lazy_gettext("System health"),
        rank=60,
        alone=True,
        settings=True,
    ),
)
