"""What the console says while an instance has no administrator yet."""

import urllib.request

from webapp.kernel.config.settings import Settings
from webapp.operators.accounts import setup_token


def invitation(settings: Settings, url: str) -> str:
    """Return the link that creates the administrator; empty once there is one.

    The web pages are asked, for this process must not open the database.
    """
    try:
        with urllib.request.urlopen(f"{url}{setup_token.PAGE}", timeout=5) as answer:  # noqa: S310 - our own
            open_to_all = str(answer.url).endswith(setup_token.PAGE)
    except OSError:
        return ""
    if not open_to_all:
        return ""
    return f"Create the administrator at {setup_token.link(settings)}\n"
