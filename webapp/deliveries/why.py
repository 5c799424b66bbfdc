"""The links in a message that are its reader's own: why they got it, and how to end such messages.

Each holds the number of the message and a mark of its reader, signed with the key of the instance:
nobody guesses one, and nothing is stored for it. They work as long as the message is kept. The mark
is there because a database may give a number twice: once it was restored, or forgot the last rows.
Without it, a link that went out before would open the page of somebody else.
"""

import hashlib

from itsdangerous import BadSignature, Signer

from webapp.deliveries.drafts.content import STOP_LINK, WHY_LINK
from webapp.kernel.config import instance_files
from webapp.kernel.config.settings import Settings
from webapp.kernel.errors import Conflict
from webapp.kernel.web import links

PAGES = {WHY_LINK: "/why/", STOP_LINK: "/stop/"}
# Signs of the mark.
MARK = 8
# As long as the number of any message.
LONGEST = 10**11
# The largest number of a row; a database refuses to look for a larger one, such as an example's.
LAST = 2**31 - 1


def address(settings: Settings, message_id: int, remote_id: str, link: str = WHY_LINK) -> str:
    """Return the whole address of a message's page; empty where nobody can reach one.

    `remote_id` is its reader's, and `link` the token of the field that stands for it.
    """
    try:
        return links.link(settings, path(settings, message_id, remote_id, link))
    except Conflict:
        return ""


def example(settings: Settings, link: str = WHY_LINK) -> str:
    """Return an address as long as any, for whoever measures or previews a text."""
    return address(settings, LONGEST, "", link)


def path(settings: Settings, message_id: int, remote_id: str, link: str = WHY_LINK) -> str:
    """Return the address of a message's page within this instance."""
    told = f"{message_id}-{_mark(settings, remote_id)}"
    return f"{PAGES[link]}{_signer(settings).sign(told).decode()}"


def is_reached(settings: Settings, *, sandbox: bool) -> bool:
    """Tell whether readers can open such a page; of a sandbox they sit at this machine."""
    return bool(settings.public_url or (sandbox and example(settings)))


def message_of(settings: Settings, token: str) -> int | None:
    """Return the message that a link is about; nothing for one that this instance did not make."""
    number, _mark_of_reader = _told(settings, token)
    return int(number) if number.isdecimal() and int(number) <= LAST else None


def is_to(settings: Settings, token: str, remote_id: str) -> bool:
    """Tell whether the message of a link went to this person."""
    _number, mark = _told(settings, token)
    return mark == _mark(settings, remote_id)


def _told(settings: Settings, token: str) -> tuple[str, str]:
    """Return the number and the mark of a link; both are empty where nobody here signed it."""
    try:
        number, _dash, mark = _signer(settings).unsign(token).decode().partition("-")
    except BadSignature:
        return "", ""
    return number, mark


def _mark(settings: Settings, remote_id: str) -> str:
    made: bytes = _signer(settings, "fanfare: why, reader").get_signature(remote_id)
    return hashlib.sha256(made).hexdigest()[:MARK]


def _signer(settings: Settings, salt: str = "fanfare: why") -> Signer:
    key = instance_files.secret_key(settings)
    return Signer(key, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
