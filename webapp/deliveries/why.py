"""The links in a message that are its reader's own: why they got it, and how to end such messages.

Each holds the number of the message, signed with the key of the instance: nobody guesses one, and
nothing is stored for it. They work as long as the message is kept.
"""

import hashlib

from itsdangerous import BadSignature, Signer

from webapp.deliveries.drafts.content import STOP_LINK, WHY_LINK
from webapp.kernel.config import instance_files
from webapp.kernel.config.settings import Settings
from webapp.kernel.errors import Conflict
from webapp.kernel.web import links

PAGES = {WHY_LINK: "/why/", STOP_LINK: "/stop/"}
# As long as the number of any message.
LONGEST = 10**11
# The largest number of a row; a database refuses to look for a larger one, such as an example's.
LAST = 2**31 - 1


def address(settings: Settings, message_id: int, link: str = WHY_LINK) -> str:
    """Return the whole address of a message's page; empty where nobody can reach one.

    `link` is the token of the field that stands for it.
    """
    try:
        return links.link(settings, path(settings, message_id, link))
    except Conflict:
        return ""


def example(settings: Settings, link: str = WHY_LINK) -> str:
    """Return an address as long as any, for whoever measures or previews a text."""
    return address(settings, LONGEST, link)


def path(settings: Settings, message_id: int, link: str = WHY_LINK) -> str:
    """Return the address of a message's page within this instance."""
    return f"{PAGES[link]}{_signer(settings).sign(str(message_id)).decode()}"


def is_reached(settings: Settings, *, sandbox: bool) -> bool:
    """Tell whether readers can open such a page; of a sandbox they sit at this machine."""
    return bool(settings.public_url or (sandbox and example(settings)))


def message_of(settings: Settings, token: str) -> int | None:
    """Return the message that a link is about; nothing for one that this instance did not make."""
    try:
        number = _signer(settings).unsign(token).decode()
    except BadSignature:
        return None
    return int(number) if number.isdecimal() and int(number) <= LAST else None


def _signer(settings: Settings) -> Signer:
    key = instance_files.secret_key(settings)
    return Signer(key, salt="fanfare: why", key_derivation="hmac", digest_method=hashlib.sha256)
