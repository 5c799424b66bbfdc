"""Links for people: they begin with an address the operator of the instance chose.

A request names any host it likes, so a link made of it could lead a guest to a stranger's page.
"""

import ipaddress

from webapp.kernel.config.settings import Settings
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _


def link(settings: Settings, path: str) -> str:
    """Return the whole address of a page; raise `Conflict` where nobody said how it begins."""
    return f"{base(settings)}{path}"


def base(settings: Settings) -> str:
    """Return what links begin with; raise `Conflict` unless it is set or this machine alone."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    if is_loopback(settings.host):
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        return f"http://{host}:{settings.port}"
    raise Conflict(
        _(
            "Fanfare does not know how others reach it, so it can make no link for them. Set "
            "FANFARE_PUBLIC_URL to the address that people open, then start it again."
        )
    )


def is_loopback(host: str) -> bool:
    """Tell whether a server that listens on `host` is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
